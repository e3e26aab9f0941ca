using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds;

/// <summary>A recorded feed that begins at another time; prices are as they were. Recorded funding is left out.</summary>
/// <param name="feed">The feed.</param>
/// <param name="start">Where its step 0 is now.</param>
internal sealed class RebasedFeed(LockStepFeed feed, Timestamp start) : ILiveFeed
{
    private readonly List<FundingUpdate> _recorded = [];

    public Timestamp Start => start;

    public long StepMilliseconds => feed.StepMilliseconds;

    public long StepCount => feed.StepCount;

    public void Step(long step, List<IndexUpdate> updates, List<FundingUpdate> funding)
    {
        _recorded.Clear();
        feed.Step(step, updates, _recorded);
    }

    public void SkipTo(long step) => feed.SkipTo(step);

    public void Write(StateWriter writer) => feed.Write(writer);

    public void Read(StateReader reader) => feed.Read(reader);
}
