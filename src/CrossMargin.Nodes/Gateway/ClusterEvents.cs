using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Gateway;

/// <summary>
/// The events of a cluster's actors, for the streams of one gateway. Each actor's come on its own sequence, in its order; between two
/// actors there is none. What is lost on the way (a node died after its write) shows by <see cref="EventBatch.Previous"/> with the actor's
/// next batch, or when it is active again. A subscriber that falls too far behind is ended and told so. Thread-safe.
/// </summary>
public sealed class ClusterEvents(ClusterEventsOptions? options = null) : IEventStream, IHealthSource, IDisposable
{
    private readonly ClusterEventsOptions _options = options ?? new ClusterEventsOptions();
    private readonly Lock _gate = new();
    private readonly Dictionary<ActorId, long> _markets = []; // up to where each market was told
    private EventSubscription[] _subscribers = [];
    private long _lost;
    private long _ended;

    /// <summary>How often a market's events were found to be missing.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Subscribers that were ended because they were too far behind.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>
    /// An actor's events have become durable. In order for each actor; one that comes twice is told twice, and whoever follows the actor
    /// leaves it out by its number.
    /// </summary>
    public void Publish(EventCommit commit)
    {
        var batch = new EventBatch(commit.Number, commit.Time, commit.Events) { Source = commit.Actor, Previous = commit.Previous };
        lock (_gate)
        {
            if (commit.Actor.Kind == ActorKind.Market && !Follow(commit)) return;
            foreach (EventSubscription subscriber in _subscribers) subscriber.Add(batch);
        }
    }

    public IDisposable Subscribe(Action<EventBatch> onEvents) => Subscribe(onEvents, static _ => { });

    public IDisposable Subscribe(Action<EventBatch> onEvents, Action<string> onEnded)
    {
        var subscription = new EventSubscription(_options.MostWaiting, onEvents, onEnded, End);
        lock (_gate) _subscribers = [.. _subscribers, subscription];
        return subscription;
    }

    public IReadOnlyList<HealthItem> Check()
    {
        EventSubscription[] subscribers = Volatile.Read(ref _subscribers);
        int most = subscribers.Length == 0 ? 0 : subscribers.Max(s => s.Waiting);
        string detail = $"{subscribers.Length} subscribers, at most {most} batches behind; {Ended} were ended, {Lost} gaps";
        return [new HealthItem("events", most < _options.MostWaiting / 2, detail)];
    }

    public void Dispose()
    {
        foreach (EventSubscription subscriber in Volatile.Read(ref _subscribers)) subscriber.Dispose();
    }

    // A market's trades are told to many streams, none of which follows its numbers: what comes again is left out here.
    private bool Follow(EventCommit commit)
    {
        long known = _markets.GetValueOrDefault(commit.Actor, -1);
        if (known >= 0 && commit.Previous > known) Interlocked.Increment(ref _lost);
        if (commit.Number <= known) return false;
        _markets[commit.Actor] = commit.Number;
        return commit.Events.Count > 0;
    }

    private void End(EventSubscription subscription, bool isBehind)
    {
        if (isBehind) Interlocked.Increment(ref _ended);
        lock (_gate) _subscribers = [.. _subscribers.Where(s => s != subscription)];
    }
}

public sealed record ClusterEventsOptions
{
    /// <summary>Batches that may wait for one subscriber.</summary>
    public int MostWaiting { get; init; } = 65_536;
}
