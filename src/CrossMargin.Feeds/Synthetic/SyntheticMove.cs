using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Synthetic;

/// <summary>
/// A move of the whole market that a synthetic day is built around: on top of the noise each price goes by
/// <see cref="Change"/> × the market's beta, in waves with a bounce after each, and stays there.
/// </summary>
public sealed record SyntheticMove
{
    private const long Whole = 1_000_000;
    private const int MostWaves = 16;

    /// <summary>When it begins, milliseconds after the feed's start.</summary>
    public required long StartMilliseconds { get; init; }

    /// <summary>How long it takes, &gt; 0.</summary>
    public required long DurationMilliseconds { get; init; }

    /// <summary>What a market of beta 1 does, −0.6 to 1; others in proportion, never below −60 %.</summary>
    public required Rate Change { get; init; }

    /// <summary>1 to 16 pushes, of sizes drawn from the seed.</summary>
    public int Waves { get; init; } = 1;

    /// <summary>How agitated the market is during the move, 0 to 1; it calms down over twice the move's duration.</summary>
    public Rate Agitation { get; init; } = Rate.Zero;

    /// <summary>Agitation at a moment, 0 to 1,000,000.</summary>
    internal long AgitationAt(long milliseconds)
    {
        long since = milliseconds - StartMilliseconds;
        if (since < 0) return 0;
        long full = Agitation.E8 / 100;
        long calming = 3 * DurationMilliseconds - since;
        return since <= DurationMilliseconds ? full : full * Math.Max(0, calming) / (2 * DurationMilliseconds);
    }

    /// <summary>The change in 1e-9 for a market whose beta is counted in 1e-6.</summary>
    internal long ChangeOf(long beta) => Math.Max(-600_000_000, Change.E8 * 10 * beta / Whole);

    /// <summary>How much of the change is done at a moment, in 1e-6; passes each wave's end and then bounces back to it.</summary>
    internal long DoneAt(long milliseconds, CounterRandom random, ulong draw)
    {
        long since = milliseconds - StartMilliseconds;
        if (since <= 0) return 0;
        if (since >= DurationMilliseconds) return Whole;
        Span<long> weights = stackalloc long[Math.Clamp(Waves, 1, MostWaves)];
        long total = 0;
        for (int i = 0; i < weights.Length; i++) total += weights[i] = random.Between(draw + (ulong)i, 50, 150);
        long place = (long)((Int128)since * weights.Length * Whole / DurationMilliseconds);
        int wave = (int)(place / Whole);
        long before = 0;
        for (int i = 0; i < wave; i++) before += weights[i];
        return (before * Whole + weights[wave] * Push(place % Whole, bounce: wave + 1 < weights.Length)) / total;
    }

    // A push takes the first 65 % of a wave and, but for the last, overshoots by 30 %, which the rest takes back.
    private static long Push(long progress, bool bounce)
    {
        const long pushed = 650_000;
        long reached = bounce ? 1_300_000 : Whole;
        if (progress < pushed) return reached * Smooth(progress * Whole / pushed) / Whole;
        return reached - (reached - Whole) * Smooth((progress - pushed) * Whole / (Whole - pushed)) / Whole;
    }

    // 3p² − 2p³: begins and ends without a kink.
    private static long Smooth(long p) => (long)((Int128)p * p * (3 * Whole - 2 * p) / ((Int128)Whole * Whole));
}
