using CrossMargin.Model;

namespace CrossMargin.Engine.Pricing;

/// <summary>
/// The mark price: median of Price 1 = index × (1 + last funding rate × time left / interval), Price 2 = index + mean of (mid − index)
/// over the basis window, and the last price. Every division rounds to the nearest unit, ties to even; the result is at least one unit.
/// </summary>
public static class MarkPrice
{
    /// <param name="index">&gt; 0.</param>
    /// <param name="last">The last trade's price; none: the index.</param>
    /// <param name="fundingRate">The rate of the last settlement, per interval.</param>
    /// <param name="millisecondsLeft">Time to the next settlement, 0 to the interval.</param>
    /// <param name="basisTwice">Twice the mean of (mid − index), rounded half to even; 0 without samples.</param>
    public static Price Of(Price index, Price last, Rate fundingRate, long millisecondsLeft, long interval, long basisTwice)
    {
        long price1 = index.Units + (long)Rounding.DivHalfEven(
            (Int128)index.Units * fundingRate.E8 * millisecondsLeft, (Int128)Rate.One * interval);
        long price2 = index.Units + (long)Rounding.DivHalfEven(basisTwice, 2);
        long price3 = last.IsNone ? index.Units : last.Units;
        return new Price(Math.Max(1, Median(price1, price2, price3)));
    }

    private static long Median(long a, long b, long c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
