using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// Ids for commands, each given once: they begin at the wall clock's millisecond times 2^20, so that a process that starts later never
/// repeats those of an earlier one. Thread-safe.
/// </summary>
public sealed class CommandIds(TimeProvider time)
{
    private long _last = time.GetUtcNow().ToUnixTimeMilliseconds() << 20;

    public CommandId Next() => new(Interlocked.Increment(ref _last));
}
