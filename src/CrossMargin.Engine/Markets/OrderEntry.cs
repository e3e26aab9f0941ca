using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// Takes new orders. The account has reserved the margin; here it is decided what only the market knows: whether it trades, what the leg
/// holds, and what the book offers.
/// </summary>
internal sealed class OrderEntry(MarketState market, TradeBooking booking, OrderReplies replies)
{
    public void Submit(AccountId owner, in SubmitOrder submit)
    {
        LiveOrder order = LiveOrder.Of(owner, submit);
        Quantity closable = new(long.MaxValue);
        if (order.IsReduceOnly) closable = ReduceOnlyCuts.Closable(market.Holders.QuantityOf(owner, order.PositionSide), order.Side);
        Refusal refusal = Check(order, closable);
        if (!refusal.IsNone)
        {
            replies.Refused(order, refusal);
            return;
        }

        if (order.GoodTill.Milliseconds != 0 && order.GoodTill <= market.Now)
        {
            replies.Ended(order, OrderStatus.Expired, CancelReason.GoodTillDate);
            return;
        }

        if (order.IsPostOnly && WouldCross(order, out Price touched))
        {
            replies.Ended(order, OrderStatus.Expired, CancelReason.WouldCross, CrossRefusal(order, touched));
            return;
        }

        Quantity excess = order.Remaining - closable;
        if (order.TimeInForce == TimeInForce.Fok && !IsFillable(order, excess)) return;
        if (excess.Lots > 0)
        {
            order.Cut(excess);
            replies.Reduced(order, excess);
        }

        MatchAndRest(ref order);
    }

    /// <summary>Matches an order that may take; what remains rests or ends.</summary>
    public void MatchAndRest(ref LiveOrder order)
    {
        MatchOutcome outcome = booking.Match(ref order);
        if (outcome == MatchOutcome.Filled) return;
        if (outcome == MatchOutcome.SelfTradePrevented)
        {
            replies.Ended(order, OrderStatus.ExpiredInMatch, CancelReason.SelfTrade);
            return;
        }

        if (!order.Rests)
        {
            CancelReason reason = order.IsMarket ? CancelReason.PriceBound
                : order.TimeInForce == TimeInForce.Fok ? CancelReason.FillOrKill : CancelReason.ImmediateOrCancel;
            replies.Ended(order, OrderStatus.Expired, reason);
            return;
        }

        if (order.IsReduceOnly && !FitBeside(ref order)) return;
        market.Book.Add(order.ToResting());
        replies.Accepted(order);
    }

    /// <summary>Whether an order at this limit would trade at once, and at what price.</summary>
    public bool WouldCross(in LiveOrder order, out Price touched)
    {
        Side opposite = order.Side == Side.Buy ? Side.Sell : Side.Buy;
        Price house = market.HouseBest(order.Side);
        touched = Price.None;
        if (!market.Book.WouldCross(order.Side, order.Limit, house)) return false;
        touched = market.Best(opposite).Price;
        return true;
    }

    public static Refusal CrossRefusal(in LiveOrder order, Price touched) =>
        Refusal.Because(RejectReason.WouldCross, touched.Units, order.Limit.Units);

    private Refusal Check(in LiveOrder order, Quantity closable)
    {
        PauseReason pause = market.Guard.Reason;
        if (pause == PauseReason.Halted) return Refusal.Because(RejectReason.MarketHalted);
        if (order.IsMarket && pause != PauseReason.None) return Refusal.Because(RejectReason.PriceUnavailable, 0, (long)pause);
        if (closable.Lots <= 0) return Refusal.Because(RejectReason.ReduceOnlyRejected, 0, order.Remaining.Lots);
        return Refusal.None;
    }

    /// <summary>Fill-or-kill counts what the order may take: its size, or what it may close.</summary>
    private bool IsFillable(LiveOrder order, Quantity excess)
    {
        LiveOrder whole = order;
        if (excess.Lots > 0) order.Cut(excess);
        Quantity fillable = booking.Fillable(order);
        if (fillable >= order.Remaining) return true;
        Refusal refusal = Refusal.Because(RejectReason.FillOrKillNotFillable, fillable.Lots, order.Remaining.Lots);
        replies.Ended(whole, OrderStatus.Expired, CancelReason.FillOrKill, refusal);
        return false;
    }

    /// <summary>
    /// A reduce-only order that is to rest is the newest of its leg: it is cut to what the others leave. False if nothing is left.
    /// </summary>
    private bool FitBeside(ref LiveOrder order)
    {
        Quantity position = market.Holders.QuantityOf(order.Owner, order.PositionSide);
        Quantity others = market.Book.ReduceOnlyQuantity(order.Owner, order.PositionSide, order.Side);
        Quantity room = ReduceOnlyCuts.Closable(position, order.Side) - others;
        if (room.Lots <= 0)
        {
            replies.Ended(order, OrderStatus.Expired, CancelReason.ReduceOnlyCut);
            return false;
        }

        Quantity excess = order.Remaining - room;
        if (excess.Lots <= 0) return true;
        order.Cut(excess);
        replies.Reduced(order, excess);
        return true;
    }
}
