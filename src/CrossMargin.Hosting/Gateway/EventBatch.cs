using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>The events of one command, in order. Shared between its readers: not to be changed.</summary>
/// <param name="Sequence">
/// Where these events stand: rises from batch to batch. An <see cref="AccountSnapshot"/> or <see cref="MarketSnapshot"/> names the last
/// batch that it includes, so a reader that applies later ones only misses nothing and counts nothing twice.
/// </param>
/// <param name="Time">Exchange time of the command.</param>
/// <param name="Events">At least one; none in a batch of a <see cref="Source"/> that only tells where it stands.</param>
public sealed record EventBatch(long Sequence, Timestamp Time, IReadOnlyList<Event> Events)
{
    /// <summary>
    /// The actor whose own events these are, on a sequence of its own, which only its own snapshots are on. <see cref="ActorId.Client"/>: all
    /// actors are on one sequence.
    /// </summary>
    public ActorId Source { get; init; }

    /// <summary>
    /// The source's batch before this one: who is not on it, nor on a later snapshot, has lost events. Negative: only <see cref="LostBefore"/> tells.
    /// </summary>
    public long Previous { get; init; } = -1;

    /// <summary>
    /// Batches that came just before this one and are lost to the subscribers, because these took too long. What was made of events alone
    /// is wrong from here on: it begins again from a snapshot. Almost always 0.
    /// </summary>
    public long LostBefore { get; init; }
}
