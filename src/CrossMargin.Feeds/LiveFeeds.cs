using CrossMargin.Feeds.Candles;
using CrossMargin.Feeds.Synthetic;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds;

/// <summary>The feeds of this project for an exchange that serves clients: an endless synthetic market, or the replay of a file.</summary>
public sealed class LiveFeeds : IFeedFactory
{
    private const long WantedStepMilliseconds = 1_000;

    public ILiveFeed Create(FeedChoice choice, VenueProfile profile, Timestamp start, IReadOnlyList<IndexUpdate> present) => choice.Kind switch
    {
        FeedKind.Synthetic => new SyntheticWalk(
            new SyntheticSpec
            {
                Markets = profile.Markets,
                Seed = choice.Seed,
                Start = start,
                StepMilliseconds = SyntheticWalk.DefaultStepMilliseconds,
            },
            present),
        FeedKind.Replay => Replay(choice, profile, start),
        _ => throw new ArgumentException($"{choice.Kind} is no feed of this exchange's own"),
    };

    private static RebasedFeed Replay(FeedChoice choice, VenueProfile profile, Timestamp start)
    {
        if (string.IsNullOrEmpty(choice.File)) throw new ArgumentException("a replay needs a file");
        if (!CandleFiles.TryRead([choice.File], new CandleQuery { Markets = profile.Markets }, out CandleSet? set, out FeedError? error)
            || !CandleReplayFeed.TryCreate(set, choice.Seed, TicksFor(set.BarMilliseconds), [], out CandleReplayFeed? feed, out error))
        {
            throw new ArgumentException(error.ToString());
        }

        return new RebasedFeed(feed, start);
    }

    // A tick a second where that divides the bar, else the next slower pace that does.
    private static int TicksFor(long barMilliseconds)
    {
        long most = Math.Min(IntrabarPath.MostTicks, barMilliseconds / WantedStepMilliseconds);
        for (long ticks = most; ticks > IntrabarPath.FewestTicks; ticks--)
        {
            if (barMilliseconds % ticks == 0) return (int)ticks;
        }

        return IntrabarPath.FewestTicks;
    }
}
