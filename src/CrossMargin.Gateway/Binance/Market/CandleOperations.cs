using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Candles of all series.</summary>
internal static class CandleOperations
{
    private const int MaxLimit = 1500;

    public static IReadOnlyList<Operation> All { get; } =
    [
        Candle("klines", "/fapi/v1/klines", c => KlinesAsync(c, KlineSeries.Trades, "symbol")),
        Candle("continuousKlines", "/fapi/v1/continuousKlines", ContinuousAsync) with { Note = "contractType PERPETUAL only" },
        Candle("indexPriceKlines", "/fapi/v1/indexPriceKlines", c => KlinesAsync(c, KlineSeries.Index, "pair")),
        Candle("markPriceKlines", "/fapi/v1/markPriceKlines", c => KlinesAsync(c, KlineSeries.Mark, "symbol")),
        Candle("premiumIndexKlines", "/fapi/v1/premiumIndexKlines", PremiumAsync) with
        {
            Note = "Made from mark and index candles: open and close exact, high and low bounded by what both candles show",
        },
    ];

    private static Operation Candle(string name, string path, OperationHandler handler) =>
        GeneralOperations.Public(name, path, handler) with { WeightOf = Weight };

    private static int Weight(CallContext call) => BookOperations.Peek(call, 500) switch
    {
        < 100 => 1,
        < 500 => 2,
        <= 1000 => 5,
        _ => 10,
    };

    private static ValueTask<BinanceError?> ContinuousAsync(CallContext call)
    {
        string type = call.Parameters.Text("contractType");
        if (call.Fault is { } fault) return new(fault);
        return type is "PERPETUAL"
            ? KlinesAsync(call, KlineSeries.Trades, "pair")
            : new(BinanceError.InvalidBecause("contractType", "only PERPETUAL is supported."));
    }

    private static async ValueTask<BinanceError?> KlinesAsync(CallContext call, KlineSeries series, string symbol)
    {
        (MarketFormat market, KlineInterval interval, HistoryPage page) = Read(call, symbol);
        if (call.Fault is { } fault) return fault;
        IReadOnlyList<Kline> candles = await call.Services.History.KlinesAsync(market.Id, series, interval, page);
        call.Json.WriteStartArray();
        foreach (Kline candle in candles) Write(call, market, interval, candle, series == KlineSeries.Trades);
        call.Json.WriteEndArray();
        return null;
    }

    private static (MarketFormat Market, KlineInterval Interval, HistoryPage Page) Read(CallContext call, string symbol)
    {
        CallParameters p = call.Parameters;
        MarketFormat market = p.Market(call.Markets, symbol);
        string name = p.Text("interval");
        if (p.Error is null && name is "") p.Fail(BinanceError.Missing("interval"));
        if (!KlineIntervals.TryParse(name, out KlineInterval interval)) p.Fail(new BinanceError(-1120, "Invalid interval."));
        (long start, long end) = p.Times();
        return (market, interval, Pages.Of(start, end, 0, p.Limit(500, MaxLimit)));
    }

    private static void Write(CallContext call, MarketFormat market, KlineInterval interval, in Kline k, bool traded)
    {
        long closeTime = KlineIntervals.NextOpen(interval, k.OpenTime).Milliseconds - 1;
        call.Json.WriteStartArray();
        call.Json.WriteNumberValue(k.OpenTime.Milliseconds);
        market.WriteValue(call.Json, k.Open);
        market.WriteValue(call.Json, k.High);
        market.WriteValue(call.Json, k.Low);
        market.WriteValue(call.Json, k.Close);
        if (traded) market.WriteValue(call.Json, k.Volume);
        else call.Json.WriteStringValue("0"u8);
        call.Json.WriteNumberValue(closeTime);
        call.Json.WriteDecimalValue(traded ? k.Quote.E8 : 0, 8, traded ? 8 : 0);
        call.Json.WriteNumberValue(k.Trades);
        if (traded) market.WriteValue(call.Json, k.TakerBuyVolume);
        else call.Json.WriteStringValue("0"u8);
        call.Json.WriteDecimalValue(traded ? k.TakerBuyQuote.E8 : 0, 8, traded ? 8 : 0);
        call.Json.WriteStringValue("0"u8);
        call.Json.WriteEndArray();
    }

    private static async ValueTask<BinanceError?> PremiumAsync(CallContext call)
    {
        (MarketFormat market, KlineInterval interval, HistoryPage page) = Read(call, "symbol");
        if (call.Fault is { } fault) return fault;
        IReadOnlyList<Kline> marks = await call.Services.History.KlinesAsync(market.Id, KlineSeries.Mark, interval, page);
        IReadOnlyList<Kline> indexes = await call.Services.History.KlinesAsync(market.Id, KlineSeries.Index, interval, page);
        call.Json.WriteStartArray();
        int j = 0;
        foreach (Kline mark in marks)
        {
            while (j < indexes.Count && indexes[j].OpenTime < mark.OpenTime) j++;
            if (j == indexes.Count) break;
            if (indexes[j].OpenTime == mark.OpenTime) WritePremium(call, interval, mark, indexes[j]);
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static void WritePremium(CallContext call, KlineInterval interval, in Kline mark, in Kline index)
    {
        Int128 open = Premium(mark.Open, index.Open);
        Int128 close = Premium(mark.Close, index.Close);
        Int128 top = Premium(mark.High, index.High);
        Int128 bottom = Premium(mark.Low, index.Low);
        Int128 high = Int128.Max(Int128.Max(open, close), Int128.Max(top, bottom));
        Int128 low = Int128.Min(Int128.Min(open, close), Int128.Min(top, bottom));
        call.Json.WriteStartArray();
        call.Json.WriteNumberValue(mark.OpenTime.Milliseconds);
        foreach (Int128 value in (ReadOnlySpan<Int128>)[open, high, low, close]) call.Json.WriteDecimalValue(value, 8, 8);
        call.Json.WriteStringValue("0"u8);
        call.Json.WriteNumberValue(KlineIntervals.NextOpen(interval, mark.OpenTime).Milliseconds - 1);
        call.Json.WriteStringValue("0"u8);
        call.Json.WriteNumberValue(0);
        call.Json.WriteStringValue("0"u8);
        call.Json.WriteStringValue("0"u8);
        call.Json.WriteStringValue("0"u8);
        call.Json.WriteEndArray();
    }

    /// <summary>(mark − index) / index in 1e-8, towards −∞.</summary>
    private static Int128 Premium(Price mark, Price index) =>
        index.IsNone || mark.IsNone ? 0 : Rounding.DivDown(((Int128)mark.Units - index.Units) * Rate.One, (Int128)index.Units);
}
