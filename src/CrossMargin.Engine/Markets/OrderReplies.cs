using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>The order updates a market sends.</summary>
internal sealed class OrderReplies(MarketId market, MarketPost post)
{
    /// <summary>The order rests with what remains of it.</summary>
    public void Accepted(in LiveOrder order) =>
        Send(order, OrderUpdateKind.Accepted, order.OpenStatus, CancelReason.None, default, Refusal.None);

    /// <summary>Nothing of the order happened.</summary>
    public void Refused(in LiveOrder order, Refusal refusal)
    {
        OrderUpdate update = Of(order, OrderUpdateKind.Refused, OrderStatus.Rejected, CancelReason.None, order.Remaining, refusal);
        update.Leaves = Quantity.Zero;
        post.Send(order.Owner, update);
    }

    /// <summary>What was open of the order is gone.</summary>
    public void Ended(in LiveOrder order, OrderStatus status, CancelReason reason, Refusal refusal = default)
    {
        OrderUpdate update = Of(order, OrderUpdateKind.Ended, status, reason, order.Remaining, refusal);
        update.Leaves = Quantity.Zero;
        post.Send(order.Owner, update);
    }

    public void Ended(in RestingOrder order, OrderStatus status, CancelReason reason) => Ended(LiveOrder.Of(order), status, reason);

    /// <summary>The order was cut by <paramref name="canceled"/>; <paramref name="order"/> is what is left.</summary>
    public void Reduced(in LiveOrder order, Quantity canceled) =>
        Send(order, OrderUpdateKind.Reduced, order.OpenStatus, CancelReason.ReduceOnlyCut, canceled, Refusal.None);

    public void Amended(in LiveOrder order) =>
        Send(order, OrderUpdateKind.Amended, order.OpenStatus, CancelReason.None, default, Refusal.None);

    /// <summary>The order stays as it is.</summary>
    public void AmendRefused(in LiveOrder order, Refusal refusal) =>
        Send(order, OrderUpdateKind.AmendRefused, order.OpenStatus, CancelReason.None, default, refusal);

    /// <summary>Cancel or amend of an order that is not on the book.</summary>
    public void Unknown(AccountId account, OrderId order, OrderUpdateKind what) =>
        post.Send(account, new OrderUpdate
        {
            Order = order,
            Refusal = Refusal.Because(RejectReason.UnknownOrder, 0, order.Value),
            Market = market,
            What = what,
        });

    private void Send(
        in LiveOrder order, OrderUpdateKind what, OrderStatus status, CancelReason reason, Quantity canceled, Refusal refusal) =>
        post.Send(order.Owner, Of(order, what, status, reason, canceled, refusal));

    private OrderUpdate Of(
        in LiveOrder order, OrderUpdateKind what, OrderStatus status, CancelReason reason, Quantity canceled, Refusal refusal) => new()
        {
            Order = order.Order,
            Algo = order.Algo,
            Refusal = refusal,
            Price = order.Limit,
            Quantity = order.Total,
            Leaves = order.Remaining,
            Canceled = canceled,
            Market = market,
            What = what,
            Status = status,
            Reason = reason,
        };
}
