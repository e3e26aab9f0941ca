using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>A cancel or an amendment on its way, with the order as it was before.</summary>
internal struct OrderChange
{
    public Message Command;
    public OrderImage Image;

    /// <summary>Its own id in the exchange; none for a conditional order.</summary>
    public OrderId Order;
}

/// <summary>
/// Cancels and amendments. The order is looked up first, because the answer shows all of it; what changes until the command is executed is
/// read from the command's own events.
/// </summary>
internal static class OrderChanging
{
    public static async ValueTask<(OrderChange Change, BinanceError? Error)> FindCancelAsync(
        CallContext call, AccountSnapshot account, MarketFormat market, OrderName name)
    {
        if (OpenOrders.Find(account, market.Id, name) is { } order)
        {
            OrderImage image = await OpenOrders.ImageAsync(call, order);
            Message command = call.Command(new CancelOrder { Market = market.Id, Order = order.Id });
            return (new OrderChange { Command = command, Image = image, Order = order.Id }, null);
        }

        if (OpenOrders.FindClassic(account, market.Id, name) is not { } trigger) return (default, BinanceError.UnknownOrder);
        Message cancel = call.Command(new CancelTrigger { Market = market.Id, Algo = trigger.Id });
        return (new OrderChange { Command = cancel, Image = OrderImage.Of(market, trigger) }, null);
    }

    /// <summary>Reads what an amendment asks for; side, quantity and price (or priceMatch) must be sent.</summary>
    public static async ValueTask<(OrderChange Change, BinanceError? Error)> ReadAmendAsync(
        CallContext call, CallParameters p, AccountSnapshot account, MarketFormat market, OrderName name)
    {
        Side side = OrderReader.ReadSide(p, required: true);
        Quantity quantity = OrderReader.ReadQuantity(p, market);
        PriceMatch match = OrderReader.ReadMatch(p);
        Price price = match == PriceMatch.None ? OrderReader.ReadPrice(p, market, "price") : Price.None;
        if (match != PriceMatch.None && p.Has("price")) p.Fail(BinanceError.Surplus("price"));
        if (match == PriceMatch.None && !p.Has("price")) p.Fail(BinanceError.Missing("price"));
        if (p.Error is { } fault) return (default, fault);
        OpenOrderSnapshot? order = OpenOrders.Find(account, market.Id, name);
        if (order is null)
        {
            bool waits = OpenOrders.FindClassic(account, market.Id, name) is not null;
            return (default, waits ? new BinanceError(-5025, "Only limit order is supported.") : BinanceError.NoSuchOrder);
        }

        if (match != PriceMatch.None)
        {
            price = await PriceMatches.PriceAsync(call.Exchange, market.Id, order.Side, match);
            if (price.IsNone) return (default, PriceMatches.NoDepth);
        }

        var amend = new AmendOrder
        {
            Market = market.Id,
            Order = order.Id,
            Side = side,
            Quantity = quantity,
            Price = price,
        };
        OrderImage image = await OpenOrders.ImageAsync(call, order);
        image.PriceMatch = match;
        return (new OrderChange { Command = call.Command(amend), Image = image, Order = order.Id }, null);
    }

    /// <summary>Writes a plain order as its cancel left it; null, or why it was refused.</summary>
    public static ValueTask<BinanceError?> WriteAsync(CallContext call, CanceledOrder canceled)
    {
        OpenOrderSnapshot before = canceled.Before;
        return WriteAsync(call, MessageKind.CancelOrder, OrderImage.Of(call.Markets[before.Market], before), before.Id, canceled.Answer);
    }

    /// <summary>Writes the order as the command left it; null, or why it was refused.</summary>
    public static ValueTask<BinanceError?> WriteAsync(CallContext call, in OrderChange change, CommandAnswer answer) =>
        WriteAsync(call, change.Command.Kind, change.Image, change.Order, answer);

    private static ValueTask<BinanceError?> WriteAsync(
        CallContext call, MessageKind command, in OrderImage before, OrderId order, CommandAnswer answer)
    {
        BinanceError? error = Answers.ErrorOf(answer, command, before.Market);
        if (error is not null) return ValueTask.FromResult<BinanceError?>(error);
        OrderImage image = before;
        Quantity known = image.Filled;
        bool stale = false;
        for (int i = 0; i < answer.Events.Count; i++)
        {
            Event e = answer.Events[i];
            stale |= IsStale(e, order, known);
            if (e.Kind == EventKind.TriggerEnded && e.Body<TriggerEnded>().Algo.Value == image.Id) image.Status = OrderStatus.Canceled;
            image.Apply(e, order);
            known = image.Filled;
        }

        if (stale) return WriteFromHistoryAsync(call, image, order, answer.Time);
        Write(call, image, answer.Time);
        return ValueTask.FromResult<BinanceError?>(null);
    }

    // It traded between the look-up and the command: what the fills came to stands in the history.
    private static async ValueTask<BinanceError?> WriteFromHistoryAsync(CallContext call, OrderImage image, OrderId order, Timestamp time)
    {
        OrderRecord? record = await call.Services.History.OrderAsync(call.Account, order, AlgoId.None, "");
        if (record is not null) image.FilledQuote = record.FilledQuote;
        Write(call, image, time);
        return null;
    }

    private static void Write(CallContext call, OrderImage image, Timestamp time)
    {
        if (image.Status == OrderStatus.New && !image.Filled.IsZero) image.Status = OrderStatus.PartiallyFilled;
        image.Updated = time;
        OrderJson.Write(call.Json, image, withTime: false);
    }

    private static bool IsStale(in Event e, OrderId order, Quantity known) => e.Kind switch
    {
        EventKind.OrderEnded => e.Body<OrderEnded>().Order == order && e.Body<OrderEnded>().Cumulative != known,
        EventKind.OrderAmended =>
            e.Body<OrderAmended>().Order == order && e.Body<OrderAmended>().Quantity - e.Body<OrderAmended>().Leaves != known,
        EventKind.OrderFilled =>
            e.Body<OrderFilled>().Order == order && e.Body<OrderFilled>().Cumulative - e.Body<OrderFilled>().Quantity != known,
        _ => false,
    };
}
