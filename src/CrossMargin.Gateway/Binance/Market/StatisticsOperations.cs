using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>/futures/data: what follows from candles is served.</summary>
internal static class StatisticsOperations
{
    private const string Group = "Statistics";

    private static readonly KlineInterval[] s_periods =
    [
        KlineInterval.FiveMinutes, KlineInterval.FifteenMinutes, KlineInterval.ThirtyMinutes, KlineInterval.OneHour, KlineInterval.TwoHours,
        KlineInterval.FourHours, KlineInterval.SixHours, KlineInterval.TwelveHours, KlineInterval.OneDay,
    ];

    public static IReadOnlyList<Operation> All { get; } =
    [
        GeneralOperations.Public("takerLongShortRatio", "/futures/data/takerlongshortRatio", TakerAsync, Group),
        GeneralOperations.Public("basis", "/futures/data/basis", BasisAsync, Group) with { Note = "contractType PERPETUAL only" },
    ];

    private static async ValueTask<BinanceError?> TakerAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        (KlineInterval period, HistoryPage page) = Read(call);
        if (call.Fault is { } fault) return fault;
        IReadOnlyList<Kline> candles = await call.Services.History.KlinesAsync(market.Id, KlineSeries.Trades, period, page);
        call.Json.WriteStartArray();
        foreach (Kline k in candles)
        {
            Quantity sold = k.Volume - k.TakerBuyVolume;
            Int128 ratio = sold.IsZero ? 0 : Rounding.DivHalfEven((Int128)k.TakerBuyVolume.Lots * 10_000, (Int128)sold.Lots);
            call.Json.WriteStartObject();
            call.Json.WriteDecimal("buySellRatio"u8, ratio, 4, 4);
            market.Write(call.Json, "buyVol"u8, k.TakerBuyVolume);
            market.Write(call.Json, "sellVol"u8, sold);
            call.Json.WriteNumber("timestamp"u8, k.OpenTime.Milliseconds);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static async ValueTask<BinanceError?> BasisAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets, "pair");
        string type = call.Parameters.Text("contractType");
        if (type is not ("" or "PERPETUAL")) call.Parameters.Fail(BinanceError.InvalidBecause("contractType", "only PERPETUAL is supported."));
        (KlineInterval period, HistoryPage page) = Read(call);
        if (call.Fault is { } fault) return fault;
        IReadOnlyList<Kline> trades = await call.Services.History.KlinesAsync(market.Id, KlineSeries.Trades, period, page);
        IReadOnlyList<Kline> indexes = await call.Services.History.KlinesAsync(market.Id, KlineSeries.Index, period, page);
        call.Json.WriteStartArray();
        int j = 0;
        foreach (Kline k in trades)
        {
            while (j < indexes.Count && indexes[j].OpenTime < k.OpenTime) j++;
            if (j == indexes.Count) break;
            if (indexes[j].OpenTime == k.OpenTime && !indexes[j].Close.IsNone) Write(call, market, k, indexes[j]);
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static void Write(CallContext call, MarketFormat market, in Kline trade, in Kline index)
    {
        long basis = trade.Close.Units - index.Close.Units;
        call.Json.WriteStartObject();
        market.Write(call.Json, "indexPrice"u8, index.Close);
        call.Json.WriteString("contractType"u8, "PERPETUAL"u8);
        call.Json.WriteDecimal("basisRate"u8, Rounding.DivHalfEven((Int128)basis * 10_000, (Int128)index.Close.Units), 4, 4);
        market.Write(call.Json, "futuresPrice"u8, trade.Close);
        call.Json.WriteString("annualizedBasisRate"u8, ""u8);
        market.Write(call.Json, "basis"u8, new Price(basis));
        call.Json.WriteString("pair"u8, market.Symbol);
        call.Json.WriteNumber("timestamp"u8, trade.OpenTime.Milliseconds);
        call.Json.WriteEndObject();
    }

    private static (KlineInterval Period, HistoryPage Page) Read(CallContext call)
    {
        CallParameters p = call.Parameters;
        string name = p.Text("period");
        bool known = KlineIntervals.TryParse(name, out KlineInterval period) && Array.IndexOf(s_periods, period) >= 0;
        if (!known) p.Fail(new BinanceError(-1120, "Invalid interval."));
        (long start, long end) = p.Times();
        return (period, Pages.Of(start, end, 0, p.Limit(30, 500)));
    }
}
