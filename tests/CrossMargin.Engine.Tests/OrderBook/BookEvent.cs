using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;
using CrossMargin.TestKit.Twins;

namespace CrossMargin.Engine.Tests.OrderBook;

public enum BookEventKind
{
    Trade,
    HouseTrade,
    MakerExpired,
    Cut,
    End,
}

/// <summary>Something the book told its sink, the same for the fast and the naive book.</summary>
public readonly record struct BookEvent(
    BookEventKind Kind, int Account, long OrderId, long Price, long Lots, long MakerLeft, long TakerLeft);

/// <summary>The house's offers of both sides, best first; what is taken is gone.</summary>
public sealed class HouseLadder
{
    public List<(Price Price, Quantity Quantity)> Bids { get; } = [];
    public List<(Price Price, Quantity Quantity)> Asks { get; } = [];

    public List<(Price Price, Quantity Quantity)> For(Side takerSide) => takerSide == Side.Buy ? Asks : Bids;

    public HouseLadder Copy()
    {
        var copy = new HouseLadder();
        copy.Bids.AddRange(Bids);
        copy.Asks.AddRange(Asks);
        return copy;
    }

    public bool TryBest(Side takerSide, out Price price, out Quantity quantity)
    {
        List<(Price Price, Quantity Quantity)> offers = For(takerSide);
        (price, quantity) = offers.Count > 0 ? offers[0] : default;
        return offers.Count > 0;
    }

    public void Take(Side takerSide, Quantity quantity)
    {
        List<(Price Price, Quantity Quantity)> offers = For(takerSide);
        (Price price, Quantity left) = offers[0];
        if (left == quantity) offers.RemoveAt(0);
        else offers[0] = (price, left - quantity);
    }
}

/// <summary>Records the fast book's events; cuts the maker's reduce-only orders as its leg shrinks if asked to.</summary>
public readonly struct RecordingSink(LimitOrderBook book, List<BookEvent> events, HouseLadder house, bool cuts) : IMatchSink, IHouseDepth
{
    public bool TryHouse(Side takerSide, out Price price, out Quantity quantity) => house.TryBest(takerSide, out price, out quantity);

    public void OnTrade(ref TakerOrder taker, in OrderNode maker, Price price, Quantity quantity)
    {
        events.Add(new BookEvent(BookEventKind.Trade, maker.Account.Value, maker.OrderId.Value, price.Units, quantity.Lots,
            maker.Remaining.Lots, taker.Remaining.Lots));
        if (!cuts || maker.IsReduceOnly) return;
        (AccountId account, PositionSide leg, Side side) = (maker.Account, maker.PositionSide, maker.Side);
        for (Quantity left = quantity; left.Lots > 0 && book.TryNewestReduceOnly(account, leg, side, out int number);)
        {
            RestingOrder order = book.Get(number);
            Quantity cut = Quantity.Min(left, order.Remaining);
            if (cut == order.Remaining) book.Remove(number);
            else book.Reduce(number, order.Remaining - cut);
            left -= cut;
            events.Add(new BookEvent(BookEventKind.Cut, account.Value, order.OrderId.Value, order.Price.Units, cut.Lots, 0, 0));
        }
    }

    public void OnHouseTrade(ref TakerOrder taker, Price price, Quantity quantity)
    {
        house.Take(taker.Side, quantity);
        events.Add(new BookEvent(BookEventKind.HouseTrade, 0, 0, price.Units, quantity.Lots, 0, taker.Remaining.Lots));
    }

    public void OnMakerExpired(ref TakerOrder taker, in OrderNode maker) => events.Add(new BookEvent(
        BookEventKind.MakerExpired, maker.Account.Value, maker.OrderId.Value, 0, 0, maker.Remaining.Lots, taker.Remaining.Lots));

    public Quantity HouseDepth(Side takerSide, Price limit, bool inclusive)
    {
        long lots = 0;
        foreach ((Price price, Quantity quantity) in house.For(takerSide))
        {
            bool better = takerSide == Side.Buy ? price < limit : price > limit;
            if (better || (inclusive && price == limit)) lots += quantity.Lots;
        }

        return new Quantity(lots);
    }
}

/// <summary>The same for the naive book.</summary>
public readonly struct NaiveRecordingSink(NaiveOrderBook book, List<BookEvent> events, HouseLadder house, bool cuts) : INaiveMatchSink
{
    public bool TryHouse(Side takerSide, out Price price, out Quantity quantity) => house.TryBest(takerSide, out price, out quantity);

    public void OnTrade(ref TakerOrder taker, NaiveOrder maker, Price price, Quantity quantity)
    {
        events.Add(new BookEvent(BookEventKind.Trade, maker.Data.Account.Value, maker.Data.OrderId.Value, price.Units, quantity.Lots,
            maker.Remaining.Lots, taker.Remaining.Lots));
        if (!cuts || maker.Data.Flags.HasFlag(OrderFlags.ReduceOnly)) return;
        Quantity left = quantity;
        while (left.Lots > 0 && book.NewestReduceOnly(maker.Data.Account, maker.Data.PositionSide, maker.Data.Side) is { } order)
        {
            Quantity cut = Quantity.Min(left, order.Remaining);
            if (cut == order.Remaining) book.Remove(order);
            else book.Reduce(order, order.Remaining - cut);
            left -= cut;
            (int owner, long id, long at) = (order.Data.Account.Value, order.Data.OrderId.Value, order.Data.Price.Units);
            events.Add(new BookEvent(BookEventKind.Cut, owner, id, at, cut.Lots, 0, 0));
        }
    }

    public void OnHouseTrade(ref TakerOrder taker, Price price, Quantity quantity)
    {
        house.Take(taker.Side, quantity);
        events.Add(new BookEvent(BookEventKind.HouseTrade, 0, 0, price.Units, quantity.Lots, 0, taker.Remaining.Lots));
    }

    public void OnMakerExpired(ref TakerOrder taker, NaiveOrder maker) => events.Add(new BookEvent(BookEventKind.MakerExpired,
        maker.Data.Account.Value, maker.Data.OrderId.Value, 0, 0, maker.Remaining.Lots, taker.Remaining.Lots));
}
