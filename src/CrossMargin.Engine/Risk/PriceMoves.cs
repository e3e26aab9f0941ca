using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>
/// A running mean of |relative move| per price, which only decides how a box's slack is split. It starts at a share of the market's wild
/// band and is no part of any state.
/// </summary>
internal sealed class PriceMoves
{
    private const int Smoothing = 32;
    private readonly long[] _volatility;

    public PriceMoves(VenueProfile profile)
    {
        _volatility = new long[PriceDimension.CountFor(profile.Markets.Count)];
        foreach (MarketSpec spec in profile.Markets)
        {
            long start = Math.Max(1, spec.JumpBand.E8 / 64);
            _volatility[PriceDimension.OfMark(spec.Id)] = start;
            _volatility[PriceDimension.OfIndex(spec.Id)] = start;
        }
    }

    /// <summary>By price dimension, in 1e-8 of the price, ≥ 1.</summary>
    public ReadOnlySpan<long> Volatility => _volatility;

    public void Observe(int dimension, Price before, Price now)
    {
        if (before.IsNone) return;
        long distance = Math.Abs(now.Units - before.Units);
        long move = distance >= before.Units ? Rate.One : Rounding.MulDivDown(distance, Rate.One, before.Units);
        ref long mean = ref _volatility[dimension];
        mean = Math.Max(1, mean + (move - mean) / Smoothing);
    }
}
