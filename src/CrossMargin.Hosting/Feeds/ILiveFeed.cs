using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>A feed for an exchange whose time may jump over steps, as after a stop: a step that was passed is never asked for.</summary>
public interface ILiveFeed : IPriceFeed
{
    /// <summary>
    /// Leaves out the steps before <paramref name="step"/>, which comes next. Throws <see cref="InvalidOperationException"/> for a step
    /// that was already asked for; a step behind the last one is allowed and ends the feed.
    /// </summary>
    void SkipTo(long step);
}

/// <summary>Makes the feeds that an operator may choose while the exchange runs. Thread-safe.</summary>
public interface IFeedFactory
{
    /// <summary>
    /// A feed whose step 0 is at <paramref name="start"/>. A synthetic one goes on from the <paramref name="present"/> index prices (at
    /// most one a market, in market id order; markets without one begin at the feed's own). Throws <see cref="ArgumentException"/> with a
    /// text for people where a file cannot be used, or for <see cref="FeedKind.Push"/>, which is no feed.
    /// </summary>
    ILiveFeed Create(FeedChoice choice, VenueProfile profile, Timestamp start, IReadOnlyList<IndexUpdate> present);
}
