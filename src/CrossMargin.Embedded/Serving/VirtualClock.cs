using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving;

/// <summary>Exchange time that stands until it is moved: for tests of bots. Thread-safe.</summary>
/// <param name="start">The first moment.</param>
public sealed class VirtualClock(Timestamp start) : IExchangeClock
{
    private long _now = start.Milliseconds;

    /// <summary>Begins on 1 January 2025, 00:00 UTC.</summary>
    public VirtualClock()
        : this(new Timestamp(1_735_689_600_000))
    {
    }

    public Timestamp Now => new(Interlocked.Read(ref _now));

    /// <summary>Moves on by a duration ≥ 0, in whole milliseconds.</summary>
    public void Advance(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        Interlocked.Add(ref _now, (long)duration.TotalMilliseconds);
    }
}
