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
    private readonly Dictionary<Price, long> _bids = [];
    private readonly Dictionary<Price, long> _asks = [];
    private DepthImage? _current;
    private long _rememberFrom = long.MaxValue;

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

    /// <summary>
    /// From now on the book remembers which levels change, for <see cref="ChangesSince"/>. Gives the update from which it does. There must be
    /// an image.
    /// </summary>
    public long Remember()
    {
        lock (_gate)
        {
            long now = _current!.LastUpdateId;
            _rememberFrom = Math.Min(_rememberFrom, now);
            return now;
        }
    }

    /// <summary>Levels that changed no later than this update are forgotten; the largest number: all, and those to come.</summary>
    public void Forget(long updateId)
    {
        lock (_gate)
        {
            if (_rememberFrom == updateId) return;
            _rememberFrom = updateId;
            ForgetOld(_bids);
            ForgetOld(_asks);
        }
    }

    /// <summary>
    /// The newest image with all levels that changed after an update at any time, also those that are again as they were: a client's
    /// snapshot may lie between. Levels come with their present total, zero where there is none. Null before the first image.
    /// </summary>
    public DepthDelta? ChangesSince(long updateId)
    {
        lock (_gate)
        {
            return _current is not { } image ? null : new DepthDelta(
                updateId, image, Totals(_bids, image.Bids, updateId, -1), Totals(_asks, image.Asks, updateId, 1));
        }
    }

    private static List<PriceLevel> Totals(Dictionary<Price, long> changed, IReadOnlyList<PriceLevel> side, long since, int order)
    {
        List<Price> prices = [.. changed.Where(c => c.Value > since).Select(c => c.Key)];
        prices.Sort((a, b) => order * a.CompareTo(b));
        var totals = new List<PriceLevel>(prices.Count);
        int i = 0;
        foreach (Price price in prices)
        {
            while (i < side.Count && order * side[i].Price.CompareTo(price) < 0) i++;
            bool there = i < side.Count && side[i].Price == price;
            totals.Add(new PriceLevel(price, there ? side[i].Quantity : Quantity.Zero));
        }

        return totals;
    }

    private async Task<DepthImage> ReadAsync()
    {
        MarketDepth depth = await exchange.ReadDepthAsync(market, Levels).ConfigureAwait(false);
        lock (_gate)
        {
            DepthImage? last = _current;
            if (last is null) return _current = new DepthImage(firstId, depth.Time, depth.Bids, depth.Asks);
            List<Price> bids = DepthChanges.Between(last.Bids, depth.Bids);
            List<Price> asks = DepthChanges.Between(last.Asks, depth.Asks);
            if (bids.Count + asks.Count == 0) return last;
            long id = last.LastUpdateId + bids.Count + asks.Count;
            if (_rememberFrom != long.MaxValue)
            {
                foreach (Price price in bids) _bids[price] = id;
                foreach (Price price in asks) _asks[price] = id;
            }

            return _current = new DepthImage(id, depth.Time, depth.Bids, depth.Asks);
        }
    }

    private void ForgetOld(Dictionary<Price, long> changed)
    {
        foreach ((Price price, long at) in changed)
        {
            if (at <= _rememberFrom) changed.Remove(price);
        }

        if (changed.Count == 0) changed.TrimExcess();
    }
}

/// <summary>What a depth stream tells at once: from an update (left out) to an image.</summary>
internal sealed record DepthDelta(long After, DepthImage Image, IReadOnlyList<PriceLevel> Bids, IReadOnlyList<PriceLevel> Asks);

/// <summary>What differs between two sides of the book.</summary>
internal static class DepthChanges
{
    /// <summary>The prices of levels that came, changed or went. Both lists best first.</summary>
    public static List<Price> Between(IReadOnlyList<PriceLevel> before, IReadOnlyList<PriceLevel> after)
    {
        var changed = new List<Price>();
        bool falls = Falls(before) || Falls(after);
        int i = 0;
        int j = 0;
        while (i < before.Count || j < after.Count)
        {
            int order = i == before.Count ? 1 : j == after.Count ? -1 : before[i].Price.CompareTo(after[j].Price);
            if (falls && i < before.Count && j < after.Count) order = -order;
            if (order == 0 && before[i].Quantity != after[j].Quantity) changed.Add(after[j].Price);
            if (order < 0) changed.Add(before[i].Price);
            if (order > 0) changed.Add(after[j].Price);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }

        return changed;
    }

    private static bool Falls(IReadOnlyList<PriceLevel> side) => side.Count > 1 && side[0].Price > side[1].Price;
}
