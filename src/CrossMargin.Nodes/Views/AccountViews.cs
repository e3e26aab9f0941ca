using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Views;

/// <summary>Copies accounts between two of their steps. Their figures are the engine's own. Used by one thread at a time.</summary>
/// <param name="profile">The venue.</param>
/// <param name="quantile">
/// The place of a leg with a position in the deleveraging queue, 0 to 4; null where the other holders are not at hand: then it is 0.
/// </param>
public sealed class AccountViews(VenueProfile profile, Func<AccountState, int, int>? quantile = null)
{
    private PriceTable _prices = null!;

    /// <summary>
    /// One open order by id, or by its client's name where the id is none; null where there is none, or where it was a conditional one.
    /// </summary>
    public static OpenOrderSnapshot? OrderOf(AccountState state, MarketId market, OrderId order, in ClientOrderId name)
    {
        if (order.IsNone && name.IsNone) return null;
        for (int i = 0; i < state.Orders.Count; i++)
        {
            ref readonly OpenOrder o = ref state.Orders.Orders[i];
            bool fits = order.IsNone ? state.Orders.ClientIdAt(i) == name : o.Id == order;
            if (fits && o.Market == market && o.Algo.IsNone) return OrderAt(state, i);
        }

        return null;
    }

    /// <summary>Whether the account has conditional orders, or open orders that were such.</summary>
    public static bool HasConditionals(AccountState state)
    {
        if (state.Triggers is { Count: > 0 }) return true;
        for (int i = 0; i < state.Orders.Count; i++)
        {
            if (!state.Orders.Orders[i].Algo.IsNone) return true;
        }

        return false;
    }

    /// <summary>The account at these prices; null where it was never opened.</summary>
    public AccountSnapshot? Of(AccountState state, PriceTable prices, long sequence, Timestamp now)
    {
        if (!state.IsOpen && state.Status != AccountStatus.Closed) return null;
        _prices = prices;
        AccountFigures figures = AccountMargin.Figures(state, prices);
        LegSnapshot[] legs = Legs(state);
        Amount profit = Amount.Zero;
        foreach (LegSnapshot leg in legs)
        {
            if (leg.Mode == MarginMode.Cross) profit += leg.UnrealizedProfit;
        }

        return new AccountSnapshot
        {
            Id = state.Id,
            Sequence = sequence,
            Time = now,
            IsHedge = state.IsHedge,
            MakerFee = state.MakerFee,
            TakerFee = state.TakerFee,
            IsFrozen = state.IsFrozen,
            IsClosed = state.Status == AccountStatus.Closed,
            InLiquidation = state.Liquidations is { Count: > 0 },
            Balances = Balances(state),
            CrossWallet = state.CrossWallet,
            CrossEquity = figures.Equity,
            CrossUnrealizedProfit = profit,
            CrossMaintenance = figures.Maintenance,
            CrossInitial = figures.Initial,
            OrderInitial = figures.Orders,
            Available = figures.Available,
            Withdrawable = AccountMargin.Withdrawable(state, prices),
            UpdatedAt = state.UpdatedAt,
            Legs = legs,
            Markets = Settings(state),
            Orders = Orders(state),
            Triggers = Triggers(state),
        };
    }

    private LegSnapshot[] Legs(AccountState state)
    {
        LegTable legs = state.Legs;
        int count = 0;
        for (int i = 0; i < legs.Count; i++) count += IsShown(legs, i) ? 1 : 0;
        if (count == 0) return [];
        var shown = new LegSnapshot[count];
        count = 0;
        for (int i = 0; i < legs.Count; i++)
        {
            if (IsShown(legs, i)) shown[count++] = Of(state, i);
        }

        return shown;
    }

    private static bool IsShown(LegTable legs, int i) =>
        !legs[i].Quantity.IsZero || !legs[i].IsolatedWallet.IsZero || legs.OrdersAt(i).Count > 0;

    private LegSnapshot Of(AccountState state, int i)
    {
        ref readonly Leg leg = ref state.Legs[i];
        MarketSpec spec = profile[leg.Market];
        Price mark = _prices.Mark(leg.Market);
        Amount value = spec.Notional(mark, leg.Quantity);
        bool holds = !leg.Quantity.IsZero;
        return new LegSnapshot
        {
            Market = leg.Market,
            Side = leg.Side,
            Mode = leg.Mode,
            Leverage = leg.Leverage,
            Quantity = leg.Quantity,
            OpenCost = leg.OpenCost,
            IsolatedWallet = leg.IsolatedWallet,
            Mark = mark,
            Notional = value,
            UnrealizedProfit = value - leg.OpenCost,
            PositionInitial = holds ? LegMath.InitialUp(value.Abs, leg.Leverage) : Amount.Zero,
            OrderInitial = state.Legs.OrdersAt(i).Count > 0
                ? AccountMargin.LegOrdersUp(state, i, _prices.Marks, default)
                : Amount.Zero,
            Maintenance = LegMath.MaintenanceUp(spec, leg.Quantity, mark),
            LiquidationPrice = holds ? LiquidationPriceOf(state, leg, mark) : Price.None,
            DeleverageQuantile = holds && quantile is not null ? quantile(state, i) : 0,
            UpdatedAt = leg.UpdatedAt,
        };
    }

    private Price LiquidationPriceOf(AccountState state, in Leg leg, Price mark)
    {
        MovingPool pool = leg.Mode == MarginMode.Isolated
            ? MovingPool.OfIsolated(profile, leg, mark)
            : MovingPool.OfCross(
                profile, leg.Market, state.Legs.Legs, state.Balances, _prices.Marks, _prices.Indexes);
        return LiquidationPrice.Find(pool) ?? Price.None;
    }

    private AssetBalance[] Balances(AccountState state)
    {
        ReadOnlySpan<Amount> held = state.Balances;
        int count = 1;
        for (int i = 1; i < held.Length; i++) count += held[i].IsZero ? 0 : 1;
        var balances = new AssetBalance[count];
        balances[0] = new AssetBalance(AssetId.Settlement, held[0], held[0]);
        count = 1;
        for (int i = 1; i < held.Length; i++)
        {
            if (!held[i].IsZero) balances[count++] = new AssetBalance(new AssetId(i), held[i], CollateralOf(new AssetId(i), held[i]));
        }

        return balances;
    }

    private Amount CollateralOf(AssetId id, Amount balance)
    {
        if (!profile.Collateral.Enabled) return Amount.Zero;
        foreach (CollateralAsset asset in profile.Collateral.Assets)
        {
            if (asset.Id != id) continue;
            if (asset.PriceMarket.IsNone) return CollateralMath.ValueAtOneDown(asset, balance);
            return CollateralMath.ValueDown(profile[asset.PriceMarket], asset, balance, _prices.Index(asset.PriceMarket));
        }

        return Amount.Zero;
    }

    private MarketSettings[] Settings(AccountState state)
    {
        var settings = new MarketSettings[profile.Markets.Count];
        int leg = 0;
        ReadOnlySpan<Leg> legs = state.Legs.Legs;
        for (int i = 0; i < settings.Length; i++)
        {
            var market = new MarketId(i + 1);
            while (leg < legs.Length && legs[leg].Market.Value < market.Value) leg++;
            bool has = leg < legs.Length && legs[leg].Market == market;
            settings[i] = has
                ? new MarketSettings(market, legs[leg].Leverage, legs[leg].Mode)
                : new MarketSettings(market, profile.DefaultLeverage, MarginMode.Cross);
        }

        return settings;
    }

    private static OpenOrderSnapshot[] Orders(AccountState state)
    {
        if (state.Orders.Count == 0) return [];
        var orders = new OpenOrderSnapshot[state.Orders.Count];
        for (int i = 0; i < orders.Length; i++)
        {
            orders[i] = OrderAt(state, i);
        }

        return orders;
    }

    private static OpenOrderSnapshot OrderAt(AccountState state, int i)
    {
        ref readonly OpenOrder o = ref state.Orders.Orders[i];
        return new OpenOrderSnapshot
        {
            Id = o.Id,
            Algo = o.Algo,
            Market = o.Market,
            Side = o.Side,
            PositionSide = o.PositionSide,
            Type = o.Type,
            TimeInForce = o.TimeInForce,
            Flags = o.Flags,
            SelfTradePrevention = o.SelfTradePrevention,
            Price = o.Price,
            Quantity = o.Quantity,
            Leaves = o.Leaves,
            FilledQuote = o.FilledQuote,
            GoodTill = o.GoodTill,
            CreatedAt = o.CreatedAt,
            UpdatedAt = o.UpdatedAt,
            ClientOrderId = state.Orders.ClientIdAt(i),
        };
    }

    private static OpenTriggerSnapshot[] Triggers(AccountState state)
    {
        if (state.Triggers is not { Count: > 0 } open) return [];
        var triggers = new OpenTriggerSnapshot[open.Count];
        for (int i = 0; i < triggers.Length; i++)
        {
            OpenTrigger t = open[i];
            triggers[i] = new OpenTriggerSnapshot
            {
                Id = t.Id,
                Market = t.Market,
                Side = t.Side,
                PositionSide = t.PositionSide,
                Type = t.Type,
                TimeInForce = t.TimeInForce,
                Flags = t.Flags,
                SelfTradePrevention = t.SelfTradePrevention,
                TriggerSource = t.TriggerSource,
                Quantity = t.Quantity,
                Price = t.Price,
                TriggerPrice = t.TriggerPrice,
                ActivationPrice = t.ActivationPrice,
                CallbackRate = t.CallbackRate,
                GoodTill = t.GoodTill,
                CreatedAt = t.CreatedAt,
                ClientOrderId = t.ClientOrderId,
            };
        }

        return triggers;
    }
}
