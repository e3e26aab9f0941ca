using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>One side's levels: linked from the best outward, found by tick through the ladder.</summary>
internal sealed class BookSide(Side side, LevelPool levels, long tickUnits)
{
    private readonly PriceLadder _ladder = new();

    /// <summary>The best level, 0 if the side is empty.</summary>
    public int Best { get; private set; }

    public long AllocatedBytes => _ladder.AllocatedBytes;

    public int LevelAt(long priceUnits)
    {
        int best = Best;
        if (best != 0 && levels[best].PriceUnits == priceUnits) return best;
        long tick = TickOf(priceUnits);
        int level = _ladder.Find(tick);
        return level != 0 ? level : AddLevel(priceUnits, tick);
    }

    /// <summary>Takes an empty level off the book.</summary>
    public void Remove(int level)
    {
        ref PriceLevel leaving = ref levels[level];
        InvariantViolation.Check(leaving.Count == 0 && leaving.TotalLots == 0, "a price level with orders was removed");
        if (leaving.Better != 0) levels[leaving.Better].Worse = leaving.Worse;
        else Best = leaving.Worse;
        if (leaving.Worse != 0) levels[leaving.Worse].Better = leaving.Better;
        _ladder.Clear(leaving.Tick);
        levels.Free(level);
    }

    public void Clear()
    {
        _ladder.Clear();
        Best = 0;
    }

    private int AddLevel(long priceUnits, long tick)
    {
        int better = side == Side.Buy ? _ladder.Above(tick) : _ladder.Below(tick);
        int level = levels.Take();
        ref PriceLevel added = ref levels[level];
        added.PriceUnits = priceUnits;
        added.Tick = tick;
        added.Better = better;
        if (better == 0)
        {
            added.Worse = Best;
            Best = level;
        }
        else
        {
            added.Worse = levels[better].Worse;
            levels[better].Worse = level;
        }

        if (added.Worse != 0) levels[added.Worse].Better = level;
        _ladder.Set(tick, level);
        return level;
    }

    private long TickOf(long priceUnits)
    {
        // A 32-bit division is several times cheaper, and most prices fit.
        bool small = priceUnits <= uint.MaxValue && tickUnits <= uint.MaxValue;
        long tick = small ? (uint)priceUnits / (uint)tickUnits : priceUnits / tickUnits;
        InvariantViolation.Check(tick * tickUnits == priceUnits, "an order's price is not on a tick");
        return tick;
    }
}
