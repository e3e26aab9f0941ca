using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>The prices a pool can depend on, numbered from 0: each market has a mark and an index.</summary>
public static class PriceDimension
{
    public static int OfMark(MarketId market) => (market.Value - 1) * 2;

    public static int OfIndex(MarketId market) => (market.Value - 1) * 2 + 1;

    public static bool IsMark(int dimension) => (dimension & 1) == 0;

    public static int CountFor(int markets) => markets * 2;
}

/// <summary>
/// One edge of a safe box: the pool is safe while the price of <paramref name="Dimension"/> is <paramref name="Low"/> or more and
/// <paramref name="High"/> or less (both safe themselves), in price units.
/// </summary>
/// <param name="Low">0 (<see cref="NoLow"/>): safe down to any price.</param>
/// <param name="High"><see cref="NoHigh"/>: safe up to any price.</param>
public readonly record struct PriceBounds(int Dimension, long Low, long High)
{
    public const long NoLow = 0;
    public const long NoHigh = long.MaxValue;

    public bool Contains(long price) => Low <= price && price <= High;
}
