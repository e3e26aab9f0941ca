using CrossMargin.Model;

namespace CrossMargin.Engine.Funding;

/// <summary>The funding rate of an interval and what a holder pays at it.</summary>
public static class FundingRate
{
    private const long EightHours = 8 * 3_600_000L;

    /// <summary>
    /// clamp(P + clamp(I − P, ±inner), ±cap), per 8 hours, divided once by the intervals in 8 hours; to the nearest 1e-8, ties to even.
    /// </summary>
    public static Rate PerIntervalHalfEven(FundingSpec spec, Rate premium)
    {
        Rate inner = Clamp(spec.InterestPer8Hours - premium, spec.InnerClamp);
        Rate per8Hours = Clamp(premium + inner, spec.Cap);
        return new Rate((long)Rounding.DivHalfEven((Int128)per8Hours.E8 * spec.IntervalMilliseconds, EightHours));
    }

    /// <summary>
    /// What a position owes at the mark (negative: receives): notional × rate towards +∞, so that payers pay up and receivers get down.
    /// </summary>
    public static Amount OwedUp(MarketSpec spec, Quantity position, Price mark, Rate rate) =>
        new(Rounding.MulDivUp(spec.Notional(mark, position).E8, rate.E8, Rate.One));

    private static Rate Clamp(Rate value, Rate limit) => new(Math.Clamp(value.E8, -limit.E8, limit.E8));
}
