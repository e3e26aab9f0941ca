using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>An account's fills and income.</summary>
internal static class HistoryOperations
{
    private const string Group = "Account history";
    private const long Week = 7L * 24 * 3_600_000;
    private const int MaxPages = 100;

    public static IReadOnlyList<Operation> All { get; } =
    [
        OrderQueryOperations.Read("userTrades", "/fapi/v1/userTrades", TradesAsync, Group) with { Weight = 5 },
        OrderQueryOperations.Read("income", "/fapi/v1/income", IncomeAsync, Group) with { Weight = 30 },
    ];

    private static async ValueTask<BinanceError?> TradesAsync(CallContext call)
    {
        CallParameters p = call.Parameters;
        MarketFormat market = p.Market(call.Markets);
        long orderId = p.Whole("orderId", 0, 1, long.MaxValue);
        long from = p.Whole("fromId", 0, 0, long.MaxValue);
        bool fromSent = p.Has("fromId");
        (long start, long end) = p.Times(Week);
        int limit = p.Limit(500, 1000);
        if (fromSent && (start >= 0 || end >= 0)) p.Fail(BinanceError.Combination);
        if (p.Error is { } fault) return fault;
        IExchangeHistory history = call.Services.History;
        Dictionary<OrderId, AlgoId> shown = await ClassicAsync(call, market);
        var order = new OrderId(orderId);
        foreach ((OrderId actual, AlgoId algo) in shown)
        {
            if (algo.Value == orderId) order = actual;
        }

        HistoryPage page = Pages.Of(start, end, fromSent ? Math.Max(1, from) : 0, limit);
        IReadOnlyList<FillRecord> fills = await history.FillsAsync(call.Account, market.Id, order, page);
        call.Json.WriteStartArray();
        foreach (FillRecord fill in fills)
        {
            long id = shown.TryGetValue(fill.Order, out AlgoId algo) ? algo.Value : fill.Order.Value;
            Write(call, market, fill, id);
        }

        call.Json.WriteEndArray();
        return null;
    }

    /// <summary>Orders of the classic path's conditional ones: clients know them under the id they were given.</summary>
    private static async ValueTask<Dictionary<OrderId, AlgoId>> ClassicAsync(CallContext call, MarketFormat market)
    {
        var shown = new Dictionary<OrderId, AlgoId>();
        foreach (TriggerRecord trigger in await call.Services.History.TriggersAsync(call.Account, market.Id, HistoryPage.Last(1000)))
        {
            bool classic = (trigger.Flags & OrderFlags.ClassicTrigger) != 0;
            if (classic && !trigger.Order.IsNone) shown[trigger.Order] = trigger.Algo;
        }

        return shown;
    }

    private static void Write(CallContext call, MarketFormat market, FillRecord fill, long orderId)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("symbol"u8, market.Symbol);
        call.Json.WriteNumber("id"u8, fill.Trade.Value);
        call.Json.WriteNumber("orderId"u8, orderId);
        call.Json.WriteString("side"u8, OrderWords.Of(fill.Side));
        market.Write(call.Json, "price"u8, fill.Price);
        market.Write(call.Json, "qty"u8, fill.Quantity);
        call.Json.WriteAmount("realizedPnl"u8, fill.RealizedProfit);
        call.Json.WriteAmount("quoteQty"u8, market.Spec.Notional(fill.Price, fill.Quantity));
        call.Json.WriteAmount("commission"u8, fill.Fee);
        call.Json.WriteString("commissionAsset"u8, call.Markets.Settlement);
        call.Json.WriteNumber("time"u8, fill.Time.Milliseconds);
        call.Json.WriteString("positionSide"u8, OrderWords.Of(fill.PositionSide));
        call.Json.WriteBoolean("buyer"u8, fill.Side == Side.Buy);
        call.Json.WriteBoolean("maker"u8, fill.IsMaker);
        call.Json.WriteEndObject();
    }

    private static async ValueTask<BinanceError?> IncomeAsync(CallContext call)
    {
        CallParameters p = call.Parameters;
        MarketFormat? market = p.OptionalMarket(call.Markets);
        string type = p.TextOr("incomeType", "");
        (long start, long end) = p.Times();
        int limit = p.Limit(100, 1000);
        long number = p.Whole("page", 1, 1, MaxPages);
        IReadOnlyList<BalanceReason>? reasons = IncomeTypes.Reasons(type);
        if (reasons is null) p.Fail(BinanceError.Invalid("incomeType"));
        if (p.Error is { } fault) return fault;
        IReadOnlyList<IncomeRecord> rows = [];
        int skip = (int)(number - 1) * limit;
        HistoryPage page = Pages.Of(start, end, 0, skip + limit);
        if (reasons!.Count > 0) rows = await call.Services.History.IncomeAsync(call.Account, market?.Id ?? MarketId.None, reasons, page);

        // Of the newest rows the first page is the last of the list.
        int to = page.Newest ? rows.Count - skip : rows.Count;
        int begin = page.Newest ? Math.Max(0, to - limit) : skip;
        call.Json.WriteStartArray();
        for (int i = begin; i < to; i++) Write(call, rows[i]);
        call.Json.WriteEndArray();
        return null;
    }

    private static void Write(CallContext call, IncomeRecord row)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("symbol"u8, row.Market.IsNone ? "" : call.Markets[row.Market].Symbol);
        call.Json.WriteString("incomeType"u8, IncomeTypes.Word(row.Reason));
        call.Json.WriteAmount("income"u8, row.Income);
        call.Json.WriteString("asset"u8, call.Markets.AssetName(row.Asset));
        call.Json.WriteString("info"u8, IncomeTypes.Info(row.Reason));
        call.Json.WriteNumber("time"u8, row.Time.Milliseconds);
        call.Json.WriteNumber("tranId"u8, row.Id);
        call.Json.WriteString("tradeId"u8, row.Trade.Value == 0 ? "" : row.Trade.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        call.Json.WriteEndObject();
    }
}
