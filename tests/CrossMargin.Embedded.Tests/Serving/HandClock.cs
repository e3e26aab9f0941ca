using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.Serving;

/// <summary>Stands until it is moved.</summary>
internal sealed class HandClock(long start) : IExchangeClock
{
    private long _now = start;

    public Timestamp Now => new(Volatile.Read(ref _now));

    public void Move(long milliseconds) => Interlocked.Add(ref _now, milliseconds);
}
