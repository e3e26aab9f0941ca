using System.Net;

namespace CrossMargin.Gateway.Security;

/// <summary>
/// Counts wrong tokens by address: after ten within a minute an address waits until the minute is over, also with the right one.
/// An IPv6
/// client is its network of 64 bits. Bounded: it remembers at most 10,000 addresses; beyond that all new ones share one count. Thread-safe.
/// </summary>
public sealed class FailedAttempts(TimeProvider time)
{
    public const int MostInAWindow = 10;

    private const int MostAddresses = 10_000;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPAddress, Attempts> _byAddress = [];
    private readonly object _gate = new();

    /// <summary>Null, or how long the address has to wait.</summary>
    public TimeSpan? Wait(IPAddress? address)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (!_byAddress.TryGetValue(Known(address), out Attempts? attempts) || attempts.Count < MostInAWindow) return null;
            TimeSpan left = attempts.Since + s_window - now;
            return left > TimeSpan.Zero ? left : null;
        }
    }

    public void Failed(IPAddress? address)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            IPAddress key = Known(address);
            if (!_byAddress.ContainsKey(key) && _byAddress.Count >= MostAddresses) key = Forget(now) ? key : IPAddress.None;
            if (_byAddress.TryGetValue(key, out Attempts? attempts) && now - attempts.Since < s_window) attempts.Count++;
            else _byAddress[key] = new Attempts { Since = now, Count = 1 };
        }
    }

    private IPAddress Known(IPAddress? address)
    {
        IPAddress key = ClientNetwork.Of(address);
        return _byAddress.Count >= MostAddresses && !_byAddress.ContainsKey(key) ? IPAddress.None : key;
    }

    private bool Forget(DateTimeOffset now)
    {
        foreach ((IPAddress address, Attempts attempts) in _byAddress.ToArray())
        {
            if (now - attempts.Since >= s_window) _byAddress.Remove(address);
        }

        return _byAddress.Count < MostAddresses;
    }

    private sealed class Attempts
    {
        public DateTimeOffset Since { get; init; }

        public int Count { get; set; }
    }
}
