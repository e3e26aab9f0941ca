using System.Text.Json.Serialization;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Admin;

// What the operator reads about accounts. Money, prices and quantities are decimal text; times are Unix milliseconds.

/// <summary>An account of the directory.</summary>
/// <param name="ExchangeAccount">The account of the exchange behind it now.</param>
/// <param name="Since">Wall clock of the last reset, or of the creation.</param>
public sealed record AccountItem(
    long Number, string Name, string Status, long Created, long Since, int ExchangeAccount, IReadOnlyList<PastItem> Past)
{
    public static AccountItem Of(AccountRecord r) => new(
        r.Number, r.Name, r.Status.ToString(), r.Created, r.Since, r.Account.Value,
        [.. r.Past.Select(p => new PastItem(p.Account.Value, p.Retired, p.IsClosed))]);
}

/// <summary>An account of the exchange that was left behind; not closed: it is being wound up.</summary>
public sealed record PastItem(int ExchangeAccount, long Retired, bool IsClosed);

public sealed record AccountList(IReadOnlyList<AccountItem> Accounts, long? Next);

/// <summary>An account with its figures. Figures are null once it is closed.</summary>
public sealed record AccountDetail(AccountItem Account, AccountFigures? Figures);

/// <param name="Equity">Margin balance of the cross pool and of all isolated legs.</param>
/// <param name="MarginRatio">Maintenance margin / margin balance of the cross pool; null where there is nothing to maintain, "Infinity" without equity.</param>
public sealed record AccountFigures(
    long Time, bool Hedge, string MakerFee, string TakerFee, bool IsFrozen, bool InLiquidation, IReadOnlyList<BalanceItem> Balances, string Wallet,
    string Equity, string CrossEquity, string UnrealizedProfit, string InitialMargin, string OrderMargin, string MaintenanceMargin,
    string Available, string Withdrawable, string? MarginRatio, int Positions, int OpenOrders, int ConditionalOrders)
{
    public static AccountFigures Of(VenueProfile profile, AccountSnapshot s) => new(
        s.Time.Milliseconds, s.IsHedge, s.MakerFee.ToString(), s.TakerFee.ToString(), s.IsFrozen, s.InLiquidation,
        [.. s.Balances.Select(b => new BalanceItem(AdminText.AssetName(profile, b.Asset), b.Wallet.ToString(), b.Collateral.ToString()))],
        Equities.Wallet(s).ToString(), Equities.Total(s).ToString(), s.CrossEquity.ToString(), Equities.UnrealizedProfit(s).ToString(),
        s.CrossInitial.ToString(), s.OrderInitial.ToString(), s.CrossMaintenance.ToString(), s.Available.ToString(), s.Withdrawable.ToString(),
        Equities.RatioText(s.CrossMaintenance, s.CrossEquity), s.Legs.Count(l => !l.Quantity.IsZero), s.Orders.Count, s.Triggers.Count);
}

public sealed record BalanceItem(string Asset, string Wallet, string Collateral);

public sealed record PositionItem(
    string Symbol, string Side, string Mode, int Leverage, string Quantity, string? EntryPrice, string Mark, string Notional, string UnrealizedProfit,
    string InitialMargin, string MaintenanceMargin, string? IsolatedWallet, string? LiquidationPrice, int DeleverageQuantile, long Updated)
{
    public static PositionItem Of(VenueProfile profile, LegSnapshot l)
    {
        MarketSpec m = profile[l.Market];
        return new PositionItem(
            m.Symbol, l.Side.ToString(), l.Mode.ToString(), l.Leverage, m.Format(l.Quantity), Entry(m, l), m.Format(l.Mark), l.Notional.ToString(),
            l.UnrealizedProfit.ToString(), l.PositionInitial.ToString(), l.Maintenance.ToString(),
            l.Mode == MarginMode.Isolated ? l.IsolatedWallet.ToString() : null, l.LiquidationPrice.IsNone ? null : m.Format(l.LiquidationPrice),
            l.DeleverageQuantile, l.UpdatedAt.Milliseconds);
    }

    // The entry price is derived for people: the nearest price unit.
    private static string? Entry(MarketSpec m, LegSnapshot l) =>
        l.Quantity.IsZero ? null : m.Format(new Price(l.OpenCost.E8 / (l.Quantity.Lots * m.AmountPerUnitLot)));
}

/// <summary>An open order, or a conditional one that waits (then it has a trigger price or a callback rate).</summary>
public sealed record OrderItem(
    long Id, string Symbol, string Side, string PositionSide, string Type, string TimeInForce, string Quantity, string Filled, string? Price,
    string? TriggerPrice, string? CallbackRate, bool ReduceOnly, string ClientOrderId, long Created)
{
    public static OrderItem Of(VenueProfile profile, OpenOrderSnapshot o) => new(
        o.Id.Value, profile[o.Market].Symbol, o.Side.ToString(), o.PositionSide.ToString(), o.Type.ToString(), o.TimeInForce.ToString(),
        profile[o.Market].Format(o.Quantity), profile[o.Market].Format(o.Filled), profile[o.Market].Format(o.Price), null, null,
        (o.Flags & OrderFlags.ReduceOnly) != 0, o.ClientOrderId.ToString(), o.CreatedAt.Milliseconds);

    public static OrderItem Of(VenueProfile profile, OpenTriggerSnapshot o) => new(
        o.Id.Value, profile[o.Market].Symbol, o.Side.ToString(), o.PositionSide.ToString(), o.Type.ToString(), o.TimeInForce.ToString(),
        profile[o.Market].Format(o.Quantity), "0", o.Price.IsNone ? null : profile[o.Market].Format(o.Price),
        o.TriggerPrice.IsNone ? null : profile[o.Market].Format(o.TriggerPrice), o.CallbackRate.E8 == 0 ? null : o.CallbackRate.ToString(),
        (o.Flags & (OrderFlags.ReduceOnly | OrderFlags.ClosePosition)) != 0, o.ClientOrderId.ToString(), o.CreatedAt.Milliseconds);
}

public sealed record PositionList(long Time, IReadOnlyList<PositionItem> Positions);

public sealed record OrderList(long Time, IReadOnlyList<OrderItem> Orders);

/// <param name="ApiKey">What the client sends along; its secret was given out when it was made and is not shown again.</param>
public sealed record KeyItem(
    string ApiKey, long Account, long Created, string Label, IReadOnlyList<KeyScopeName> Scopes, long? Expires, IReadOnlyList<string> Addresses,
    bool Unlimited)
{
    public static KeyItem Of(ApiKeyRecord r) => new(
        r.ApiKey, r.Number, r.Created, r.Terms.Label,
        [.. Enum.GetValues<KeyScopeName>().Where(s => r.Terms.Scopes.HasFlag((KeyScopes)s))], r.Terms.Expires, r.Terms.Addresses, r.Terms.Unlimited);
}

public sealed record NewKeyItem(string ApiKey, string Secret, KeyItem Key)
{
    public static NewKeyItem Of(NewApiKey key) => new(key.Record.ApiKey, key.Secret, KeyItem.Of(key.Record));
}

public sealed record KeyList(IReadOnlyList<KeyItem> Keys);

public sealed record NewAccount(AccountItem Account, NewKeyItem? Key);

[JsonConverter(typeof(JsonStringEnumConverter<KeyScopeName>))]
public enum KeyScopeName
{
    Read = KeyScopes.Read,
    Trade = KeyScopes.Trade,
    Withdraw = KeyScopes.Withdraw,
}
