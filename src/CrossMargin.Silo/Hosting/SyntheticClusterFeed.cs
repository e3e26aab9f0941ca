using CrossMargin.Feeds;
using CrossMargin.Grains.Feeds;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Silo.Hosting;

/// <summary>
/// The synthetic market of the feeds, in real time. Where it starts anew (another silo, after a death) it goes on from the markets'
/// present prices.
/// </summary>
internal sealed class SyntheticClusterFeed(CrossMarginSiloOptions options, ulong seed) : IClusterFeed
{
    private readonly VenueProfile _profile = options.Profile ?? VenueProfiles.Binance;
    private ILiveFeed? _feed;
    private long _next;
    private Timestamp _last;

    public async Task<IReadOnlyList<IndexUpdate>> NextAsync(Timestamp now, Func<MarketId, Task<MarketSnapshot>> read)
    {
        // Silent for long: the grain was elsewhere meanwhile, and prices went on without this object.
        if (_feed is null || now - _last > 20L * options.FeedMilliseconds)
        {
            MarketSnapshot[] markets = await Task.WhenAll(_profile.Markets.Select(m => read(m.Id)));
            IndexUpdate[] present = [.. markets.Where(m => !m.Index.IsNone).Select(m => new IndexUpdate(m.Market, m.Index, Quantity.Zero))];
            _feed = new LiveFeeds().Create(new FeedChoice(FeedKind.Synthetic, null, seed ^ (ulong)now.Milliseconds), _profile, now, present);
            _next = 0;
        }

        _last = now;
        var updates = new List<IndexUpdate>();
        var funding = new List<FundingUpdate>();
        long due = (now - _feed.Start) / _feed.StepMilliseconds;
        if (due > _next + 1)
        {
            _feed.SkipTo(due);
            _next = due;
        }

        if (_next <= due && _next < _feed.StepCount) _feed.Step(_next++, updates, funding);
        return updates;
    }
}
