using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// Messages from one actor to another on their way. They are numbered per ordered pair from 1 without gaps, and the numbers never restart.
/// A batch may be lost, repeated or overtaken; the receiver applies each number once and in order.
/// </summary>
/// <param name="First">The number of the first message.</param>
/// <param name="Watcher">The node whose risk monitor watches the sender, or <see cref="NodeId.None"/>.</param>
public sealed record DeliveryBatch(ActorId From, ActorId To, long First, IReadOnlyList<Message> Messages, NodeId Watcher)
{
    /// <summary>
    /// The sender is <see cref="ActivationPhase.Faulted"/>: it applies and says nothing any more. Such a batch has no messages. The receiver
    /// does what <see cref="IActorMachine.WhenFaulted"/> says.
    /// </summary>
    public bool IsFaulted { get; init; }
}

/// <summary>Says that all messages of a pair up to a number are applied, durably: the sender may forget them.</summary>
/// <param name="From">The receiver of the messages.</param>
/// <param name="To">Their sender.</param>
/// <param name="Through">The last number applied.</param>
/// <param name="Answered">
/// The last number that <paramref name="From"/> has queued for <paramref name="To"/>: what it had to say to the messages up to
/// <paramref name="Through"/> has numbers up to this.
/// </param>
public readonly record struct Acknowledgement(ActorId From, ActorId To, long Through, long Answered)
{
    /// <summary>
    /// The last number that <see cref="To"/> has acknowledged to <see cref="From"/>. An activation that has not applied so much is an old
    /// one.
    /// </summary>
    public long Forgotten { get; init; }
}

/// <summary>A host of actors in one of its lives: a restarted host is another node. Zero is none.</summary>
public readonly record struct NodeId(long Value) : IComparable<NodeId>
{
    public static readonly NodeId None = default;
    public bool IsNone => Value == 0;
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);
    public override string ToString() => $"node {Value:x}";
}
