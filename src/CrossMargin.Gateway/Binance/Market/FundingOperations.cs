using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Mark and index prices, funding, open interest.</summary>
internal static class FundingOperations
{
    private const long Hour = 3_600_000;

    public static IReadOnlyList<Operation> All { get; } =
    [
        GeneralOperations.Public("premiumIndex", "/fapi/v1/premiumIndex", PremiumAsync) with
        {
            WeightOf = c => c.Parameters.Has("symbol") ? 1 : 10,
            Note = "lastFundingRate is what the next settlement would use now, as at Binance",
        },
        GeneralOperations.Public("fundingRate", "/fapi/v1/fundingRate", RatesAsync),
        GeneralOperations.Public("fundingInfo", "/fapi/v1/fundingInfo", InfoAsync),
        GeneralOperations.Public("openInterest", "/fapi/v1/openInterest", InterestAsync),
    ];

    private static async ValueTask<BinanceError?> PremiumAsync(CallContext call)
    {
        MarketFormat? only = call.Parameters.OptionalMarket(call.Markets);
        if (call.Fault is { } fault) return fault;
        if (only is not null)
        {
            Write(call, only, await call.Exchange.ReadMarketAsync(only.Id));
            return null;
        }

        IReadOnlyList<MarketSnapshot> all = await call.Exchange.ReadMarketsAsync();
        call.Json.WriteStartArray();
        foreach (MarketSnapshot market in all) Write(call, call.Markets[market.Market], market);
        call.Json.WriteEndArray();
        return null;
    }

    private static void Write(CallContext call, MarketFormat market, MarketSnapshot s)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("symbol"u8, market.Symbol);
        market.Write(call.Json, "markPrice"u8, s.Mark);
        market.Write(call.Json, "indexPrice"u8, s.Index);
        market.Write(call.Json, "estimatedSettlePrice"u8, s.Index);
        call.Json.WriteRate("lastFundingRate"u8, s.FundingEstimate);
        call.Json.WriteRate("interestRate"u8, market.Spec.Funding.InterestPer8Hours);
        call.Json.WriteNumber("nextFundingTime"u8, s.NextFundingTime.Milliseconds);
        call.Json.WriteNumber("time"u8, s.Time.Milliseconds);
        call.Json.WriteEndObject();
    }

    private static async ValueTask<BinanceError?> RatesAsync(CallContext call)
    {
        MarketFormat? only = call.Parameters.OptionalMarket(call.Markets);
        (long start, long end) = call.Parameters.Times();
        int limit = call.Parameters.Limit(100, 1000);
        if (call.Fault is { } fault) return fault;
        HistoryPage page = Pages.Of(start, end, 0, limit);
        var rows = new List<FundingRecord>();
        foreach (MarketFormat market in call.Markets.All)
        {
            if (only is null || market == only) rows.AddRange(await call.Services.History.FundingAsync(market.Id, page));
        }

        rows.RemoveAll(r => r.Skipped);
        if (only is null) rows.Sort((a, b) => (a.FundingTime, a.Market).CompareTo((b.FundingTime, b.Market)));
        int surplus = rows.Count - limit;
        if (surplus > 0) rows.RemoveRange(page.Newest ? 0 : limit, surplus);
        call.Json.WriteStartArray();
        foreach (FundingRecord row in rows)
        {
            MarketFormat market = call.Markets[row.Market];
            call.Json.WriteStartObject();
            call.Json.WriteString("symbol"u8, market.Symbol);
            call.Json.WriteNumber("fundingTime"u8, row.FundingTime.Milliseconds);
            call.Json.WriteRate("fundingRate"u8, row.Rate);
            market.Write(call.Json, "markPrice"u8, row.Mark);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static ValueTask<BinanceError?> InfoAsync(CallContext call)
    {
        call.Json.WriteStartArray();
        foreach (MarketFormat market in call.Markets.All)
        {
            FundingSpec funding = market.Spec.Funding;
            long interval = funding.IntervalMilliseconds;
            call.Json.WriteStartObject();
            call.Json.WriteString("symbol"u8, market.Symbol);

            // Per interval, as Binance shows it: the profile's cap is that of eight hours.
            long cap = Rounding.MulDivDown(funding.Cap.E8, interval, 8 * Hour);
            call.Json.WriteRate("adjustedFundingRateCap"u8, new Rate(cap));
            call.Json.WriteRate("adjustedFundingRateFloor"u8, new Rate(-cap));
            call.Json.WriteNumber("fundingIntervalHours"u8, interval / Hour);
            call.Json.WriteBoolean("disclaimer"u8, false);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        return default;
    }

    private static async ValueTask<BinanceError?> InterestAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        if (call.Fault is { } fault) return fault;
        MarketSnapshot figures = await call.Exchange.ReadMarketAsync(market.Id);
        call.Json.WriteStartObject();
        market.Write(call.Json, "openInterest"u8, figures.OpenInterest);
        call.Json.WriteString("symbol"u8, market.Symbol);
        call.Json.WriteNumber("time"u8, figures.Time.Milliseconds);
        call.Json.WriteEndObject();
        return null;
    }
}
