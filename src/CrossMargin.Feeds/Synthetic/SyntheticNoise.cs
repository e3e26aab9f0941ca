using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Synthetic;

/// <summary>
/// What chance does to generated prices in one step, named by the draw: returns in 1e-9 and volumes, functions of seed and draw alone.
/// </summary>
internal sealed class SyntheticNoise(SyntheticSpec spec)
{
    /// <summary>1 as returns are counted.</summary>
    public const long Whole = 1_000_000_000;

    private const ulong Streams = 0x4C495645 << 16;
    private const ulong AssetStream = Streams + 0xFFFD;
    private const ulong DrawsPerStep = 4;
    private const long Ppm = 1_000_000;
    private const long MostChange = Whole / 2;
    private const long HourMilliseconds = 3_600_000;
    private const long DayMilliseconds = 86_400_000;
    private const long VolumeBucketMilliseconds = 300_000;

    // Standard deviations of one step in 1e-9: those of an hour by the root of time.
    private readonly long _common = Deviation(spec.CommonVolatility, spec.StepMilliseconds);
    private readonly long _own = Deviation(spec.OwnVolatility, spec.StepMilliseconds);
    private readonly CounterRandom _random = new(spec.Seed, Streams);
    private readonly CounterRandom _weather = new(spec.Seed, Streams + 0xFFFE);

    public static CounterRandom Assets(ulong seed) => new(seed, AssetStream);

    /// <summary>The common factor's return.</summary>
    public long Common(ulong draw, long agitation) => Scaled(_common, _random.Normal(draw * DrawsPerStep), Factor(agitation));

    /// <summary>A market's return: its share of the common one, its own, sometimes a jump.</summary>
    public long Change(long common, long beta, MarketId market, ulong draw, long agitation)
    {
        var random = new CounterRandom(spec.Seed, Streams + (ulong)market.Value);
        long factor = Factor(agitation);
        long change = common * beta / Ppm + Scaled(_own, random.Normal(draw * DrawsPerStep), factor);

        // Chances of a jump in a step are far below a millionth a millisecond, so they are drawn in 1e-12.
        Int128 chance = (Int128)spec.JumpsPerDay * spec.StepMilliseconds * factor * Ppm / DayMilliseconds;
        if (random.Below(draw * DrawsPerStep + 1, Ppm * Ppm) < chance) change += spec.JumpSize.E8 * 10 * random.Normal(draw * DrawsPerStep + 2) / Ppm;
        return Math.Clamp(change, -MostChange, MostChange);
    }

    /// <summary>How agitated a stretch of time is: 0 to 1e6, the cube of a uniform number.</summary>
    public long Weather(ulong stretch)
    {
        long u = _weather.Below(stretch, Ppm + 1);
        return (long)((Int128)u * u * u / ((Int128)Ppm * Ppm));
    }

    /// <summary>Volume in lots that stands for depth: it follows notional, so a cheaper asset shows more lots.</summary>
    public Quantity Depth(in SyntheticAsset asset, MarketId market, long milliseconds, long agitation, Price price)
    {
        var random = new CounterRandom(spec.Seed, Streams + (ulong)market.Value);
        long noise = random.Between((ulong)(milliseconds / VolumeBucketMilliseconds) * DrawsPerStep + 3, 700_000, 1_300_000);
        long volume = Ppm + (spec.VolumeWhenAgitated - 1) * agitation;
        long share = Ppm - (Ppm - spec.DepthWhenAgitated.E8 / 100) * agitation / Ppm;
        Int128 scale = (Int128)noise * volume * share / ((Int128)Ppm * Ppm);
        Int128 lots = asset.Volume.Lots * scale * asset.Start.Units / ((Int128)Ppm * price.Units);
        return new Quantity((long)Int128.Clamp(lots, 1, long.MaxValue / 1_000_000));
    }

    private long Factor(long agitation) => Ppm + (spec.VolatilityWhenAgitated - 1) * agitation;

    private static long Scaled(long deviation, long normal, long factor) => (long)((Int128)deviation * normal * factor / ((Int128)Ppm * Ppm));

    private static long Deviation(Rate hourly, long stepMilliseconds) =>
        hourly.E8 * 10 * Root(stepMilliseconds * Ppm) / Root(HourMilliseconds * Ppm);

    // The largest whole number whose square is not above x, by Newton's method from above.
    private static long Root(long x)
    {
        long root = x;
        long next = (x + 1) / 2;
        while (next < root) (root, next) = (next, (next + x / next) / 2);
        return root;
    }
}
