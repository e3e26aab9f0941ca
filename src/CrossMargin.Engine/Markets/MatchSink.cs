using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>Passes the book's matches on to <see cref="TradeBooking"/>.</summary>
/// <param name="booking">Knows the incoming order.</param>
/// <param name="withHouse">False when the house itself is the taker: it does not trade with itself.</param>
internal readonly struct MatchSink(TradeBooking booking, bool withHouse) : IMatchSink
{
    public bool TryHouse(Side takerSide, out Price price, out Quantity quantity)
    {
        if (withHouse) return booking.TryHouse(takerSide, out price, out quantity);
        price = Price.None;
        quantity = Quantity.Zero;
        return false;
    }

    // :: Step 6: the trade is booked and a fill goes to each side
    public void OnTrade(ref TakerOrder taker, in OrderNode maker, Price price, Quantity quantity) =>
        booking.Trade(ref taker, maker, price, quantity);

    public void OnHouseTrade(ref TakerOrder taker, Price price, Quantity quantity) => booking.HouseTrade(ref taker, price, quantity);

    public void OnMakerExpired(ref TakerOrder taker, in OrderNode maker) => booking.MakerExpired(maker);
}

/// <summary>The house's depth, for fill-or-kill.</summary>
internal readonly struct HouseLook(HouseLadder ladder) : IHouseDepth
{
    public Quantity HouseDepth(Side takerSide, Price limit, bool inclusive) => ladder.DepthWithin(takerSide, limit, inclusive);
}
