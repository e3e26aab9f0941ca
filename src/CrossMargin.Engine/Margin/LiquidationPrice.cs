using CrossMargin.Model;

namespace CrossMargin.Engine.Margin;

/// <summary>
/// The price of one market at which a pool becomes liquidatable, other marks fixed. The search walks outward from the mark, down and
/// up, over the pieces on which the excess is linear but for rounding, and finds the first price unit where the one predicate holds.
/// </summary>
public static class LiquidationPrice
{
    // Within a piece the excess lies at most this many 1e-8 below an exact line, because every rounded term is rounded against the
    // trader: two maintenance margins, two profit shares, and one term for each collateral slice (added below).
    private const int RoundedTerms = 4;

    // A price at which the excess is within rounding of the limit is looked at unit by unit. More units than this lie there only where
    // the excess is flat to a few 1e-8 over all of them; then the first of them is the answer, on the safe side.
    private const int ScanLimit = 4096;

    /// <summary>
    /// The price shown to people: the nearest liquidating price on either side of the mark, rounded to the tick towards the mark's side
    /// (a price below the mark up, above it down). Null when there is none, or nothing above zero is left.
    /// </summary>
    public static Price? Find(in MovingPool pool)
    {
        if (FindExact(pool) is not { } exact) return null;
        bool down = exact < pool.Mark || (exact == pool.Mark && FallsDownwards(pool));
        Price tick = down ? pool.Spec.TickUp(exact) : pool.Spec.TickDown(exact);
        return tick.Units > 0 ? tick : null;
    }

    /// <summary>
    /// The first price unit, outward from the mark, where the predicate holds (the lower of two equally far); null when none.
    /// </summary>
    public static Price? FindExact(in MovingPool pool)
    {
        if (!pool.HasPosition || pool.Mark.IsNone) return null;
        if (pool.IsLiquidatableAt(pool.Mark)) return pool.Mark;
        long top = HighestPrice(pool);
        Span<long> edges = stackalloc long[Edges.Capacity(pool.Spec.Tiers)];
        edges = Edges.Collect(pool, edges);
        long? below = Walk(pool, edges, 1, pool.Mark.Units - 1, up: false);
        long? above = Walk(pool, edges, pool.Mark.Units + 1, top, up: true);
        if (below is null) return above is { } only ? new Price(only) : null;
        return above is { } a && a - pool.Mark.Units < pool.Mark.Units - below ? new Price(a) : new Price(below.Value);
    }

    // Visits the pieces between two edges from the mark's side outward.
    private static long? Walk(in MovingPool pool, ReadOnlySpan<long> edges, long low, long high, bool up)
    {
        if (low > high) return null;
        long inner = up ? low : high;
        int i = up ? 0 : edges.Length - 1;
        while (up ? inner <= high : inner >= low)
        {
            // Each edge is the first price of the piece above it.
            while (up ? i < edges.Length && edges[i] <= inner : i >= 0 && edges[i] > inner) i += up ? 1 : -1;
            long outer = up ? (i < edges.Length ? Math.Min(high, edges[i] - 1) : high) : (i >= 0 ? Math.Max(low, edges[i]) : low);
            if (InPiece(pool, inner, outer) is { } found) return found;
            inner = up ? outer + 1 : outer - 1;
        }

        return null;
    }

    // The first price from inner to outer where the predicate holds; the excess is a line less at most `noise` there.
    private static long? InPiece(in MovingPool pool, long inner, long outer)
    {
        int noise = RoundedTerms + (pool.Base?.Slices.Count ?? 0);
        long near = (pool.EqualityIsSafe ? -1 : 0) + noise;
        long atInner = Excess(pool, inner);
        long atOuter = Excess(pool, outer);
        int step = outer >= inner ? 1 : -1;
        if (atInner > near)
        {
            // Both ends of a line above the noise: all of it is.
            if (atOuter > near) return null;

            // The last price known to be clear and the first inside the noise, halved together: before the first, the line is clear.
            long clear = inner;
            long inside = outer;
            while (inside - clear != step)
            {
                long middle = clear + (inside - clear) / 2;
                if (Excess(pool, middle) > near) clear = middle;
                else inside = middle;
            }

            inner = inside;
        }

        long start = inner;
        for (int n = 0; n < ScanLimit; n++, inner += step)
        {
            if (pool.IsLiquidatableAt(new Price(inner))) return inner;
            if (inner == outer) return null;

            // The line leads out of the noise and does not come back within the piece.
            if (atOuter > near && Excess(pool, inner) > near) return null;
        }

        return start;
    }

    private static long Excess(in MovingPool pool, long price) => pool.ExcessAt(new Price(price)).E8;

    // Used at the mark only, where the pool is liquidatable already: which way it gets worse.
    private static bool FallsDownwards(in MovingPool pool)
    {
        long wide = Math.Max(1, pool.Mark.Units / 1000);
        Price lower = new(Math.Max(1, pool.Mark.Units - wide));
        Price higher = new(Math.Min(HighestPrice(pool), pool.Mark.Units + wide));
        return pool.ExcessAt(lower) <= pool.ExcessAt(higher);
    }

    // No figure of the pool can be held by an Amount above this price; it is out of every market's reach.
    private static long HighestPrice(in MovingPool pool)
    {
        Int128 perUnit = (Int128.Abs(pool.FirstQuantity.Lots) + Int128.Abs(pool.SecondQuantity.Lots)) * pool.Spec.AmountPerUnitLot;
        if (pool.Base is not null) perUnit += (Int128)pool.BaseBalance.E8 * pool.Spec.PriceUnitE18 / 1_000_000_000_000_000_000L + 1;
        Int128 highest = long.MaxValue / 8 / perUnit;
        return (long)Int128.Max(highest, pool.Mark.Units);
    }

    /// <summary>The prices at which the excess of a pool can bend or jump, ascending, each the first price of the piece above it.</summary>
    private static class Edges
    {
        public static int Capacity(TierTable tiers) => 2 * (2 + 3 * tiers.Count) + 2;

        public static Span<long> Collect(in MovingPool pool, Span<long> edges)
        {
            int n = 0;
            AddLeg(pool, pool.FirstQuantity, pool.FirstCost, edges, ref n);
            AddLeg(pool, pool.SecondQuantity, pool.SecondCost, edges, ref n);
            if (pool.Base is not null) AddBoth(edges, ref n, pool.Mark.Units - pool.BaseIndex.Units);
            edges = edges[..n];
            edges.Sort();
            return edges;
        }

        private static void AddLeg(in MovingPool pool, Quantity quantity, Amount cost, Span<long> edges, ref int n)
        {
            if (quantity.IsZero) return;
            Int128 perUnit = Int128.Abs(quantity.Lots) * pool.Spec.AmountPerUnitLot;
            TierTable tiers = pool.Spec.Tiers;
            for (int i = 0; i < tiers.Count; i++)
            {
                Tier tier = tiers[i];
                edges[n++] = Clamp(Rounding.DivUp(tier.Floor.E8, perUnit));
                AddBoth(edges, ref n, Rounding.DivDown((Int128)tier.Deduction.E8 * Rate.One, tier.Rate.E8 * perUnit));
            }

            AddBoth(edges, ref n, Rounding.DivDown(Int128.Abs(cost.E8), perUnit));
        }

        // Where a line crosses a limit between two prices, both are starts of pieces: an edge too many does no harm.
        private static void AddBoth(Span<long> edges, ref int n, Int128 price)
        {
            edges[n++] = Clamp(price);
            edges[n++] = Clamp(price + 1);
        }

        private static long Clamp(Int128 price) => (long)Int128.Clamp(price, 0, long.MaxValue);
    }
}
