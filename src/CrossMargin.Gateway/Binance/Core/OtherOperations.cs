using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Small ones, and those that are known but refused by name.</summary>
internal static class OtherOperations
{
    public const string Refused = "Refused";
    private const string Stubs = "Stubs";

    public static IReadOnlyList<Operation> All { get; } =
    [
        GeneralOperations.Public("insuranceBalance", "/fapi/v1/insuranceBalance", InsuranceAsync) with { Note = "One fund for all markets" },
        GeneralOperations.Public("indexInfo", "/fapi/v1/indexInfo", EmptyAsync) with { Note = "There are no composite indexes: an empty list" },
        Stub("capitalConfig", "/sapi/v1/capital/config/getall"),
        Stub("marginAllPairs", "/sapi/v1/margin/allPairs"),
        GeneralOperations.Public("systemStatus", "/sapi/v1/system/status", StatusAsync, Stubs) with { Note = "Normal whenever it answers" },
        .. RefusedOnes(),
    ];

    private static IEnumerable<Operation> RefusedOnes()
    {
        foreach (string path in (string[])
        [
            "/fapi/v1/orderAmendment", "/fapi/v1/symbolAdlRisk", "/fapi/v1/assetIndex", "/fapi/v1/constituents", "/fapi/v1/tradingSchedule",
            "/fapi/v1/rpiDepth", "/fapi/v1/income/asyn", "/fapi/v1/income/asyn/id", "/fapi/v1/order/asyn", "/fapi/v1/order/asyn/id",
            "/fapi/v1/trade/asyn", "/fapi/v1/trade/asyn/id", "/fapi/v1/pmAccountInfo", "/futures/data/openInterestHist",
            "/futures/data/topLongShortAccountRatio", "/futures/data/topLongShortPositionRatio", "/futures/data/globalLongShortAccountRatio",
            "/futures/data/delivery-price",
        ])
        {
            yield return GeneralOperations.Public(path[(path.LastIndexOf('/') + 1)..], path, Refuse(path), Refused);
        }
    }

    private static OperationHandler Refuse(string path)
    {
        BinanceError error = BinanceError.Unsupported(path);
        return _ => new ValueTask<BinanceError?>(error);
    }

    private static Operation Stub(string name, string path) =>
        OrderQueryOperations.Read(name, path, EmptyAsync, Stubs) with { Note = "An empty list, for clients that ask when they load markets" };

    private static ValueTask<BinanceError?> StatusAsync(CallContext call)
    {
        call.Json.WriteStartObject();
        call.Json.WriteNumber("status"u8, 0);
        call.Json.WriteString("msg"u8, "normal"u8);
        call.Json.WriteEndObject();
        return default;
    }

    private static ValueTask<BinanceError?> EmptyAsync(CallContext call)
    {
        call.Json.WriteStartArray();
        call.Json.WriteEndArray();
        return default;
    }

    /// <summary>With a symbol the fund of that market, without one all funds: here there is one.</summary>
    private static async ValueTask<BinanceError?> InsuranceAsync(CallContext call)
    {
        MarketFormat? market = call.Parameters.OptionalMarket(call.Markets);
        if (call.Fault is { } fault) return fault;
        FundSnapshot fund = await call.Exchange.ReadFundAsync();
        if (market is null) call.Json.WriteStartArray();
        WriteFund(call, fund);
        if (market is null) call.Json.WriteEndArray();
        return null;
    }

    private static void WriteFund(CallContext call, FundSnapshot fund)
    {
        Amount margin = fund.Wallet;
        foreach (FundPositionSnapshot position in fund.Positions) margin += position.UnrealizedProfit;
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("symbols"u8);
        foreach (MarketFormat market in call.Markets.All) call.Json.WriteStringValue(market.Symbol);
        call.Json.WriteEndArray();
        call.Json.WriteStartArray("assets"u8);
        call.Json.WriteStartObject();
        call.Json.WriteString("asset"u8, call.Markets.Settlement);
        call.Json.WriteAmount("marginBalance"u8, margin);
        call.Json.WriteNumber("updateTime"u8, fund.Time.Milliseconds);
        call.Json.WriteEndObject();
        call.Json.WriteEndArray();
        call.Json.WriteEndObject();
    }
}
