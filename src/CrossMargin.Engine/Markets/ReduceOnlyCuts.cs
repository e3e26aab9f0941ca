using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>Keeps an account's resting reduce-only orders of a leg within its position: the newest is cut first.</summary>
internal sealed class ReduceOnlyCuts(MarketState market, OrderReplies replies)
{
    /// <summary>How much orders of this side may close of a position: none unless it lies opposite.</summary>
    public static Quantity Closable(Quantity position, Side side)
    {
        bool opposite = side == Side.Sell ? position.Lots > 0 : position.Lots < 0;
        return opposite ? position.Abs : Quantity.Zero;
    }

    /// <summary>
    /// After a leg went from <paramref name="before"/> to <paramref name="after"/>: cuts what would close more than there is.
    /// </summary>
    public void AfterFill(AccountId account, PositionSide leg, Quantity before, Quantity after)
    {
        if (before.IsZero || (after.Sign == before.Sign && after.Abs >= before.Abs)) return;
        if (market.Book.ReduceOnlyCountOf(account) == 0) return;
        Side closing = before.Lots > 0 ? Side.Sell : Side.Buy;
        CutTo(account, leg, closing, Closable(after, closing));
    }

    private void CutTo(AccountId account, PositionSide leg, Side closing, Quantity allowed)
    {
        LimitOrderBook book = market.Book;
        Quantity excess = book.ReduceOnlyQuantity(account, leg, closing) - allowed;
        while (excess.Lots > 0 && book.TryNewestReduceOnly(account, leg, closing, out int number))
        {
            Quantity remaining = book[number].Remaining;
            if (remaining <= excess)
            {
                replies.Ended(book.Remove(number), OrderStatus.Expired, CancelReason.ReduceOnlyCut);
                excess -= remaining;
                continue;
            }

            book.Reduce(number, remaining - excess);
            replies.Reduced(LiveOrder.Of(book.Get(number)), excess);
            excess = Quantity.Zero;
        }
    }
}
