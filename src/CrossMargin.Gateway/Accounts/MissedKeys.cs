using System.Collections.Concurrent;

namespace CrossMargin.Gateway.Accounts;

/// <summary>
/// Keys that nobody knew when they were asked for: not asked for again for a while, so that wrong keys cost no calls. Bounded; thread-safe.
/// </summary>
internal sealed class MissedKeys(TimeProvider time)
{
    private const int Most = 10_000;
    private const int AskedEachSecond = 100;

    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _missed = new(StringComparer.Ordinal);
    private long _second;
    private int _asked;

    public bool MayAsk(string apiKey)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_missed.TryGetValue(apiKey, out DateTimeOffset until) && now < until) return false;
        if (_missed.Count >= Most) _missed.Clear();
        _missed[apiKey] = now + s_kept;
        long second = now.ToUnixTimeSeconds();
        if (Interlocked.Exchange(ref _second, second) != second) Interlocked.Exchange(ref _asked, 0);
        return Interlocked.Increment(ref _asked) <= AskedEachSecond;
    }
}
