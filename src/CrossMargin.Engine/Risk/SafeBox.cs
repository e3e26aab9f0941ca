namespace CrossMargin.Engine.Risk;

/// <summary>
/// Boxes of prices in which a sound pool stays sound. Each term of X is concave between its limits, so it is lowest at one of its two
/// bounds, and the box is proved by its worst corner alone. Boxes are a cache: which of the valid ones is taken changes no result.
/// </summary>
public static class SafeBox
{
    private const int MaxSteps = 64;
    private const int MaxOnStack = 64;
    private const long Largest = long.MaxValue / 2;

    /// <summary>
    /// A box around the prices of the loaded, sound pool, one entry a term. What X has to spare is split over the terms by exposure ×
    /// <paramref name="volatility"/> (by dimension; any unit, ≥ 1). With nothing to spare it is the point of these prices.
    /// </summary>
    public static void Build(ExcessTerms terms, ReadOnlySpan<long> volatility, Span<PriceBounds> box)
    {
        Int128 spare = terms.Excess - terms.Required;
        if (spare < 0)
        {
            for (int i = 0; i < terms.Count; i++) box[i] = new PriceBounds(terms.Dimension(i), terms.Price(i), terms.Price(i));
            return;
        }

        int count = terms.Count;
        Span<long> slopes = count <= MaxOnStack ? stackalloc long[count] : new long[count];
        Span<long> weights = count <= MaxOnStack ? stackalloc long[count] : new long[count];
        for (int i = 0; i < count; i++) slopes[i] = terms.SlopeAt(i, terms.Price(i));
        long total = Weigh(terms, slopes, volatility, weights);
        long slack = spare > long.MaxValue / 4 ? long.MaxValue / 4 : (long)spare;
        long each = slack / total;
        long rest = slack % total;
        for (int i = 0; i < count; i++)
        {
            long budget = each * weights[i] + rest * weights[i] / total;
            long high = terms.NeverFallsUp(i) ? PriceBounds.NoHigh : Reach(terms, i, budget, -slopes[i], down: false);
            box[i] = new PriceBounds(terms.Dimension(i), Reach(terms, i, budget, slopes[i], down: true), high);
        }
    }

    /// <summary>
    /// Whether the box that the index keeps for a pool still holds the prices of the pool as loaded now, covers all of its terms, and
    /// proves that it is sound at each of the box's points.
    /// </summary>
    public static bool Proves(ExcessTerms terms, RiskIndex index, int pool)
    {
        Int128 worst = terms.Excess;
        for (int i = 0; i < terms.Count; i++)
        {
            if (!index.TryGet(pool, terms.Dimension(i), out PriceBounds bounds) || !bounds.Contains(terms.Price(i))) return false;
            if (!TryWorst(terms, i, bounds, out Int128 lowest)) return false;
            worst += lowest - terms.Value(i);
        }

        return worst >= terms.Required;
    }

    /// <summary>The term's value at its worse bound; false where the bounds pass the piece in which the corners decide.</summary>
    private static bool TryWorst(ExcessTerms terms, int term, in PriceBounds bounds, out Int128 lowest)
    {
        lowest = 0;
        if (bounds.Low < terms.Low(term)) return false;
        if (bounds.High == PriceBounds.NoHigh)
        {
            if (!terms.NeverFallsUp(term)) return false;
            lowest = terms.ValueAt(term, bounds.Low);
            return true;
        }

        if (bounds.High > terms.High(term)) return false;
        lowest = terms.ValueAt(term, bounds.Low);
        if (bounds.High != bounds.Low) lowest = Int128.Min(lowest, terms.ValueAt(term, bounds.High));
        return true;
    }

    /// <summary>
    /// The farthest price towards which the term falls by no more than <paramref name="budget"/> ≥ 0, or a nearer one. A tangent of a
    /// concave curve lies above it: the first guess, by <paramref name="fall"/> a unit, is on or beyond the true place, and each step back
    /// from beyond lands between. What is returned was evaluated exactly.
    /// </summary>
    private static long Reach(ExcessTerms terms, int term, long budget, long fall, bool down)
    {
        long start = terms.Price(term);
        long limit = down ? terms.Low(term) : terms.High(term);
        int bits = terms.SlopeBits(term);
        Int128 target = terms.Value(term) - budget;
        long at = limit;
        if (fall > 0)
        {
            long step = Divide(budget, bits, fall + 2);
            long room = down ? start - limit : limit - start;
            if (step < room) at = down ? start - step : start + step;
        }

        for (int i = 0; i < MaxSteps; i++)
        {
            Int128 value = terms.ValueAt(term, at);
            if (value >= target) return at;
            long slope = terms.SlopeAt(term, at);
            long inward = Math.Max(1, (down ? slope : -slope) - 2);
            Int128 missing = target - value;
            long back = missing > long.MaxValue / 4 ? long.MaxValue / 4 : Divide((long)missing, bits, inward);
            if (back >= (down ? start - at : at - start) - 1) return start;
            at = down ? at + back + 1 : at - back - 1;
        }

        return start;
    }

    /// <summary>amount × 2^bits / slope, rounded down; saturates far beyond any price.</summary>
    private static long Divide(long amount, int bits, long slope)
    {
        if (amount <= long.MaxValue >> bits) return (amount << bits) / slope;
        long whole = amount / slope;
        return whole <= long.MaxValue >> (bits + 2) ? whole << bits : long.MaxValue / 4;
    }

    /// <summary>Weights ≥ 1 whose sum has few enough bits that a product of two fits; returns the sum.</summary>
    private static long Weigh(ExcessTerms terms, ReadOnlySpan<long> slopes, ReadOnlySpan<long> volatility, Span<long> weights)
    {
        Int128 sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            // What a usual move of the price costs; a hedge, whose legs cancel out, still counts by a part of its size.
            long slope = Math.Max(Math.Abs(slopes[i]), terms.GrossSlope(i) / 64);
            Int128 exposure = (Int128)slope * Math.Max(1, terms.Price(i)) >> terms.SlopeBits(i);
            weights[i] = exposure < Largest ? Math.Max(1, (long)exposure) : Largest;
            sum += (Int128)weights[i] * Math.Max(1, volatility[terms.Dimension(i)]);
        }

        int shift = Math.Max(0, 97 - (int)Int128.LeadingZeroCount(sum)); // 31 bits are left
        long total = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Max(1, (long)((Int128)weights[i] * Math.Max(1, volatility[terms.Dimension(i)]) >> shift));
            total += weights[i];
        }

        return Math.Max(1, total);
    }
}
