using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// Where exchange time comes from while an exchange serves clients: the wall clock, or one that was paused, sped or set by a replay.
/// Signatures, request limits and listen keys go by the wall clock (<see cref="TimeProvider"/>), never by this.
/// </summary>
public interface IExchangeClock
{
    /// <summary>Exchange time now. The host itself never lets it go back. Thread-safe.</summary>
    Timestamp Now { get; }
}

/// <summary>Exchange time is the wall clock's, in UTC.</summary>
public sealed class WallClock(TimeProvider time) : IExchangeClock
{
    public Timestamp Now => new(time.GetUtcNow().ToUnixTimeMilliseconds());
}
