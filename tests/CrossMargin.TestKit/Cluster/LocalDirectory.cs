using CrossMargin.Hosting.Delivery;
using CrossMargin.Nodes.Directory;

namespace CrossMargin.TestKit.Cluster;

/// <summary>The shards of a directory in this process, each in a context of its own, over a store that others may share.</summary>
public sealed class LocalDirectory(IActorStore store) : IDirectoryCalls
{
    private readonly (DirectoryShard Shard, TaskScheduler Context)[] _shards =
        [.. Enumerable.Range(0, SettingsKeys.Shards).Select(n => (new DirectoryShard(n, store), new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler))];

    public Task<ReadOnlyMemory<byte>> AskAsync(int shard, ReadOnlyMemory<byte> question)
    {
        (DirectoryShard asked, TaskScheduler context) = _shards[shard];
        return Task.Factory.StartNew(() => asked.AnswerAsync(question), CancellationToken.None, TaskCreationOptions.None, context).Unwrap();
    }
}
