using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Simulator.World;

/// <summary>
/// What survives hosts, by the contract of <see cref="IActorStore"/>: conditional on tags, whole or not at all. Tells the audit of
/// everything that lands, whoever wrote it and whatever he was told.
/// </summary>
internal sealed class SimStore(Action<ActorId, StoreWrite> landed)
{
    private readonly Dictionary<(ActorId, string), StoredRecord> _records = []; // to look up, never to go through
    private long _lastTag;

    public StoredRecord Read(ActorId actor, string key) => _records.GetValueOrDefault((actor, key));

    public StoreResult Write(ActorId actor, StoreWrite write)
    {
        if (Read(actor, write.Key).Tag != write.Replaces) return new StoreResult(StoreOutcome.Refused, null);
        string tag = $"v{++_lastTag}";
        _records[(actor, write.Key)] = new StoredRecord(write.Bytes, tag);
        landed(actor, write);
        return new StoreResult(StoreOutcome.Written, tag);
    }

    /// <summary>Breaks the contract: for a planted fault.</summary>
    public void Delete(ActorId actor, string key) => _records.Remove((actor, key));
}
