using System.Text.Json;

namespace CrossMargin.Gateway.Binance;

/// <summary>Last prices, best quotes, and the rolling 24 hours.</summary>
internal static class TickerOperations
{
    private const string NoTrade = "Before a market's first trade the index price, on a tick, stands for the last price";

    private delegate void RowWriter(CallContext call, MarketFormat market, Ticker ticker);

    public static IReadOnlyList<Operation> All { get; } =
    [
        GeneralOperations.Public("ticker24hr", "/fapi/v1/ticker/24hr", c => RunAsync(c, WriteDay)) with
        {
            WeightOf = c => One(c, 1, 40),
            Note = NoTrade,
        },
        GeneralOperations.Public("tickerPrice", "/fapi/v1/ticker/price", c => RunAsync(c, WritePrice)) with
        {
            WeightOf = c => One(c, 1, 2),
            Note = NoTrade,
        },
        GeneralOperations.Public("tickerPriceV2", "/fapi/v2/ticker/price", c => RunAsync(c, WritePrice)) with
        {
            WeightOf = c => One(c, 1, 2),
            WebSocketMethods = ["ticker.price"],
            Note = NoTrade,
        },
        GeneralOperations.Public("bookTicker", "/fapi/v1/ticker/bookTicker", c => RunAsync(c, WriteBook)) with
        {
            WeightOf = c => One(c, 2, 5),
            WebSocketMethods = ["ticker.book"],
        },
    ];

    private static int One(CallContext call, int one, int all) => call.Parameters.Has("symbol") ? one : all;

    private static async ValueTask<BinanceError?> RunAsync(CallContext call, RowWriter write)
    {
        MarketFormat? only = call.Parameters.OptionalMarket(call.Markets);
        if (call.Fault is { } fault) return fault;
        if (only is not null)
        {
            write(call, only, await call.Services.Tickers.ReadAsync(only.Id));
            return null;
        }

        IReadOnlyList<Ticker> tickers = await call.Services.Tickers.ReadAllAsync();
        call.Json.WriteStartArray();
        foreach (Ticker ticker in tickers) write(call, call.Markets[ticker.Market], ticker);
        call.Json.WriteEndArray();
        return null;
    }

    private static void WriteDay(CallContext call, MarketFormat market, Ticker t)
    {
        Utf8JsonWriter json = call.Json;
        json.WriteStartObject();
        json.WriteString("symbol"u8, market.Symbol);
        TickerJson.WriteChange(json, market, t, "priceChange"u8, "priceChangePercent"u8, "weightedAvgPrice"u8);
        market.Write(json, "lastPrice"u8, t.Last);
        market.Write(json, "lastQty"u8, t.LastQuantity);
        market.Write(json, "openPrice"u8, t.Open);
        market.Write(json, "highPrice"u8, t.High);
        market.Write(json, "lowPrice"u8, t.Low);
        market.Write(json, "volume"u8, t.Volume);
        json.WriteAmount("quoteVolume"u8, t.QuoteE8);
        json.WriteNumber("openTime"u8, t.OpenTime.Milliseconds);
        json.WriteNumber("closeTime"u8, t.CloseTime.Milliseconds);
        json.WriteNumber("firstId"u8, t.FirstTrade);
        json.WriteNumber("lastId"u8, t.LastTrade);
        json.WriteNumber("count"u8, t.Count);
        json.WriteEndObject();
    }

    private static void WritePrice(CallContext call, MarketFormat market, Ticker t)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("symbol"u8, market.Symbol);
        market.Write(call.Json, "price"u8, t.Last);
        call.Json.WriteNumber("time"u8, t.CloseTime.Milliseconds);
        call.Json.WriteEndObject();
    }

    private static void WriteBook(CallContext call, MarketFormat market, Ticker t)
    {
        call.Json.WriteStartObject();
        call.Json.WriteNumber("lastUpdateId"u8, t.BookUpdateId);
        call.Json.WriteString("symbol"u8, market.Symbol);
        market.Write(call.Json, "bidPrice"u8, t.Bid.Price);
        market.Write(call.Json, "bidQty"u8, t.Bid.Quantity);
        market.Write(call.Json, "askPrice"u8, t.Ask.Price);
        market.Write(call.Json, "askQty"u8, t.Ask.Quantity);
        call.Json.WriteNumber("time"u8, t.BookTime.Milliseconds);
        call.Json.WriteEndObject();
    }
}
