using System.Globalization;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Cluster;

/// <summary>A store that outlives the nodes that write to it, in this process. Keeps the contract of the port; counts writes.</summary>
public sealed class MemoryActorStore : IActorStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(ActorId Actor, string Key), (byte[] Bytes, long Version)> _records = [];
    private long _writes;

    public long Writes => Interlocked.Read(ref _writes);

    public Task<StoredRecord> ReadAsync(ActorId actor, string key)
    {
        lock (_gate)
        {
            return Task.FromResult(_records.TryGetValue((actor, key), out (byte[] Bytes, long Version) r)
                ? new StoredRecord(r.Bytes, r.Version.ToString(CultureInfo.InvariantCulture))
                : StoredRecord.None);
        }
    }

    public async Task<StoreResult> WriteAsync(ActorId actor, StoreWrite write)
    {
        await Task.Yield(); // a real store never answers inside the call
        lock (_gate)
        {
            bool exists = _records.TryGetValue((actor, write.Key), out (byte[] Bytes, long Version) r);
            string? tag = exists ? r.Version.ToString(CultureInfo.InvariantCulture) : null;
            if (tag != write.Replaces) return new StoreResult(StoreOutcome.Refused, null);
            long version = exists ? r.Version + 1 : 1;
            _records[(actor, write.Key)] = (write.Bytes.ToArray(), version);
            Interlocked.Increment(ref _writes);
            return new StoreResult(StoreOutcome.Written, version.ToString(CultureInfo.InvariantCulture));
        }
    }
}
