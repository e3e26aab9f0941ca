namespace CrossMargin.Hosting;

/// <summary>
/// Everything that happens, in order, once it is durable. Streams to clients, dashboards and competitions are made of it.
/// </summary>
public interface IEventStream
{
    /// <summary>
    /// Called from one thread at a time, never the exchange's own, with each batch in order. What it throws ends this subscription alone
    /// and is logged. A subscriber that takes too long is behind, not the exchange: it should only hand on. When too much waits, all of it is
    /// dropped and the next batch says so (<see cref="EventBatch.LostBefore"/>). Disposing ends the calls.
    /// </summary>
    IDisposable Subscribe(Action<EventBatch> onEvents);

    /// <summary>
    /// As the other; and a subscription that the host ended by itself (it was too far behind) is told why, once, and may begin again. Hosts
    /// that never do so ignore it.
    /// </summary>
    IDisposable Subscribe(Action<EventBatch> onEvents, Action<string> onEnded) => Subscribe(onEvents);
}
