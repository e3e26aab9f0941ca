using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Live;

/// <summary>The chosen feed against exchange time. Prices that are pushed have no feed. Used on the exchange's thread.</summary>
internal sealed class LiveFeed
{
    private readonly ILiveFeed? _feed;
    private long _next;

    /// <param name="choice">What was chosen.</param>
    /// <param name="start">Exchange time of the feed's first step, by which it is found again after a restart.</param>
    /// <param name="feed">Null where prices are pushed.</param>
    public LiveFeed(FeedChoice choice, Timestamp start, ILiveFeed? feed) => (Choice, Start, _feed) = (choice, start, feed);

    public FeedChoice Choice { get; }

    public Timestamp Start { get; }

    public bool IsPushed => _feed is null;

    /// <summary>A replay is over; its last prices hold.</summary>
    public bool HasEnded => _feed is not null && _next >= _feed.StepCount;

    /// <summary>For people: null while there is nothing to say.</summary>
    public string? Note => HasEnded ? $"the replay ended at {Start.AddMilliseconds(_feed!.StepCount * _feed.StepMilliseconds)}; its last prices hold" : null;

    /// <summary>
    /// Appends the prices of the step that holds at a time, if it was not taken yet; steps that were passed meanwhile are left out. Of a
    /// replay that is passed altogether, the last.
    /// </summary>
    public void Take(Timestamp now, List<IndexUpdate> prices, List<FundingUpdate> funding)
    {
        if (_feed is null || HasEnded || now < Start) return;
        long due = Math.Min((now - Start) / _feed.StepMilliseconds, _feed.StepCount - 1);
        if (due < _next) return;
        if (due > _next) _feed.SkipTo(due);
        _feed.Step(due, prices, funding);
        _next = due + 1;
    }
}
