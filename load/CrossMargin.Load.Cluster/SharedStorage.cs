using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Storage;

namespace CrossMargin.Load.Cluster;

/// <summary>
/// A grain storage of this process that outlives its silos, with ETags as real providers have them. Writes are done one after the other
/// by a thread of its own, as a server's would arrive; who waits goes on with others' turn.
/// </summary>
public sealed class SharedStorage : IGrainStorage, IDisposable
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), (object State, long Version)> _records = new();
    private readonly BlockingCollection<Action> _queue = [];
    private long _writes;

    public SharedStorage() =>
        new Thread(() =>
        {
            foreach (Action write in _queue.GetConsumingEnumerable()) write();
        })
        { IsBackground = true, Name = "storage" }.Start();

    public long Writes => Interlocked.Read(ref _writes);

    public void Dispose() => _queue.CompleteAdding();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.RecordExists = _records.TryGetValue((stateName, grainId), out (object State, long Version) r);
        if (!grainState.RecordExists) return Task.CompletedTask;
        grainState.State = (T)r.State;
        grainState.ETag = r.Version.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(() =>
        {
            try
            {
                Write((stateName, grainId), grainState);
                done.SetResult();
            }
            catch (InconsistentStateException e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("nothing of an actor is ever deleted");

    private void Write<T>((string, GrainId) key, IGrainState<T> grainState)
    {
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
}
