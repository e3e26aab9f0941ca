using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Pumps;

/// <summary>How actors on this node reach others, wherever those are. Implemented by the cluster; calls may fail in any way.</summary>
public interface INodeTransport
{
    /// <summary>
    /// Hands a batch to its receiver and waits until its effect is durable. Null, or any exception: it may or may not have arrived.
    /// </summary>
    Task<Acknowledgement?> DeliverAsync(DeliveryBatch batch);

    /// <summary>Makes an account active somewhere, so that it is watched there, and says so to the markets in which it has positions.</summary>
    Task WakeAsync(AccountId account);

    /// <summary>Tells the nodes (a market's, or the fund's, leaseholders) what it has to say. Best effort; returns at once.</summary>
    void Publish(ActorId from, IReadOnlyList<Message> notices);

    /// <summary>Events that have become durable, for streams. Best effort; returns at once.</summary>
    void Publish(EventCommit commit);
}
