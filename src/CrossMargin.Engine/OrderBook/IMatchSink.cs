using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>
/// What <see cref="LimitOrderBook.Match{TSink}"/> tells and asks its caller. Each call comes after the book has done what it tells. During
/// a call the sink may remove and reduce any resting order; it may lower the taker's remaining quantity. Copy what is needed of a maker
/// before changing the book: its node may be reused.
/// </summary>
public interface IMatchSink
{
    /// <summary>
    /// The house's best offer to a taker, asked before each match. Quantity &gt; 0. It trades before resting orders at a worse price and
    /// after all those at its own.
    /// </summary>
    bool TryHouse(Side takerSide, out Price price, out Quantity quantity);

    /// <summary>
    /// A match with a resting order. <paramref name="maker"/> is already reduced; if nothing remains it has left the book. The taker's
    /// remaining quantity is reduced too.
    /// </summary>
    void OnTrade(ref TakerOrder taker, in OrderNode maker, Price price, Quantity quantity);

    /// <summary>A match with the house. What it offers next must be less by this much.</summary>
    void OnHouseTrade(ref TakerOrder taker, Price price, Quantity quantity);

    /// <summary>
    /// The taker met an order of its own account under ExpireMaker or ExpireBoth: <paramref name="maker"/> has left the book.
    /// </summary>
    void OnMakerExpired(ref TakerOrder taker, in OrderNode maker);
}

/// <summary>The house's liquidity, for looking ahead.</summary>
public interface IHouseDepth
{
    /// <summary>
    /// What the house offers a taker in all at prices no worse than <paramref name="limit"/>; strictly better ones only if
    /// <paramref name="inclusive"/> is false.
    /// </summary>
    Quantity HouseDepth(Side takerSide, Price limit, bool inclusive);
}
