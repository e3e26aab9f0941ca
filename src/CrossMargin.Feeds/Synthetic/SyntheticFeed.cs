using CrossMargin.Hosting;

namespace CrossMargin.Feeds.Synthetic;

/// <summary>
/// A generated market (<see cref="SyntheticSpec"/>). The whole run is generated at construction, 16 bytes a market and step; the same
/// spec gives the same prices on every machine. Every market gets a price at every step.
/// </summary>
public sealed class SyntheticFeed : LockStepFeed
{
    private const long MostSteps = 2_000_000;

    private readonly SyntheticPaths.Path[] _paths;

    /// <exception cref="ArgumentException">The spec has no market, no whole step or more than 2,000,000.</exception>
    public SyntheticFeed(SyntheticSpec spec, IReadOnlyList<FundingUpdate>? funding = null)
        : base(spec.Start, spec.StepMilliseconds, StepsOf(spec), funding ?? []) => _paths = SyntheticPaths.Generate(spec, StepCount);

    protected override void Prices(long step, List<IndexUpdate> updates)
    {
        foreach (SyntheticPaths.Path path in _paths) updates.Add(new(path.Market.Id, path.Prices[step], path.Depths[step]));
    }

    private static long StepsOf(SyntheticSpec spec)
    {
        if (spec.Markets.Count == 0) throw new ArgumentException("a synthetic feed needs a market", nameof(spec));
        if (spec.Moves.Any(m => m.DurationMilliseconds < 1)) throw new ArgumentException("a move needs a duration", nameof(spec));
        long steps = spec.StepMilliseconds < 1 ? 0 : spec.DurationMilliseconds / spec.StepMilliseconds;
        if (steps is >= 1 and <= MostSteps) return steps;
        throw new ArgumentException($"{spec.DurationMilliseconds} ms in steps of {spec.StepMilliseconds} ms", nameof(spec));
    }
}
