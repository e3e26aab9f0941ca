using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Reading orders: open ones from the account, finished ones from the history.</summary>
internal static class OrderQueryOperations
{
    private const long Week = 7L * 24 * 3_600_000;
    private const int MostRead = 16_000;

    public static IReadOnlyList<Operation> All { get; } =
    [
        Read("getOrder", "/fapi/v1/order", GetAsync) with { WebSocketMethods = ["order.status"] },
        Read("getOpenOrder", "/fapi/v1/openOrder", GetOpenAsync),
        Read("openOrders", "/fapi/v1/openOrders", ListOpenAsync) with { WeightOf = c => c.Parameters.Has("symbol") ? 1 : 40 },
        Read("allOrders", "/fapi/v1/allOrders", ListAllAsync) with { Weight = 5 },
        Read("forceOrders", "/fapi/v1/forceOrders", ListForcedAsync) with
        {
            WeightOf = c => c.Parameters.Has("symbol") ? 20 : 50,
            Note = "Orders of the account's own liquidations; autoCloseType ADL answers an empty list",
        },
    ];

    public static Operation Read(string name, string path, OperationHandler handler, string group = "Order queries") => new()
    {
        Name = name,
        Group = group,
        Method = "GET",
        Path = path,
        Security = CallSecurity.Signed,
        Scope = KeyScopes.Read,
        Handler = handler,
    };

    private static async ValueTask<BinanceError?> GetAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        OrderName name = OrderName.Read(call.Parameters);
        if (call.Fault is { } fault) return fault;
        if (await FindOpenAsync(call, market, name) is { } open)
        {
            OrderJson.Write(call.Json, open, withTime: true);
            return null;
        }

        OrderImage? ended = await FindEndedAsync(call, market, name);
        if (ended is null) return BinanceError.NoSuchOrder;
        OrderJson.Write(call.Json, ended.Value, withTime: true);
        return null;
    }

    private static async ValueTask<BinanceError?> GetOpenAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        OrderName name = OrderName.Read(call.Parameters);
        if (call.Fault is { } fault) return fault;
        if (await FindOpenAsync(call, market, name) is not { } open) return BinanceError.NoSuchOrder;
        OrderJson.Write(call.Json, open, withTime: true);
        return null;
    }

    private static async ValueTask<BinanceError?> ListOpenAsync(CallContext call)
    {
        MarketFormat? market = call.Parameters.OptionalMarket(call.Markets);
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        var images = new List<OrderImage>(account.Orders.Count);
        foreach (OpenOrderSnapshot order in account.Orders)
        {
            if (market is null || order.Market == market.Id) images.Add(await OpenOrders.ImageAsync(call, order));
        }

        foreach (OpenTriggerSnapshot trigger in account.Triggers)
        {
            bool classic = (trigger.Flags & OrderFlags.ClassicTrigger) != 0;
            if (classic && (market is null || trigger.Market == market.Id)) images.Add(OrderImage.Of(call.Markets[trigger.Market], trigger));
        }

        WriteList(call, images);
        return null;
    }

    private static async ValueTask<BinanceError?> ListAllAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        long from = call.Parameters.Whole("orderId", 0, 0, long.MaxValue);
        (long start, long end) = call.Parameters.Times(Week);
        int limit = call.Parameters.Limit(500, 1000);
        if (call.Fault is { } fault) return fault;
        HistoryPage page = Pages.Of(start, end, from, limit);
        IReadOnlyList<OrderRecord> orders = await ReadAsync(call, market.Id, page);
        IReadOnlyList<TriggerRecord> triggers = await call.Services.History.TriggersAsync(call.Account, market.Id, page);
        var origins = new Dictionary<AlgoId, TriggerRecord>();
        var images = new List<OrderImage>(orders.Count);
        foreach (TriggerRecord trigger in triggers)
        {
            if ((trigger.Flags & OrderFlags.ClassicTrigger) == 0) continue;
            origins[trigger.Algo] = trigger;
            if (trigger.Order.IsNone) images.Add(OrderImage.Of(market, trigger));
        }

        foreach (OrderRecord order in orders)
        {
            if (!order.Liquidation.IsNone) continue;
            OrderImage image = OrderImage.Of(market, order);
            if (image.IsClassic) image.AddOrigin(origins.GetValueOrDefault(order.Algo) ?? await OriginAsync(call, order.Algo));
            images.Add(image);
        }

        images.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        int surplus = images.Count - limit;
        if (surplus > 0) images.RemoveRange(page.Newest ? 0 : limit, surplus);
        WriteList(call, images);
        return null;
    }

    private static async ValueTask<BinanceError?> ListForcedAsync(CallContext call)
    {
        MarketFormat? market = call.Parameters.OptionalMarket(call.Markets);
        string type = call.Parameters.TextOr("autoCloseType", "LIQUIDATION");
        if (type is not ("LIQUIDATION" or "ADL")) call.Parameters.Fail(BinanceError.Invalid("autoCloseType"));
        (long start, long end) = call.Parameters.Times();
        int limit = call.Parameters.Limit(50, 100);
        if (call.Fault is { } fault) return fault;
        var images = new List<OrderImage>();
        if (type == "LIQUIDATION")
        {
            // Liquidation orders are few among an account's orders; what is looked through is bounded.
            HistoryPage page = Pages.Of(start, end, 0, 1000);
            foreach (OrderRecord order in await call.Services.History.OrdersAsync(call.Account, market?.Id ?? MarketId.None, page))
            {
                if (!order.Liquidation.IsNone) images.Add(OrderImage.Of(call.Markets[order.Market], order));
            }
        }

        if (images.Count > limit) images.RemoveRange(0, images.Count - limit);
        WriteList(call, images);
        return null;
    }

    private static async ValueTask<OrderImage?> FindOpenAsync(CallContext call, MarketFormat market, OrderName name)
    {
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return null;
        if (OpenOrders.Find(account, market.Id, name) is { } order) return await OpenOrders.ImageAsync(call, order);
        return OpenOrders.FindClassic(account, market.Id, name) is { } trigger ? OrderImage.Of(market, trigger) : null;
    }

    private static async ValueTask<OrderImage?> FindEndedAsync(CallContext call, MarketFormat market, OrderName name)
    {
        IExchangeHistory history = call.Services.History;
        string clientId = name.Id == 0 ? name.ClientId.ToString() : "";
        OrderRecord? order = await history.OrderAsync(call.Account, new OrderId(name.Id), AlgoId.None, clientId);
        if (order is not null && WasRefused(order)) order = null;
        if (order is null && name.Id != 0)
        {
            order = await history.OrderAsync(call.Account, OrderId.None, new AlgoId(name.Id), "");
            if (order is not null && (order.Flags & OrderFlags.ClassicTrigger) == 0) order = null;
        }

        TriggerRecord? trigger = await history.TriggerAsync(call.Account, new AlgoId(name.Id), clientId);
        if (trigger is not null && (trigger.Flags & OrderFlags.ClassicTrigger) == 0) trigger = null;
        if (order is not null && order.Market == market.Id)
        {
            OrderImage image = OrderImage.Of(market, order);

            // The order of a conditional one is known under that one's id alone.
            if (name.Id == 0 || image.Id == name.Id)
            {
                if (image.IsClassic) image.AddOrigin(await OriginAsync(call, order.Algo));
                return image;
            }
        }

        return trigger is not null && trigger.Market == market.Id && trigger.Order.IsNone ? OrderImage.Of(market, trigger) : null;
    }

    /// <summary>
    /// Orders of a page without those that the market refused at once. As many more are read as it takes to fill it, within bounds.
    /// </summary>
    private static async ValueTask<IReadOnlyList<OrderRecord>> ReadAsync(CallContext call, MarketId market, HistoryPage page)
    {
        for (int asked = page.Limit; ; asked *= 4)
        {
            IReadOnlyList<OrderRecord> rows = await call.Services.History.OrdersAsync(call.Account, market, page with { Limit = asked });
            List<OrderRecord> orders = [.. rows.Where(static r => !WasRefused(r))];
            if (orders.Count >= page.Limit || rows.Count < asked || asked >= MostRead) return orders;
        }
    }

    /// <summary>
    /// To Binance it was never an order: its sender got an error that says so, and no stream told of it. One that a conditional order
    /// became is told of.
    /// </summary>
    private static bool WasRefused(OrderRecord order) => order.Algo.IsNone && order.Filled.IsZero
        && (order.Status == OrderStatus.Rejected || order.Reason is CancelReason.WouldCross or CancelReason.FillOrKill);

    private static async ValueTask<TriggerRecord?> OriginAsync(CallContext call, AlgoId algo) =>
        await call.Services.History.TriggerAsync(call.Account, algo, "");

    private static void WriteList(CallContext call, List<OrderImage> images)
    {
        call.Json.WriteStartArray();
        foreach (OrderImage image in images) OrderJson.Write(call.Json, image, withTime: true);
        call.Json.WriteEndArray();
    }
}
