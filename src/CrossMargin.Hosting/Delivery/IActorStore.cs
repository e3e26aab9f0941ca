using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// Where actors keep what must survive. The contract, which each provider is tested against with two writers:
/// <list type="number">
/// <item>A write names the tag of the record it replaces and is refused if another is there.</item>
/// <item>A write that names no tag is refused if anything is there.</item>
/// <item>A key that was once written is never deleted while its actor lives: a provider that takes "no tag" for "create" would let a host
/// that was declared dead, but still runs, write again over a deleted record.</item>
/// <item>A record is there whole or not at all, and a read after a write that was answered with <see cref="StoreOutcome.Written"/> sees it
/// or a later one.</item>
/// </list>
/// Thread-safe.
/// </summary>
public interface IActorStore
{
    /// <summary>The record under a key and its tag; <see cref="StoredRecord.None"/> if there never was one. Throws when it cannot be read.</summary>
    Task<StoredRecord> ReadAsync(ActorId actor, string key);

    /// <summary>Never throws for what storage does: whatever is not a plain yes or no is <see cref="StoreOutcome.Unknown"/>.</summary>
    Task<StoreResult> WriteAsync(ActorId actor, StoreWrite write);
}

/// <param name="Tag">Names this version of the record; null where there is none.</param>
public readonly record struct StoredRecord(ReadOnlyMemory<byte> Bytes, string? Tag)
{
    public static readonly StoredRecord None = default;

    public bool Exists => Tag is not null;
}

/// <param name="Replaces">The tag of the version that this write replaces; null: there must be none.</param>
public sealed record StoreWrite(string Key, ReadOnlyMemory<byte> Bytes, string? Replaces);

public enum StoreOutcome
{
    /// <summary>It is there and will stay there until it is replaced.</summary>
    Written = 1,

    /// <summary>It is not there and will not be: another version was.</summary>
    Refused = 2,

    /// <summary>It may be there, may come to be there later, or never.</summary>
    Unknown = 3,
}

/// <param name="Tag">Of the record now there, if <see cref="StoreOutcome.Written"/>.</param>
public readonly record struct StoreResult(StoreOutcome Outcome, string? Tag);
