using System.Text;
using System.Text.Json;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Server.Margin;

/// <summary>
/// The calculator's answer: the cross pool at the top (only the wallet balance is the whole account's), each position in its own row,
/// an isolated one judged in its own pool. All figures are decimal strings.
/// </summary>
internal static class MarginReport
{
    public static string Write(MarginAccount account)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            PoolFigures cross = PoolJudge.Cross(account.Profile, account.Legs, account.Marks, account.Wallet);
            WriteCross(json, account, cross);
            json.WriteStartArray("positions");
            foreach (Leg leg in account.Legs) WritePosition(json, account, leg, cross);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void WriteCross(Utf8JsonWriter json, MarginAccount account, PoolFigures cross)
    {
        Amount wallet = account.Wallet;
        Amount profit = Amount.Zero;
        foreach (Leg leg in account.Legs)
        {
            if (leg.Mode == MarginMode.Isolated) wallet -= leg.IsolatedWallet;
            else profit += ProfitOf(account, leg);
        }

        Amount initial = PoolJudge.CrossInitialUp(account.Profile, account.Legs, account.Marks);
        Amount orders = account.OrderMarginUp();
        Write(json, "walletBalance", account.Wallet);
        Write(json, "equity", cross.Equity);
        Write(json, "unrealizedProfit", profit);
        Write(json, "initialMargin", initial);
        Write(json, "orderMargin", orders);
        Write(json, "maintenanceMargin", cross.Maintenance);
        json.WriteString("marginRatio", RatioUp(cross.Maintenance, cross.Equity));
        Write(json, "availableBalance", PoolJudge.Available(cross.Equity, initial, orders));
        Write(json, "withdrawable", PoolJudge.Withdrawable(cross.Equity, wallet, initial, orders));
    }

    private static void WritePosition(Utf8JsonWriter json, MarginAccount account, Leg leg, PoolFigures cross)
    {
        MarketSpec market = account.Profile[leg.Market];
        Price mark = account.Marks[leg.Market.Value - 1];
        bool isolated = leg.Mode == MarginMode.Isolated;
        PoolFigures figures = isolated ? PoolJudge.Isolated(account.Profile, leg, mark) : cross;
        MovingPool pool = isolated
            ? MovingPool.OfIsolated(account.Profile, leg, mark)
            : MovingPool.OfCross(account.Profile, leg.Market, account.Legs, [account.Wallet], account.Marks, account.Marks);
        Amount notional = LegMath.Notional(market, leg.Quantity, mark);
        Amount maintenance = LegMath.MaintenanceUp(market, leg.Quantity, mark);
        json.WriteStartObject();
        json.WriteString("symbol", market.Symbol);
        json.WriteString("side", leg.Quantity.Sign > 0 ? "long" : "short");
        Write(json, "notional", notional);
        Write(json, "unrealizedProfit", ProfitOf(account, leg));
        Write(json, "initialMargin", LegMath.InitialUp(notional, leg.Leverage));
        Write(json, "maintenanceMargin", maintenance);
        Write(json, "liquidationPrice", market, LiquidationPrice.Find(pool));
        Price bankruptcy = BankruptcyPrice.Of(market, leg.Quantity, mark, figures.Equity, maintenance, figures.Maintenance);
        Write(json, "bankruptcyPrice", market, bankruptcy);
        json.WriteEndObject();
    }

    /// <summary>maintenance / equity rounded up at 8 decimals; 0 without maintenance, null when there is no equity to cover it.</summary>
    private static string? RatioUp(Amount maintenance, Amount equity)
    {
        if (maintenance.IsZero) return "0";
        if (!equity.IsPositive) return null;
        return DecimalText.Format(Rounding.DivUp((Int128)maintenance.E8 * Rate.One, equity.E8), 8);
    }

    private static Amount ProfitOf(MarginAccount account, Leg leg) =>
        LegMath.UnrealizedProfit(account.Profile[leg.Market], leg.Quantity, leg.OpenCost, account.Marks[leg.Market.Value - 1]);

    private static void Write(Utf8JsonWriter json, string name, Amount value) => json.WriteString(name, value.ToString());

    private static void Write(Utf8JsonWriter json, string name, MarketSpec market, Price? price)
    {
        if (price is { } value) json.WriteString(name, market.Format(value));
        else json.WriteNull(name);
    }
}
