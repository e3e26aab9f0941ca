using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>The events of the market streams as Binance writes them. E is exchange time.</summary>
internal static class MarketJson
{
    private const long PerpetualDelivery = 4_133_404_800_000;

    public static byte[] AggregateTrade(MarketFormat m, in TradePoint trade)
    {
        Utf8JsonWriter json = Begin("aggTrade"u8, trade.Time);
        json.WriteNumber("a"u8, trade.Id);
        json.WriteString("s"u8, m.Symbol);
        m.Write(json, "p"u8, trade.Price);
        m.Write(json, "q"u8, trade.Quantity);
        m.Write(json, "nq"u8, trade.Quantity);
        json.WriteNumber("f"u8, trade.Id);
        json.WriteNumber("l"u8, trade.Id);
        json.WriteNumber("T"u8, trade.Time.Milliseconds);
        json.WriteBoolean("m"u8, trade.TakerSide == Side.Sell);
        return End(json);
    }

    public static byte[] Trade(MarketFormat m, in TradePoint trade)
    {
        Utf8JsonWriter json = Begin("trade"u8, trade.Time);
        json.WriteNumber("T"u8, trade.Time.Milliseconds);
        json.WriteString("s"u8, m.Symbol);
        json.WriteNumber("t"u8, trade.Id);
        m.Write(json, "p"u8, trade.Price);
        m.Write(json, "q"u8, trade.Quantity);
        json.WriteString("X"u8, "MARKET"u8);
        json.WriteBoolean("m"u8, trade.TakerSide == Side.Sell);
        return End(json);
    }

    public static byte[] DepthUpdate(MarketFormat m, DepthDelta delta)
    {
        Utf8JsonWriter json = BeginDepth(m, delta.After, delta.Image);
        WriteLevels(json, "b"u8, m, delta.Bids);
        WriteLevels(json, "a"u8, m, delta.Asks);
        return End(json);
    }

    /// <summary>The best levels, whole.</summary>
    public static byte[] PartialDepth(MarketFormat m, long previousId, DepthImage image, int levels)
    {
        Utf8JsonWriter json = BeginDepth(m, previousId, image);
        WriteLevels(json, "b"u8, m, image.Bids.Take(levels));
        WriteLevels(json, "a"u8, m, image.Asks.Take(levels));
        return End(json);
    }

    public static byte[] BookTicker(MarketFormat m, DepthImage image)
    {
        PriceLevel bid = image.Bids.Count > 0 ? image.Bids[0] : default;
        PriceLevel ask = image.Asks.Count > 0 ? image.Asks[0] : default;
        Utf8JsonWriter json = EventJson.Begin();
        json.WriteStartObject();
        json.WriteString("e"u8, "bookTicker"u8);
        json.WriteNumber("u"u8, image.LastUpdateId);
        json.WriteString("s"u8, m.Symbol);
        m.Write(json, "b"u8, bid.Price);
        m.Write(json, "B"u8, bid.Quantity);
        m.Write(json, "a"u8, ask.Price);
        m.Write(json, "A"u8, ask.Quantity);
        json.WriteNumber("T"u8, image.Time.Milliseconds);
        json.WriteNumber("E"u8, image.Time.Milliseconds);
        return End(json);
    }

    public static byte[] Ticker(MarketFormat m, Ticker t)
    {
        Utf8JsonWriter json = Begin("24hrTicker"u8, t.CloseTime);
        long change = t.Last.Units - t.Open.Units;
        json.WriteString("s"u8, m.Symbol);
        json.WriteString("p"u8, DecimalText.FormatFixed(change * m.Spec.PriceUnitE18 / Power(18 - m.Spec.PriceDecimals),
            m.Spec.PriceDecimals));
        json.WriteDecimal("P"u8, t.Open.IsNone ? 0 : Rounding.DivHalfEven((Int128)change * 100_000, t.Open.Units), 3, 3);
        json.WriteDecimal("w"u8, Average(m, t), m.AverageDecimals, m.Spec.PriceDecimals);
        m.Write(json, "c"u8, t.Last);
        m.Write(json, "Q"u8, t.LastQuantity);
        WriteRange(json, m, t);
        json.WriteNumber("O"u8, t.OpenTime.Milliseconds);
        json.WriteNumber("C"u8, t.CloseTime.Milliseconds);
        json.WriteNumber("F"u8, t.FirstTrade);
        json.WriteNumber("L"u8, t.LastTrade);
        json.WriteNumber("n"u8, t.Count);
        return End(json);
    }

    public static byte[] MiniTicker(MarketFormat m, Ticker t)
    {
        Utf8JsonWriter json = Begin("24hrMiniTicker"u8, t.CloseTime);
        json.WriteString("s"u8, m.Symbol);
        m.Write(json, "c"u8, t.Last);
        WriteRange(json, m, t);
        return End(json);
    }

    public static byte[] MarkPrice(MarketFormat m, MarketSnapshot s)
    {
        Utf8JsonWriter json = Begin("markPriceUpdate"u8, s.Time);
        json.WriteString("s"u8, m.Symbol);
        m.Write(json, "p"u8, s.Mark);
        m.Write(json, "P"u8, s.Index);
        m.Write(json, "i"u8, s.Index);
        json.WriteRate("r"u8, s.FundingEstimate);
        json.WriteNumber("T"u8, s.NextFundingTime.Milliseconds);
        return End(json);
    }

    public static byte[] Kline(MarketFormat m, KlineInterval interval, in Kline k, bool closed, bool continuous, Timestamp now)
    {
        Utf8JsonWriter json = Begin(continuous ? "continuous_kline"u8 : "kline"u8, now);
        json.WriteString(continuous ? "ps"u8 : "s"u8, m.Symbol);
        if (continuous) json.WriteString("ct"u8, "PERPETUAL"u8);
        json.WriteStartObject("k"u8);
        json.WriteNumber("t"u8, k.OpenTime.Milliseconds);
        json.WriteNumber("T"u8, KlineIntervals.NextOpen(interval, k.OpenTime).Milliseconds - 1);
        if (!continuous) json.WriteString("s"u8, m.Symbol);
        json.WriteString("i"u8, KlineIntervals.Name(interval));
        json.WriteNumber("f"u8, k.Trades == 0 ? -1 : k.FirstTrade);
        json.WriteNumber("L"u8, k.Trades == 0 ? -1 : k.LastTrade);
        m.Write(json, "o"u8, k.Open);
        m.Write(json, "c"u8, k.Close);
        m.Write(json, "h"u8, k.High);
        m.Write(json, "l"u8, k.Low);
        m.Write(json, "v"u8, k.Volume);
        json.WriteNumber("n"u8, k.Trades);
        json.WriteBoolean("x"u8, closed);
        json.WriteAmount("q"u8, k.Quote);
        m.Write(json, "V"u8, k.TakerBuyVolume);
        json.WriteAmount("Q"u8, k.TakerBuyQuote);
        json.WriteString("B"u8, "0"u8);
        json.WriteEndObject();
        return End(json);
    }

    public static byte[] ContractInfo(MarketFormat m, MarketStatus status, Timestamp time)
    {
        Utf8JsonWriter json = Begin("contractInfo"u8, time);
        json.WriteString("s"u8, m.Symbol);
        json.WriteString("ps"u8, m.Symbol);
        json.WriteString("ct"u8, "PERPETUAL"u8);
        json.WriteNumber("dt"u8, PerpetualDelivery);
        json.WriteNumber("ot"u8, SymbolJson.Onboard);
        json.WriteString("cs"u8, status == MarketStatus.Trading ? "TRADING"u8 : "PENDING_TRADING"u8);
        return End(json);
    }

    private static Utf8JsonWriter Begin(ReadOnlySpan<byte> name, Timestamp time)
    {
        Utf8JsonWriter json = EventJson.Begin();
        json.WriteStartObject();
        json.WriteString("e"u8, name);
        json.WriteNumber("E"u8, time.Milliseconds);
        return json;
    }

    private static byte[] End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        return EventJson.End();
    }

    private static Utf8JsonWriter BeginDepth(MarketFormat m, long previousId, DepthImage image)
    {
        Utf8JsonWriter json = Begin("depthUpdate"u8, image.Time);
        json.WriteNumber("T"u8, image.Time.Milliseconds);
        json.WriteString("s"u8, m.Symbol);
        json.WriteNumber("U"u8, Math.Min(previousId + 1, image.LastUpdateId));
        json.WriteNumber("u"u8, image.LastUpdateId);
        json.WriteNumber("pu"u8, previousId);
        return json;
    }

    private static void WriteLevels(Utf8JsonWriter json, ReadOnlySpan<byte> name, MarketFormat m, IEnumerable<PriceLevel> levels)
    {
        json.WriteStartArray(name);
        foreach (PriceLevel level in levels)
        {
            json.WriteStartArray();
            m.WriteValue(json, level.Price);
            m.WriteValue(json, level.Quantity);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteRange(Utf8JsonWriter json, MarketFormat m, Ticker t)
    {
        m.Write(json, "o"u8, t.Open);
        m.Write(json, "h"u8, t.High);
        m.Write(json, "l"u8, t.Low);
        m.Write(json, "v"u8, t.Volume);
        json.WriteDecimal("q"u8, t.QuoteE8, 8, 2);
    }

    private static Int128 Average(MarketFormat m, Ticker t)
    {
        if (t.Volume.IsZero) return 0;
        // quote [1e-8] / (lots × money per unit and lot [1e-8]) = price units; then to decimals.
        Int128 scale = m.Spec.PriceUnitE18;
        Int128 lots = (Int128)t.Volume.Lots * m.Spec.AmountPerUnitLot;
        Int128 units = t.QuoteE8 / lots;
        Int128 rest = t.QuoteE8 - units * lots;
        Int128 power = Power(18 - m.AverageDecimals);
        return (units * scale + Rounding.DivHalfEven(rest * scale, lots)) / power;
    }

    private static Int128 Power(int exponent)
    {
        Int128 power = 1;
        for (int i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}
