using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Connection, time, and the rules of trading.</summary>
internal static class GeneralOperations
{
    public const string Group = "Market data";

    public static IReadOnlyList<Operation> All { get; } =
    [
        Public("ping", "/fapi/v1/ping", PingAsync),
        Public("time", "/fapi/v1/time", TimeAsync) with { Note = "The wall clock, by which requests are judged" },
        Public("exchangeInfo", "/fapi/v1/exchangeInfo", InfoAsync),
    ];

    public static Operation Public(string name, string path, OperationHandler handler, string group = Group) => new()
    {
        Name = name,
        Group = group,
        Method = "GET",
        Path = path,
        Security = CallSecurity.None,
        Handler = handler,
    };

    private static ValueTask<BinanceError?> PingAsync(CallContext call)
    {
        call.Json.WriteStartObject();
        call.Json.WriteEndObject();
        return default;
    }

    private static ValueTask<BinanceError?> TimeAsync(CallContext call)
    {
        call.Json.WriteStartObject();
        call.Json.WriteNumber("serverTime"u8, call.WallTime);
        call.Json.WriteEndObject();
        return default;
    }

    private static async ValueTask<BinanceError?> InfoAsync(CallContext call)
    {
        IReadOnlyList<MarketSnapshot> figures = await call.Exchange.ReadMarketsAsync();
        BinanceOptions options = call.Services.Options;
        call.Json.WriteStartObject();
        call.Json.WriteString("timezone"u8, "UTC"u8);
        call.Json.WriteNumber("serverTime"u8, call.WallTime);
        call.Json.WriteString("futuresType"u8, "U_MARGINED"u8);
        call.Json.WriteStartArray("rateLimits"u8);
        RateLimitJson.Write(call.Json, "REQUEST_WEIGHT", "MINUTE", 1, options.WeightPerMinute);
        RateLimitJson.Write(call.Json, "ORDERS", "MINUTE", 1, options.OrdersPerMinute);
        RateLimitJson.Write(call.Json, "ORDERS", "SECOND", 10, options.OrdersPer10Seconds);
        call.Json.WriteEndArray();
        call.Json.WriteStartArray("exchangeFilters"u8);
        call.Json.WriteEndArray();
        WriteAssets(call);
        call.Json.WriteStartArray("symbols"u8);
        foreach (MarketSnapshot market in figures)
        {
            SymbolJson.Write(call.Json, call.Markets[market.Market], market, call.Markets.Settlement);
        }

        call.Json.WriteEndArray();
        call.Json.WriteEndObject();
        return null;
    }

    private static void WriteAssets(CallContext call)
    {
        CollateralSpec collateral = call.Markets.Profile.Collateral;
        call.Json.WriteStartArray("assets"u8);
        WriteAsset(call, call.Markets.Settlement, collateral.SellBelow);
        if (collateral.Enabled)
        {
            foreach (CollateralAsset asset in collateral.Assets) WriteAsset(call, asset.Name, default);
        }

        call.Json.WriteEndArray();
    }

    private static void WriteAsset(CallContext call, string name, Amount autoExchange)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("asset"u8, name);
        call.Json.WriteBoolean("marginAvailable"u8, true);
        call.Json.WriteDecimal("autoAssetExchange"u8, autoExchange.E8, 8, 0);
        call.Json.WriteEndObject();
    }
}
