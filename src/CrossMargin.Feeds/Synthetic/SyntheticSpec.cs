using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Synthetic;

/// <summary>
/// Parameters of a generated market: a correlated jump process (one common factor times each market's beta, its own noise, and jumps)
/// around scripted <see cref="Moves"/>. Volatilities are standard deviations over one hour; they grow with the root of time.
/// </summary>
public sealed record SyntheticSpec
{
    public const long DefaultStepMilliseconds = 15_000;

    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    /// <summary>The markets that get prices.</summary>
    public required IReadOnlyList<MarketSpec> Markets { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Exchange time of step 0; by default 2021-05-19 00:00 UTC, the day this is modelled on.</summary>
    public Timestamp Start { get; init; } = new(1_621_382_400_000);

    public long StepMilliseconds { get; init; } = DefaultStepMilliseconds;

    /// <summary>Length of the run; steps that do not fit wholly are left out.</summary>
    public long DurationMilliseconds { get; init; } = 24 * Hour;

    /// <summary>The common factor's drift per hour, of any sign.</summary>
    public Rate Drift { get; init; } = Rate.Zero;

    /// <summary>The common factor's volatility in calm times: 0.45 % an hour is about 2.2 % a day.</summary>
    public Rate CommonVolatility { get; init; } = new(450_000);

    /// <summary>Each market's own volatility in calm times.</summary>
    public Rate OwnVolatility { get; init; } = new(350_000);

    /// <summary>Volatility is this many times larger at full agitation, ≥ 1.</summary>
    public int VolatilityWhenAgitated { get; init; } = 4;

    /// <summary>Jumps of a single market a day in calm times; proportionally more with volatility.</summary>
    public int JumpsPerDay { get; init; } = 4;

    /// <summary>Standard deviation of a jump.</summary>
    public Rate JumpSize { get; init; } = new(600_000);

    /// <summary>Traded volume is this many times larger at full agitation, ≥ 1.</summary>
    public int VolumeWhenAgitated { get; init; } = 5;

    /// <summary>
    /// Market makers withdraw: the part of the volume that still stands for depth at full agitation. With 5 times the volume and 0.15 of
    /// it for depth, the book is thinner than in calm times though far more is traded.
    /// </summary>
    public Rate DepthWhenAgitated { get; init; } = new(15_000_000);

    /// <summary>Scales the table's volumes per 5 minutes; 1 is the scale of a large venue.</summary>
    public Rate VolumeScale { get; init; } = Rate.Whole;

    /// <summary>Moves of the whole market, in any order; overlapping ones multiply.</summary>
    public IReadOnlyList<SyntheticMove> Moves { get; init; } = [];

    /// <summary>
    /// A day with a crash, its times and sizes drawn from the seed: a slow slide before noon, within about an hour 27 to 31 % down for a
    /// market of beta 1 (up to 50 % for the wildest), a partial rebound in the hour after, a second smaller leg down in the evening.
    /// </summary>
    public static SyntheticSpec Crash(IReadOnlyList<MarketSpec> markets, ulong seed)
    {
        var random = new CounterRandom(seed, SyntheticPaths.PlanStream);
        long slide = random.Between(0, 6 * Hour, 8 * Hour);
        long crash = random.Between(1, 11 * Hour + 40 * Minute, 12 * Hour + 20 * Minute);
        long falling = random.Between(2, 55 * Minute, 75 * Minute);
        long rising = random.Between(3, 50 * Minute, 70 * Minute);
        long second = random.Between(4, 17 * Hour, 19 * Hour);
        return new SyntheticSpec
        {
            Markets = markets,
            Seed = seed,
            Moves =
            [
                Move(slide, crash - slide, Percent(5, -8, -5), waves: 6, agitation: 20),
                Move(crash, falling, Percent(6, -31, -27), waves: 4, agitation: 100),
                Move(crash + falling, rising, Percent(7, 16, 22), waves: 3, agitation: 80),
                Move(second, 40 * Minute, Percent(8, -10, -6), waves: 2, agitation: 50),
                Move(second + 50 * Minute, 2 * Hour, Percent(9, 3, 6), waves: 2, agitation: 0),
            ],
        };

        static SyntheticMove Move(long start, long duration, Rate change, int waves, long agitation) => new()
        {
            StartMilliseconds = start,
            DurationMilliseconds = duration,
            Change = change,
            Waves = waves,
            Agitation = new(agitation * 1_000_000),
        };

        Rate Percent(ulong draw, long low, long high) => new(random.Between(draw, low * 1_000_000, high * 1_000_000));
    }
}
