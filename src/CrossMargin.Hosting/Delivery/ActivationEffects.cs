using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// What an activation wants done. The host takes all of it after each call, in any order; what stands here may leave: everything that a
/// message, an answer, an event or a view shows is covered by a write that has ended.
/// </summary>
public sealed class ActivationEffects
{
    /// <summary>Each is answered by <see cref="Activation.Stored"/> with the same object.</summary>
    public List<StoreWrite> Writes { get; } = [];

    public List<DeliveryBatch> Batches { get; } = [];

    public List<Acknowledgement> Acknowledgements { get; } = [];

    public List<CommandReply> Replies { get; } = [];

    /// <summary>In order; for streams and histories.</summary>
    public List<EventCommit> Events { get; } = [];

    /// <summary>To every node that listens: price ticks and the like. They carry their own epoch and number, and may be lost.</summary>
    public List<Message> Notices { get; } = [];

    public List<CommittedView> Views { get; } = [];

    public void Clear()
    {
        Writes.Clear();
        Batches.Clear();
        Acknowledgements.Clear();
        Replies.Clear();
        Events.Clear();
        Notices.Clear();
        Views.Clear();
    }
}

/// <summary>The answer to a command that was handed in under a ticket.</summary>
/// <param name="Unavailable">Null; or why it was not taken. Then it has had no effect, unless it was taken under another ticket.</param>
public sealed record CommandReply(long Ticket, CommandId Id, Timestamp Time, IReadOnlyList<Event> Events, string? Unavailable);

/// <summary>The events of one write of one actor.</summary>
/// <param name="Number">Rises with each write of the actor, across activations.</param>
/// <param name="Events">None: only said by a new activation, so that whoever listens knows whether it has missed something.</param>
public sealed record EventCommit(ActorId Actor, long Number, Timestamp Time, IReadOnlyList<Event> Events)
{
    /// <summary>
    /// The actor's last write with events before this one, 0 none: who has not seen that one has lost events. A commit without events
    /// names itself.
    /// </summary>
    public long Previous { get; init; }
}

/// <summary>What a reader has made of the state, which is durable by now.</summary>
/// <param name="Number">The write that covers it, as in <see cref="EventCommit.Number"/>.</param>
/// <param name="Unavailable">Null; or why there is no view.</param>
public sealed record CommittedView(long Ticket, long Number, object? View, string? Unavailable);

public enum ActivationPhase
{
    /// <summary>Waits for <see cref="Activation.Load"/>.</summary>
    Loading = 1,

    /// <summary>A market: its epoch is being written. It takes inputs and applies none.</summary>
    Opening = 2,

    Running = 3,

    /// <summary>A write was refused or its outcome is unknown: this object is to be thrown away and a new one loaded.</summary>
    Dropped = 4,

    /// <summary>A rule broke, durably: the actor refuses everything until an operator has looked.</summary>
    Faulted = 5,
}
