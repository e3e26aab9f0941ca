namespace CrossMargin.Model;

/// <summary>
/// Funding and mark-price parameters of a market. Rate per interval = clamp(P + clamp(I − P, ±inner), ±cap) / (8 h / interval), where
/// P is the time-weighted mean premium (source: Binance's and OKX's funding pages; `venues.md` §§3, 5).
/// </summary>
public sealed record FundingSpec
{
    /// <summary>Length of a funding interval; funding falls due at whole multiples of it since the epoch. 1 to 24 h, dividing 24 h.</summary>
    public required long IntervalMilliseconds { get; init; }

    /// <summary>Interest I per 8 hours.</summary>
    public required Rate InterestPer8Hours { get; init; }

    /// <summary>Inner clamp on (I − P): ±0.05 % at most venues.</summary>
    public required Rate InnerClamp { get; init; }

    /// <summary>Outer cap on the rate per 8 hours before it is divided by the intervals in 8 hours.</summary>
    public required Rate Cap { get; init; }

    /// <summary>The notional walked through the book for impact bid and ask.</summary>
    public required Amount ImpactNotional { get; init; }

    /// <summary>Time between two premium samples.</summary>
    public required long SampleMilliseconds { get; init; }

    /// <summary>Window of the moving average of (mid − index) in the mark price.</summary>
    public required long BasisWindowMilliseconds { get; init; }

    /// <summary>Time between two samples of (mid − index).</summary>
    public required long BasisSampleMilliseconds { get; init; }
}

/// <summary>
/// The house's synthetic ladder around the index: level k (0-based) lies at index ∓ (half spread + k × step), its size is
/// depth × (1 + k × growth); what is taken refills linearly over the refill time. Depth 0 means no house liquidity.
/// </summary>
public sealed record HouseSpec
{
    public required bool Enabled { get; init; }
    public required int Levels { get; init; }

    /// <summary>Distance of the first level from the index, fraction of the index.</summary>
    public required Rate HalfSpread { get; init; }

    /// <summary>Distance between two levels, fraction of the index.</summary>
    public required Rate LevelStep { get; init; }

    /// <summary>Size of level 0 by notional, when the feed does not state a volume.</summary>
    public required Amount DepthNotional { get; init; }

    /// <summary>In a replay: share of the bar's recorded volume that the whole ladder of one side shows.</summary>
    public required Rate VolumeShare { get; init; }

    /// <summary>Each next level is larger by this fraction of level 0.</summary>
    public required Rate LevelGrowth { get; init; }

    /// <summary>Time in which an empty level refills completely.</summary>
    public required long RefillMilliseconds { get; init; }
}
