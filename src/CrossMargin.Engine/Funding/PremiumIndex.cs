using CrossMargin.Model;

namespace CrossMargin.Engine.Funding;

/// <summary>
/// The premium of a funding interval: samples of (max(0, impact bid − index) − max(0, index − impact ask)) / index, to the nearest 1e-8
/// with ties to even, weighted by their number in the interval (1 for the first to n for the last), the mean rounded likewise.
/// </summary>
public sealed class PremiumIndex
{
    private Int128 _weighted;

    /// <summary>Samples since the interval began.</summary>
    public long Count { get; private set; }

    /// <summary>The time-weighted mean; 0 without samples.</summary>
    public Rate MeanHalfEven
    {
        get
        {
            if (Count == 0) return Rate.Zero;
            return new Rate((long)Rounding.DivHalfEven(_weighted, (Int128)Count * (Count + 1) / 2));
        }
    }

    /// <summary>One sample. A side whose depth does not hold the impact notional (none) shows no premium of its own.</summary>
    public static Rate SampleHalfEven(Price index, Price impactBid, Price impactAsk)
    {
        Int128 above = impactBid.IsNone ? 0 : Math.Max(0, impactBid.Units - index.Units);
        Int128 below = impactAsk.IsNone ? 0 : Math.Max(0, index.Units - impactAsk.Units);
        return new Rate((long)Rounding.DivHalfEven((above - below) * Rate.One, index.Units));
    }

    /// <summary>Adds the same sample for each of <paramref name="times"/> sample times.</summary>
    public void Add(Rate premium, long times)
    {
        // Σ of the weights Count + 1 to Count + times.
        Int128 weight = (Int128)times * Count + (Int128)times * (times + 1) / 2;
        _weighted += premium.E8 * weight;
        Count += times;
    }

    /// <summary>A new interval begins.</summary>
    public void Reset()
    {
        _weighted = 0;
        Count = 0;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt128(_weighted);
        writer.WriteInt64(Count);
    }

    public void Read(StateReader reader)
    {
        _weighted = reader.ReadInt128();
        Count = reader.ReadInt64();
        if (Count < 0) throw reader.Fault("a negative number of premium samples");
    }
}
