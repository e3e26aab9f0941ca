using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>The events of one command, in order. Shared between its readers: not to be changed.</summary>
/// <param name="Sequence">
/// Where these events stand: rises from batch to batch. An <see cref="AccountSnapshot"/> or <see cref="MarketSnapshot"/> names the last
/// batch that it includes, so a reader that applies later ones only misses nothing and counts nothing twice.
/// </param>
/// <param name="Time">Exchange time of the command.</param>
/// <param name="Events">At least one.</param>
public sealed record EventBatch(long Sequence, Timestamp Time, IReadOnlyList<Event> Events);
