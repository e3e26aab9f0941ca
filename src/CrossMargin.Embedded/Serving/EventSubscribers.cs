using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving;

/// <summary>Who is told of committed events.</summary>
internal sealed class EventSubscribers
{
    private readonly object _gate = new();
    private Action<IReadOnlyList<Event>>[] _subscribers = [];

    public bool Any => Volatile.Read(ref _subscribers).Length > 0;

    public IDisposable Add(Action<IReadOnlyList<Event>> onEvents)
    {
        lock (_gate) _subscribers = [.. _subscribers, onEvents];
        return new Subscription(this, onEvents);
    }

    public void Tell(IReadOnlyList<Event> events)
    {
        foreach (Action<IReadOnlyList<Event>> subscriber in Volatile.Read(ref _subscribers)) subscriber(events);
    }

    private void Remove(Action<IReadOnlyList<Event>> onEvents)
    {
        lock (_gate) _subscribers = [.. _subscribers.Where(s => s != onEvents)];
    }

    private sealed class Subscription(EventSubscribers owner, Action<IReadOnlyList<Event>> onEvents) : IDisposable
    {
        public void Dispose() => owner.Remove(onEvents);
    }
}
