using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Synthetic;

/// <summary>
/// Generates a whole synthetic run at once. Each step multiplies a market's random walk by (1 + r), r in 1e-9; the moves of the spec are
/// multiplied on top, so that their depth is what the spec says, whatever the noise does. Integers only.
/// </summary>
internal static class SyntheticPaths
{
    /// <summary>The stream from which <see cref="SyntheticSpec.Crash"/> draws its plan.</summary>
    public const ulong PlanStream = Streams + 0xFFFF;

    private const ulong Streams = 0x53594E5448 << 16;
    private const ulong CommonStream = Streams;
    private const ulong MoveStream = Streams + 0xFFFE;
    private const ulong AssetStream = Streams + 0xFFFD;
    private const ulong DrawsPerStep = 4;
    private const ulong DrawsPerMove = 16;

    private const long Ppm = 1_000_000;
    private const long Billion = 1_000_000_000;
    private const long MostChange = Billion / 2;
    private const long WalkOne = 1_000_000_000_000;
    private const long HourMilliseconds = 3_600_000;
    private const long DayMilliseconds = 86_400_000;
    private const long VolumeBucketMilliseconds = 300_000;

    /// <summary>Prices and depth volumes of one market for each step.</summary>
    public sealed record Path(MarketSpec Market, Price[] Prices, Quantity[] Depths);

    public static Path[] Generate(SyntheticSpec spec, long stepCount)
    {
        long[] agitation = Agitation(spec, stepCount);
        long[][] done = Done(spec, stepCount);
        long[] common = Walk(spec, CommonStream, spec.CommonVolatility, jumps: false, agitation);
        long drift = (long)((Int128)spec.Drift.E8 * 10 * spec.StepMilliseconds / HourMilliseconds);
        for (long i = 1; i < stepCount; i++) common[i] += drift;
        return [.. spec.Markets.OrderBy(m => m.Id).Select(m => Market(spec, m, agitation, done, common))];
    }

    private static Path Market(SyntheticSpec spec, MarketSpec market, long[] agitation, long[][] done, long[] common)
    {
        SyntheticAsset asset = SyntheticAsset.Of(market, new CounterRandom(spec.Seed, AssetStream), spec.VolumeScale);
        ulong stream = Streams + (ulong)market.Id.Value;
        long[] own = Walk(spec, stream, spec.OwnVolatility, jumps: true, agitation);
        long[] changes = [.. spec.Moves.Select(m => m.ChangeOf(asset.Beta))];
        var prices = new Price[common.Length];
        var depths = new Quantity[common.Length];
        Int128 walk = WalkOne;
        for (int i = 0; i < common.Length; i++)
        {
            long change = Math.Clamp(common[i] * asset.Beta / Ppm + own[i], -MostChange, MostChange);
            walk += walk * change / Billion;
            Int128 price = asset.Start.Units * walk / WalkOne;
            for (int m = 0; m < changes.Length; m++) price += price * changes[m] * done[m][i] / ((Int128)Billion * Ppm);
            prices[i] = new Price((long)Int128.Clamp(price, 1, market.MaxPrice.Units));
            depths[i] = Depth(spec, asset, stream, i, agitation[i], prices[i]);
        }

        return new Path(market, prices, depths);
    }

    /// <summary>Returns of one random walk, 1e-9 a step, with what the spec calls agitation; 0 at the first step.</summary>
    private static long[] Walk(SyntheticSpec spec, ulong stream, Rate hourly, bool jumps, long[] agitation)
    {
        var random = new CounterRandom(spec.Seed, stream);
        long deviation = hourly.E8 * 10 * Root(spec.StepMilliseconds * Ppm) / Root(HourMilliseconds * Ppm);
        var returns = new long[agitation.Length];
        for (int i = 1; i < returns.Length; i++)
        {
            ulong draw = (ulong)i * DrawsPerStep;
            long factor = Ppm + (spec.VolatilityWhenAgitated - 1) * agitation[i];
            returns[i] = (long)((Int128)deviation * random.Normal(draw) * factor / ((Int128)Ppm * Ppm));
            if (!jumps) continue;
            long chance = spec.JumpsPerDay * spec.StepMilliseconds * factor / DayMilliseconds;
            if (random.Chance(draw + 1, chance)) returns[i] += spec.JumpSize.E8 * 10 * random.Normal(draw + 2) / Ppm;
        }

        return returns;
    }

    /// <summary>Volume in lots that stands for depth: it follows notional, so a cheaper asset shows more lots.</summary>
    private static Quantity Depth(SyntheticSpec spec, SyntheticAsset asset, ulong stream, long step, long agitation, Price price)
    {
        long bucket = step * spec.StepMilliseconds / VolumeBucketMilliseconds;
        long noise = new CounterRandom(spec.Seed, stream).Between((ulong)bucket * DrawsPerStep + 3, 700_000, 1_300_000);
        long volume = Ppm + (spec.VolumeWhenAgitated - 1) * agitation;
        long share = Ppm - (Ppm - spec.DepthWhenAgitated.E8 / 100) * agitation / Ppm;
        Int128 scale = (Int128)noise * volume * share / ((Int128)Ppm * Ppm);
        return new Quantity((long)Int128.Max(1, asset.Volume.Lots * scale * asset.Start.Units / ((Int128)Ppm * price.Units)));
    }

    private static long[] Agitation(SyntheticSpec spec, long stepCount)
    {
        var agitation = new long[stepCount];
        for (long i = 0; i < stepCount; i++)
        {
            foreach (SyntheticMove move in spec.Moves) agitation[i] = Math.Max(agitation[i], move.AgitationAt(i * spec.StepMilliseconds));
        }

        return agitation;
    }

    private static long[][] Done(SyntheticSpec spec, long stepCount)
    {
        var random = new CounterRandom(spec.Seed, MoveStream);
        var done = new long[spec.Moves.Count][];
        for (int m = 0; m < done.Length; m++)
        {
            done[m] = new long[stepCount];
            for (long i = 0; i < stepCount; i++)
            {
                done[m][i] = spec.Moves[m].DoneAt(i * spec.StepMilliseconds, random, (ulong)m * DrawsPerMove);
            }
        }

        return done;
    }

    // The largest whole number whose square is not above x, by Newton's method from above.
    private static long Root(long x)
    {
        long root = x;
        long next = (x + 1) / 2;
        while (next < root) (root, next) = (next, (next + x / next) / 2);
        return root;
    }
}
