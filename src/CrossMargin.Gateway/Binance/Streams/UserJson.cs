using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>Why an order ended without the client's doing, in Binance's numbers.</summary>
internal enum ExpireReason
{
    None = 0,
    SelfTrade = 1,
    Immediate = 2,
    SelfTradeOfImmediate = 3,
    ReduceOnly = 4,
    Liquidation = 5,
    Triggered = 8,
    Market = 9,
}

/// <summary>What one event did to an order, beside the order itself.</summary>
internal readonly ref struct Execution
{
    public required ReadOnlySpan<byte> Kind { get; init; }
    public Quantity LastQuantity { get; init; }
    public Price LastPrice { get; init; }
    public long Trade { get; init; }
    public Amount Fee { get; init; }
    public Amount Profit { get; init; }
    public bool IsMaker { get; init; }
    public ExpireReason ExpireReason { get; init; }

    /// <summary>The exchange's own name for an order of its own; empty: the client's.</summary>
    public string OwnName { get; init; }
}

/// <summary>Order events of the user data stream as Binance writes them. E and T are the command's exchange time.</summary>
internal static class UserJson
{
    public static byte[] OrderUpdate(in OrderImage o, in Execution x, Timestamp time, string settlement)
    {
        Utf8JsonWriter json = Begin("ORDER_TRADE_UPDATE"u8, time);
        json.WriteStartObject("o"u8);
        MarketFormat m = o.Market;
        json.WriteString("s"u8, m.Symbol);
        WriteName(json, o, x.OwnName);
        json.WriteString("S"u8, OrderWords.Of(o.Side));
        json.WriteString("o"u8, OrderWords.Of(o.Type));
        json.WriteString("f"u8, OrderWords.Of(o.Type, o.TimeInForce));
        m.Write(json, "q"u8, o.Quantity);
        m.Write(json, "p"u8, o.Type.IsMarketType() ? Price.None : o.Price);
        m.WriteAverage(json, "ap"u8, o.FilledQuote, o.Filled);
        m.Write(json, "sp"u8, o.StopPrice);
        json.WriteString("x"u8, x.Kind);
        json.WriteString("X"u8, OrderWords.Of(o.Status));
        json.WriteNumber("i"u8, o.Id);
        m.Write(json, "l"u8, x.LastQuantity);
        m.Write(json, "z"u8, o.Filled);
        m.Write(json, "L"u8, x.LastPrice);
        if (x.Trade != 0) json.WriteAmount("n"u8, x.Fee);
        else json.WriteString("n"u8, "0"u8);
        json.WriteString("N"u8, settlement);
        json.WriteNumber("T"u8, time.Milliseconds);
        json.WriteNumber("t"u8, x.Trade);
        json.WriteString("b"u8, "0"u8);
        json.WriteString("a"u8, "0"u8);
        json.WriteBoolean("m"u8, x.IsMaker);
        WriteTerms(json, o);
        json.WriteAmount("rp"u8, x.Profit);
        json.WriteString("V"u8, OrderWords.Of(o.SelfTradePrevention));
        json.WriteString("pm"u8, "NONE"u8);
        json.WriteNumber("gtd"u8, o.GoodTill.Milliseconds);
        ReadOnlySpan<byte> reason = [(byte)('0' + (int)x.ExpireReason)];
        json.WriteString("er"u8, reason);
        json.WriteEndObject();
        return End(json);
    }

    public static byte[] TradeLite(in OrderImage o, in Execution x, Timestamp time)
    {
        Utf8JsonWriter json = Begin("TRADE_LITE"u8, time);
        MarketFormat m = o.Market;
        json.WriteString("s"u8, m.Symbol);
        m.Write(json, "q"u8, o.Quantity);
        m.Write(json, "p"u8, o.Type.IsMarketType() ? Price.None : o.Price);
        json.WriteBoolean("m"u8, x.IsMaker);
        WriteName(json, o, x.OwnName);
        json.WriteString("S"u8, OrderWords.Of(o.Side));
        m.Write(json, "L"u8, x.LastPrice);
        m.Write(json, "l"u8, x.LastQuantity);
        json.WriteNumber("t"u8, x.Trade);
        json.WriteNumber("i"u8, o.Id);
        return End(json);
    }

    /// <param name="status">NEW, TRIGGERED, FINISHED, CANCELED, REJECTED or EXPIRED.</param>
    /// <param name="actual">The order that it became, if it did.</param>
    public static byte[] AlgoUpdate(
        in OrderImage o, ReadOnlySpan<byte> status, OrderMirror? actual, Timestamp triggered, string failure, Timestamp time)
    {
        Utf8JsonWriter json = Begin("ALGO_UPDATE"u8, time);
        json.WriteStartObject("o"u8);
        MarketFormat m = o.Market;
        json.WriteClientId("caid"u8, o.ClientId);
        json.WriteNumber("aid"u8, o.Id);
        json.WriteString("at"u8, "CONDITIONAL"u8);
        json.WriteString("o"u8, OrderWords.Of(o.OriginalType));
        json.WriteString("s"u8, m.Symbol);
        json.WriteString("S"u8, OrderWords.Of(o.Side));
        json.WriteString("ps"u8, OrderWords.Of(o.PositionSide));
        json.WriteString("f"u8, OrderWords.Of(o.TimeInForce));
        m.Write(json, "q"u8, o.Quantity);
        json.WriteString("X"u8, status);
        json.WriteString("ai"u8, actual is null ? "" : actual.Id.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (actual is null)
        {
            json.WriteString("ap"u8, "0"u8);
            json.WriteString("aq"u8, "0"u8);
            json.WriteString("act"u8, "0"u8);
        }
        else
        {
            m.WriteAverage(json, "ap"u8, actual.Image.FilledQuote, actual.Image.Filled);
            m.Write(json, "aq"u8, actual.Image.Filled);
            json.WriteString("act"u8, OrderWords.Of(actual.Image.Type));
        }

        m.Write(json, "tp"u8, o.StopPrice);
        m.Write(json, "p"u8, o.OriginalType.IsMarketType() ? Price.None : o.Price);
        json.WriteString("V"u8, OrderWords.Of(o.SelfTradePrevention));
        json.WriteString("wt"u8, OrderWords.Of(o.Source));
        json.WriteString("pm"u8, "NONE"u8);
        json.WriteBoolean("cp"u8, Has(o, OrderFlags.ClosePosition));
        json.WriteBoolean("pP"u8, Has(o, OrderFlags.PriceProtect));
        json.WriteBoolean("R"u8, Has(o, OrderFlags.ReduceOnly));
        WriteTrailing(json, o);
        json.WriteNumber("tt"u8, triggered.Milliseconds);
        json.WriteNumber("gtd"u8, o.GoodTill.Milliseconds);
        json.WriteString("rm"u8, failure);
        json.WriteEndObject();
        return End(json);
    }

    public static byte[] TriggerReject(in OrderImage o, string reason, Timestamp time)
    {
        Utf8JsonWriter json = Begin("CONDITIONAL_ORDER_TRIGGER_REJECT"u8, time);
        json.WriteStartObject("or"u8);
        json.WriteString("s"u8, o.Market.Symbol);
        json.WriteNumber("i"u8, o.Id);
        json.WriteString("r"u8, reason);
        json.WriteEndObject();
        return End(json);
    }

    public static Utf8JsonWriter Begin(ReadOnlySpan<byte> name, Timestamp time)
    {
        Utf8JsonWriter json = EventJson.Begin();
        json.WriteStartObject();
        json.WriteString("e"u8, name);
        json.WriteNumber("E"u8, time.Milliseconds);
        json.WriteNumber("T"u8, time.Milliseconds);
        return json;
    }

    public static byte[] End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        return EventJson.End();
    }

    private static void WriteTerms(Utf8JsonWriter json, in OrderImage o)
    {
        json.WriteBoolean("R"u8, Has(o, OrderFlags.ReduceOnly));
        json.WriteString("wt"u8, OrderWords.Of(o.Source));
        json.WriteString("ot"u8, OrderWords.Of(o.OriginalType));
        json.WriteString("ps"u8, OrderWords.Of(o.PositionSide));
        json.WriteBoolean("cp"u8, Has(o, OrderFlags.ClosePosition));
        WriteTrailing(json, o);
        json.WriteBoolean("pP"u8, Has(o, OrderFlags.PriceProtect));
        json.WriteNumber("si"u8, 0);
        json.WriteNumber("ss"u8, 0);
    }

    private static void WriteTrailing(Utf8JsonWriter json, in OrderImage o)
    {
        if (o.OriginalType != OrderType.TrailingStopMarket) return;
        o.Market.Write(json, "AP"u8, o.ActivationPrice);
        json.WriteDecimal("cr"u8, o.CallbackRate.E8, 6, 1); // a percentage: "1.0" is one percent
    }

    private static void WriteName(Utf8JsonWriter json, in OrderImage o, string? ownName)
    {
        if (string.IsNullOrEmpty(ownName)) json.WriteClientId("c"u8, o.ClientId);
        else json.WriteString("c"u8, ownName);
    }

    private static bool Has(in OrderImage o, OrderFlags flag) => (o.Flags & flag) != 0;
}
