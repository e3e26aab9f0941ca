using System.Runtime.CompilerServices;
using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>Matching: best price first, first come first served at a price, the house behind every trader at its price.</summary>
public sealed partial class LimitOrderBook
{
    /// <summary>
    /// Matches an incoming order against the other side and the house until it is filled, its limit is reached, or self-trade prevention
    /// (by the incoming order's mode) ends it. The rest is the caller's: nothing is put onto the book.
    /// </summary>
    public MatchOutcome Match<TSink>(ref TakerOrder taker, ref TSink sink)
        where TSink : struct, IMatchSink, allows ref struct
    {
        InvariantViolation.Check(taker.Remaining.Lots > 0 && taker.Limit.Units > 0, "an incoming order has no size or no limit");
        Side takerSide = taker.Side;
        BookSide makers = takerSide == Side.Buy ? _asks : _bids;
        while (taker.Remaining.Lots > 0)
        {
            int best = makers.Best;
            long bestUnits = best == 0 ? 0 : _levels[best].PriceUnits;
            bool reachable = best != 0 && IsWithin(takerSide, bestUnits, taker.Limit.Units);
            if (sink.TryHouse(takerSide, out Price housePrice, out Quantity offered)
                && IsWithin(takerSide, housePrice.Units, taker.Limit.Units)
                && (!reachable || !IsWithin(takerSide, bestUnits, housePrice.Units)))
            {
                TradeWithHouse(ref taker, ref sink, housePrice, offered);
                continue;
            }

            if (!reachable) return End(MatchOutcome.LimitReached);
            int number = _levels[best].First;
            ref OrderNode maker = ref _nodes[number];
            if (maker.Owner == taker.Account.Value && taker.SelfTradePrevention != SelfTradePrevention.None)
            {
                if (PreventSelfTrade(ref taker, ref sink, number, ref maker)) return End(MatchOutcome.SelfTradePrevented);
                continue;
            }

            Trade(ref taker, ref sink, number, ref maker, best, bestUnits);
        }

        return End(MatchOutcome.Filled);
    }

    /// <summary>True if an order of this side and limit would trade at once, with a resting order or with the house
    /// (<paramref name="houseBest"/> is the house's best price for that taker, or none).</summary>
    public bool WouldCross(Side takerSide, Price limit, Price houseBest)
    {
        Price best = takerSide == Side.Buy ? BestAsk : BestBid;
        return (!best.IsNone && IsWithin(takerSide, best.Units, limit.Units))
            || (!houseBest.IsNone && IsWithin(takerSide, houseBest.Units, limit.Units));
    }

    /// <summary>True if a price is no worse for a taker than a limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWithin(Side takerSide, long units, long limitUnits) =>
        takerSide == Side.Buy ? units <= limitUnits : units >= limitUnits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Trade<TSink>(ref TakerOrder taker, ref TSink sink, int number, ref OrderNode maker, int level, long units)
        where TSink : struct, IMatchSink, allows ref struct
    {
        long lots = Math.Min(maker.RemainingLots, taker.Remaining.Lots);
        InvariantViolation.Check(lots > 0, "a trade without a size");
        bool filled = lots == maker.RemainingLots;
        taker.Remaining = new Quantity(taker.Remaining.Lots - lots);
        if (filled)
        {
            Detach(number, ref maker);
            maker.RemainingLots = 0;
        }
        else
        {
            maker.RemainingLots -= lots;
            _levels[level].TotalLots -= lots;
        }

        sink.OnTrade(ref taker, in maker, new Price(units), new Quantity(lots));
        if (filled) _nodes.Free(number);
    }

    private void TradeWithHouse<TSink>(ref TakerOrder taker, ref TSink sink, Price price, Quantity offered)
        where TSink : struct, IMatchSink, allows ref struct
    {
        InvariantViolation.Check(offered.Lots > 0 && price.Units > 0, "the house offers nothing");
        Quantity quantity = Quantity.Min(offered, taker.Remaining);
        taker.Remaining -= quantity;
        sink.OnHouseTrade(ref taker, price, quantity);
    }

    /// <summary>True if the incoming order ends.</summary>
    private bool PreventSelfTrade<TSink>(ref TakerOrder taker, ref TSink sink, int number, ref OrderNode maker)
        where TSink : struct, IMatchSink, allows ref struct
    {
        if (taker.SelfTradePrevention == SelfTradePrevention.ExpireTaker) return true;
        bool endsTaker = taker.SelfTradePrevention == SelfTradePrevention.ExpireBoth;
        Detach(number, ref maker);
        sink.OnMakerExpired(ref taker, in maker);
        _nodes.Free(number);
        return endsTaker;
    }

    private MatchOutcome End(MatchOutcome outcome)
    {
        int bid = _bids.Best;
        int ask = _asks.Best;
        bool apart = bid == 0 || ask == 0 || _levels[bid].PriceUnits < _levels[ask].PriceUnits;
        InvariantViolation.Check(apart, "best bid and best ask meet after a match");
        return outcome;
    }
}
