using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>Cancels and amends resting orders.</summary>
internal sealed class OrderChanges(MarketState market, OrderEntry entry, OrderReplies replies)
{
    public void Cancel(AccountId owner, in RequestCancel request)
    {
        if (!market.Book.TryFind(owner, request.Order, out int number))
        {
            replies.Unknown(owner, request.Order, OrderUpdateKind.CancelRefused);
            return;
        }

        replies.Ended(market.Book.Remove(number), StatusOf(request.Reason), request.Reason);
    }

    /// <summary>Takes all orders of an account off the book, the oldest first.</summary>
    public void CancelAll(AccountId owner, CancelReason reason)
    {
        while (true)
        {
            AccountOrders orders = market.Book.OldestFirst(owner);
            if (!orders.MoveNext()) return;
            replies.Ended(market.Book.Remove(orders.Current), StatusOf(reason), reason);
        }
    }

    /// <summary>Ends the orders whose date has come.</summary>
    public void ExpireDue()
    {
        while (market.Book.TryNextExpired(market.Now, out int number))
            replies.Ended(market.Book.Remove(number), OrderStatus.Expired, CancelReason.GoodTillDate);
    }

    /// <summary>
    /// Same price and no larger: in place, with its priority. Otherwise it is taken off, and comes in again behind all others, where it may
    /// take; a post-only order that would is left as it was. A total not above what is filled ends it.
    /// </summary>
    public void Amend(AccountId owner, in RequestAmend request)
    {
        LimitOrderBook book = market.Book;
        if (!book.TryFind(owner, request.Order, out int number))
        {
            replies.Unknown(owner, request.Order, OrderUpdateKind.AmendRefused);
            return;
        }

        LiveOrder order = LiveOrder.Of(book.Get(number));
        if (market.Guard.IsHalted)
        {
            replies.AmendRefused(order, Refusal.Because(RejectReason.MarketHalted));
            return;
        }

        if (request.Quantity <= order.Filled)
        {
            replies.Ended(book.Remove(number), OrderStatus.Canceled, CancelReason.ByClient);
            return;
        }

        if (request.Price == order.Limit && request.Quantity <= order.Total)
        {
            Quantity remaining = request.Quantity - order.Filled;
            if (remaining < order.Remaining) book.Reduce(number, remaining);
            replies.Amended(LiveOrder.Of(book.Get(number)));
            return;
        }

        Requeue(number, order, request);
    }

    private static OrderStatus StatusOf(CancelReason reason) =>
        reason is CancelReason.ByClient or CancelReason.ByOperator ? OrderStatus.Canceled : OrderStatus.Expired;

    private void Requeue(int number, LiveOrder order, in RequestAmend request)
    {
        LiveOrder changed = order;
        changed.Limit = request.Price;
        changed.Remaining = request.Quantity - order.Filled;
        changed.Total = request.Quantity;
        changed.TakerFee = request.TakerFee;
        if (changed.IsPostOnly && entry.WouldCross(changed, out Price touched))
        {
            replies.AmendRefused(order, OrderEntry.CrossRefusal(changed, touched));
            return;
        }

        market.Book.Remove(number);
        replies.Amended(changed);
        if (changed.IsReduceOnly)
        {
            Quantity closable = ReduceOnlyCuts.Closable(market.Holders.QuantityOf(changed.Owner, changed.PositionSide), changed.Side);
            Quantity excess = changed.Remaining - closable;
            InvariantViolation.Check(closable.Lots > 0, "5: a reduce-only order rests without a position");
            if (excess.Lots > 0)
            {
                changed.Cut(excess);
                replies.Reduced(changed, excess);
            }
        }

        entry.MatchAndRest(ref changed);
    }
}
