using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Positions as JSON, in the four forms Binance has.</summary>
internal static class PositionJson
{
    /// <summary>A row of v3/account.</summary>
    public static void WriteAccountRow(Utf8JsonWriter json, in PositionRow row)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, row.Market.Symbol);
        json.WriteString("positionSide"u8, OrderWords.Of(row.Side));
        row.Market.Write(json, "positionAmt"u8, row.Quantity);
        json.WriteAmount("unrealizedProfit"u8, row.Profit);
        json.WriteAmount("isolatedMargin"u8, row.IsolatedMargin);
        json.WriteAmount("notional"u8, row.Notional);
        json.WriteAmount("isolatedWallet"u8, row.IsolatedWallet);
        json.WriteAmount("initialMargin"u8, row.PositionInitial + row.OrderInitial);
        json.WriteAmount("maintMargin"u8, row.Maintenance);
        json.WriteNumber("updateTime"u8, row.UpdatedAt.Milliseconds);
        json.WriteEndObject();
    }

    /// <summary>A row of v2/account.</summary>
    public static void WriteAccountRowV2(Utf8JsonWriter json, AccountSnapshot account, in PositionRow row, TierTable tiers)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, row.Market.Symbol);
        json.WriteAmount("initialMargin"u8, row.PositionInitial + row.OrderInitial);
        json.WriteAmount("maintMargin"u8, row.Maintenance);
        json.WriteAmount("unrealizedProfit"u8, row.Profit);
        json.WriteAmount("positionInitialMargin"u8, row.PositionInitial);
        json.WriteAmount("openOrderInitialMargin"u8, row.OrderInitial);
        json.WriteString("leverage"u8, Text(row.Leverage));
        json.WriteBoolean("isolated"u8, row.IsIsolated);
        WriteEntry(json, account, row);
        json.WriteDecimal("maxNotional"u8, tiers.NotionalLimitAt(row.Leverage).E8, 8, 0);
        WriteOrderNotional(json, account, row);
        json.WriteString("positionSide"u8, OrderWords.Of(row.Side));
        row.Market.Write(json, "positionAmt"u8, row.Quantity);
        json.WriteAmount("notional"u8, row.Notional);
        json.WriteAmount("isolatedMargin"u8, row.IsolatedMargin);
        json.WriteAmount("isolatedWallet"u8, row.IsolatedWallet);
        json.WriteNumber("updateTime"u8, row.UpdatedAt.Milliseconds);
        json.WriteEndObject();
    }

    /// <summary>A row of v3/positionRisk.</summary>
    public static void WriteRisk(Utf8JsonWriter json, AccountSnapshot account, in PositionRow row, string settlement)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, row.Market.Symbol);
        json.WriteString("positionSide"u8, OrderWords.Of(row.Side));
        WriteRiskFigures(json, account, row);
        json.WriteString("marginAsset"u8, settlement);
        json.WriteAmount("initialMargin"u8, row.PositionInitial + row.OrderInitial);
        json.WriteAmount("maintMargin"u8, row.Maintenance);
        json.WriteAmount("positionInitialMargin"u8, row.PositionInitial);
        json.WriteAmount("openOrderInitialMargin"u8, row.OrderInitial);
        json.WriteNumber("adl"u8, row.Adl);
        WriteOrderNotional(json, account, row);
        json.WriteNumber("updateTime"u8, row.UpdatedAt.Milliseconds);
        json.WriteEndObject();
    }

    /// <summary>A row of v2/positionRisk.</summary>
    public static void WriteRiskV2(Utf8JsonWriter json, AccountSnapshot account, in PositionRow row, TierTable tiers)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, row.Market.Symbol);
        json.WriteString("positionSide"u8, OrderWords.Of(row.Side));
        WriteRiskFigures(json, account, row);
        json.WriteString("leverage"u8, Text(row.Leverage));
        json.WriteString("marginType"u8, row.IsIsolated ? "isolated"u8 : "cross"u8);
        json.WriteString("isAutoAddMargin"u8, "false"u8);
        json.WriteDecimal("maxNotionalValue"u8, tiers.NotionalLimitAt(row.Leverage).E8, 8, 0);
        json.WriteNumber("adlQuantile"u8, row.Adl);
        json.WriteNumber("updateTime"u8, row.UpdatedAt.Milliseconds);
        json.WriteEndObject();
    }

    private static void WriteRiskFigures(Utf8JsonWriter json, AccountSnapshot account, in PositionRow row)
    {
        row.Market.Write(json, "positionAmt"u8, row.Quantity);
        WriteEntry(json, account, row);
        row.Market.Write(json, "markPrice"u8, row.Mark);
        json.WriteAmount("unRealizedProfit"u8, row.Profit);
        row.Market.Write(json, "liquidationPrice"u8, row.LiquidationPrice);
        json.WriteAmount("isolatedMargin"u8, row.IsolatedMargin);
        json.WriteAmount("notional"u8, row.Notional);
        json.WriteAmount("isolatedWallet"u8, row.IsolatedWallet);
    }

    private static void WriteEntry(Utf8JsonWriter json, AccountSnapshot account, in PositionRow row)
    {
        int atLeast = row.Quantity.IsZero ? 1 : row.Market.Spec.PriceDecimals;
        int decimals = row.Market.AverageDecimals;
        json.WriteDecimal("entryPrice"u8, row.Market.Average(row.OpenCost, row.Quantity), decimals, atLeast);
        Int128 even = row.Quantity.IsZero ? 0 : row.Market.BreakEven(row.OpenCost, row.Quantity, account.TakerFee);
        json.WriteDecimal("breakEvenPrice"u8, even, decimals, atLeast);
    }

    private static void WriteOrderNotional(Utf8JsonWriter json, AccountSnapshot account, in PositionRow row)
    {
        (Amount bids, Amount asks) = PositionRows.OrderNotional(account, row);
        json.WriteDecimal("bidNotional"u8, bids.E8, 8, 0);
        json.WriteDecimal("askNotional"u8, asks.E8, 8, 0);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
