using System.Security.Cryptography;

namespace CrossMargin.Gateway;

/// <summary>
/// Gives each command of this gateway an id that no other has, also not one given before a restart: the wall clock's milliseconds when it
/// began, and a count. Thread-safe.
/// </summary>
public sealed class CommandIds
{
    private const int CountBits = 20;

    private long _last;

    public CommandIds(TimeProvider time) => _last = time.GetUtcNow().ToUnixTimeMilliseconds() << CountBits;

    private CommandIds(long last) => _last = last;

    /// <summary>
    /// For one of several gateways of an exchange, which may begin in the same millisecond: 31 random bits, and a count. An account
    /// remembers ids for ten minutes at most.
    /// </summary>
    public static CommandIds OneOfMany() => new((long)RandomNumberGenerator.GetInt32(1, int.MaxValue) << 32);

    public Model.CommandId Next() => new(Interlocked.Increment(ref _last));
}
