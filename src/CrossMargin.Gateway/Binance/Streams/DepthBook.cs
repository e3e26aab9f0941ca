using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// The published depth of one market as images on one counter: each image that differs from the one before advances the counter by the
/// levels that changed. REST answers and all depth streams are made of these images, so an update id means the same to all of them.
/// Reads of the exchange are one after the other; who asks while one runs shares the next. Thread-safe.
/// </summary>
internal sealed class DepthBook(IExchangeGateway exchange, MarketId market, long firstId)
{
    /// <summary>Levels a side that are published.</summary>
    public const int Levels = 1_000;

    private readonly Lock _gate = new();
    private Task<DepthImage>? _running;
    private Task<DepthImage>? _next;
    private DepthImage? _current;

    /// <summary>The newest image, or null before the first read.</summary>
    public DepthImage? Current => Volatile.Read(ref _current);

    /// <summary>An image that shows the market at a moment after this call.</summary>
    public Task<DepthImage> RefreshAsync()
    {
        lock (_gate)
        {
            if (_next is not null) return _next;
            if (_running is { IsCompleted: false } before) return _next = ReadAfterAsync(before);
            return _running = ReadAsync();
        }
    }

    /// <summary>Any image: the newest one there is.</summary>
    public ValueTask<DepthImage> AnyAsync() => Current is { } image ? new(image) : new(RefreshAsync());

    private async Task<DepthImage> ReadAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _running = _next;
            _next = null;
        }

        return await ReadAsync().ConfigureAwait(false);
    }

    private async Task<DepthImage> ReadAsync()
    {
        MarketDepth depth = await exchange.ReadDepthAsync(market, Levels).ConfigureAwait(false);
        DepthImage? last = _current;
        if (last is not null && DepthChanges.Same(last, depth)) return last;
        long changes = last is null ? 1 : Math.Max(1, DepthChanges.Count(last.Bids, depth.Bids) + DepthChanges.Count(last.Asks,
            depth.Asks));
        var image = new DepthImage(last is null ? firstId : last.LastUpdateId + changes, depth.Time, depth.Bids, depth.Asks);
        Volatile.Write(ref _current, image);
        return image;
    }
}

/// <summary>What differs between two images.</summary>
internal static class DepthChanges
{
    public static bool Same(DepthImage image, MarketDepth depth) =>
        Same(image.Bids, depth.Bids) && Same(image.Asks, depth.Asks);

    public static int Count(IReadOnlyList<PriceLevel> before, IReadOnlyList<PriceLevel> after)
    {
        int count = 0;
        foreach (PriceLevel _ in Between(before, after)) count++;
        return count;
    }

    /// <summary>
    /// Each level that came, changed (its new total) or went (zero), best price first. Both lists best first, of the same side.
    /// </summary>
    public static IEnumerable<PriceLevel> Between(IReadOnlyList<PriceLevel> before, IReadOnlyList<PriceLevel> after)
    {
        int i = 0;
        int j = 0;
        bool falls = Falls(before) || Falls(after);
        while (i < before.Count || j < after.Count)
        {
            int order = i == before.Count ? 1 : j == after.Count ? -1 : before[i].Price.CompareTo(after[j].Price);
            if (i < before.Count && j < after.Count && falls) order = -order;
            if (order < 0)
            {
                yield return new PriceLevel(before[i++].Price, Quantity.Zero);
            }
            else if (order > 0)
            {
                yield return after[j++];
            }
            else
            {
                if (before[i].Quantity != after[j].Quantity) yield return after[j];
                i++;
                j++;
            }
        }
    }

    private static bool Same(IReadOnlyList<PriceLevel> a, IReadOnlyList<PriceLevel> b)
    {
        if (a.Count != b.Count) return false;
        for (int i = 0; i < a.Count; i++)
        {
            if (a[i] != b[i]) return false;
        }

        return true;
    }

    private static bool Falls(IReadOnlyList<PriceLevel> side) => side.Count > 1 && side[0].Price > side[1].Price;
}
