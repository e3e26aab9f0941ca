using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// Everything that happens, in order, once it is durable. Streams to clients, dashboards and competitions are made of it.
/// </summary>
public interface IEventStream
{
    /// <summary>
    /// Called from one thread at a time with the events of one command, which are its caller's and must not be changed; must return soon.
    /// Disposing ends the calls.
    /// </summary>
    IDisposable Subscribe(Action<IReadOnlyList<Event>> onEvents);
}
