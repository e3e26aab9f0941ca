namespace CrossMargin.Gateway;

/// <summary>
/// Gives each command of this gateway an id that no other has, also not one given before a restart: the wall clock's milliseconds when it
/// began, and a count. Thread-safe.
/// </summary>
public sealed class CommandIds(TimeProvider time)
{
    private const int CountBits = 20;

    private long _last = time.GetUtcNow().ToUnixTimeMilliseconds() << CountBits;

    public Model.CommandId Next() => new(Interlocked.Increment(ref _last));
}
