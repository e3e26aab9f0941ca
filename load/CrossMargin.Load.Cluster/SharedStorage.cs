using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;
using Orleans.Storage;

namespace CrossMargin.Load.Cluster;

/// <summary>A grain storage of this process that outlives its silos, with ETags as real providers have them.</summary>
public sealed class SharedStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), (object State, long Version)> _records = new();
    private long _writes;

    public long Writes => Interlocked.Read(ref _writes);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.RecordExists = _records.TryGetValue((stateName, grainId), out (object State, long Version) r);
        if (!grainState.RecordExists) return Task.CompletedTask;
        grainState.State = (T)r.State;
        grainState.ETag = r.Version.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Yield();
        (string, GrainId) key = (stateName, grainId);
        long version = 1;
        if (grainState.ETag is { } tag)
        {
            bool isThere = _records.TryGetValue(key, out (object State, long Version) r) && r.Version.ToString(CultureInfo.InvariantCulture) == tag;
            version = r.Version + 1;
            if (!isThere || !_records.TryUpdate(key, (grainState.State!, version), r))
                throw new InconsistentStateException($"{key} is another version than {tag}");
        }
        else if (!_records.TryAdd(key, (grainState.State!, version)))
        {
            throw new InconsistentStateException($"{key} is there already");
        }

        Interlocked.Increment(ref _writes);
        grainState.ETag = version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("nothing of an actor is ever deleted");
}
