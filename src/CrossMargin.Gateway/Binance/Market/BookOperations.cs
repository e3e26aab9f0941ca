using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Depth and trades.</summary>
internal static class BookOperations
{
    private static readonly int[] s_limits = [5, 10, 20, 50, 100, 500, 1000];

    public static IReadOnlyList<Operation> All { get; } =
    [
        GeneralOperations.Public("depth", "/fapi/v1/depth", DepthAsync) with { WeightOf = DepthWeight, WebSocketMethods = ["depth"] },
        GeneralOperations.Public("trades", "/fapi/v1/trades", c => TradesAsync(c, false)) with { Weight = 5 },
        GeneralOperations.Public("historicalTrades", "/fapi/v1/historicalTrades", c => TradesAsync(c, true)) with
        {
            Weight = 20,
            Security = CallSecurity.Key,
            Scope = KeyScopes.Read,
        },
        GeneralOperations.Public("aggTrades", "/fapi/v1/aggTrades", AggregateAsync) with
        {
            Weight = 20,
            Note = "Each trade is an aggregate of its own, with the trade's id",
        },
    ];

    private static int DepthWeight(CallContext call) => Peek(call, 500) switch
    {
        <= 50 => 2,
        <= 100 => 5,
        <= 500 => 10,
        _ => 20,
    };

    /// <summary>The limit for the weight alone: what is wrong with it the handler says.</summary>
    public static int Peek(CallContext call, int absent) =>
        call.Parameters.TryGet("limit", out ReadOnlySpan<char> text) && int.TryParse(text, System.Globalization.NumberStyles.None, null, out int limit)
            ? limit : absent;

    private static async ValueTask<BinanceError?> DepthAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        int limit = (int)call.Parameters.Whole("limit", 500, 0, int.MaxValue);
        if (call.Fault is { } fault) return fault;
        if (Array.IndexOf(s_limits, limit) < 0)
        {
            return new BinanceError(-4021, $"{limit} is not valid depth limit; valid are 5, 10, 20, 50, 100, 500, 1000.");
        }

        DepthImage depth = await call.Services.Depth.ReadAsync(market.Id, limit);
        call.Json.WriteStartObject();
        call.Json.WriteNumber("lastUpdateId"u8, depth.LastUpdateId);
        call.Json.WriteNumber("E"u8, call.Now.Milliseconds);
        call.Json.WriteNumber("T"u8, depth.Time.Milliseconds);
        call.Json.WritePropertyName("bids"u8);
        WriteSide(call, market, depth.Bids, limit);
        call.Json.WritePropertyName("asks"u8);
        WriteSide(call, market, depth.Asks, limit);
        call.Json.WriteEndObject();
        return null;
    }

    private static void WriteSide(CallContext call, MarketFormat market, IReadOnlyList<PriceLevel> levels, int limit)
    {
        call.Json.WriteStartArray();
        for (int i = 0; i < levels.Count && i < limit; i++)
        {
            call.Json.WriteStartArray();
            market.WriteValue(call.Json, levels[i].Price);
            market.WriteValue(call.Json, levels[i].Quantity);
            call.Json.WriteEndArray();
        }

        call.Json.WriteEndArray();
    }

    private static async ValueTask<BinanceError?> TradesAsync(CallContext call, bool withId)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        int limit = call.Parameters.Limit(500, 1000);
        bool fromSent = withId && call.Parameters.Has("fromId");
        long from = fromSent ? call.Parameters.Whole("fromId", 0, 0, long.MaxValue) : 0;
        if (call.Fault is { } fault) return fault;
        HistoryPage page = Pages.Of(-1, -1, fromSent ? Math.Max(1, from) : 0, limit);
        IReadOnlyList<TradeRecord> trades = await call.Services.History.TradesAsync(market.Id, page);
        call.Json.WriteStartArray();
        foreach (TradeRecord trade in trades)
        {
            call.Json.WriteStartObject();
            call.Json.WriteNumber("id"u8, trade.Trade.Value);
            market.Write(call.Json, "price"u8, trade.Price);
            market.Write(call.Json, "qty"u8, trade.Quantity);
            call.Json.WriteAmount("quoteQty"u8, market.Spec.Notional(trade.Price, trade.Quantity));
            call.Json.WriteNumber("time"u8, trade.Time.Milliseconds);
            call.Json.WriteBoolean("isBuyerMaker"u8, trade.TakerSide == Side.Sell);
            call.Json.WriteBoolean("isRPITrade"u8, false);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static async ValueTask<BinanceError?> AggregateAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        bool fromSent = call.Parameters.Has("fromId");
        long from = call.Parameters.Whole("fromId", 0, 0, long.MaxValue);
        (long start, long end) = call.Parameters.Times();
        int limit = call.Parameters.Limit(500, 1000);
        if (call.Fault is { } fault) return fault;
        HistoryPage page = Pages.Of(start, end, fromSent ? Math.Max(1, from) : 0, limit);
        IReadOnlyList<TradeRecord> trades = await call.Services.History.TradesAsync(market.Id, page);
        call.Json.WriteStartArray();
        foreach (TradeRecord trade in trades)
        {
            call.Json.WriteStartObject();
            call.Json.WriteNumber("a"u8, trade.Trade.Value);
            market.Write(call.Json, "p"u8, trade.Price);
            market.Write(call.Json, "q"u8, trade.Quantity);
            market.Write(call.Json, "nq"u8, trade.Quantity);
            call.Json.WriteNumber("f"u8, trade.Trade.Value);
            call.Json.WriteNumber("l"u8, trade.Trade.Value);
            call.Json.WriteNumber("T"u8, trade.Time.Milliseconds);
            call.Json.WriteBoolean("m"u8, trade.TakerSide == Side.Sell);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        return null;
    }
}
