using CrossMargin.Grains.Contracts;
using CrossMargin.Grains.Nodes;
using CrossMargin.Grains.Storage;
using CrossMargin.Nodes.Directory;
using Orleans.Concurrency;

namespace CrossMargin.Grains.Actors;

/// <summary>A shard of the directory.</summary>
[Reentrant]
public sealed class DirectoryGrain : Grain, IDirectoryGrain
{
    private readonly DirectoryShard _shard;

    public DirectoryGrain(SiloNode node)
    {
        var store = new GrainActorStore(node.Storage, this.GetGrainId());
        _shard = new DirectoryShard(checked((int)this.GetPrimaryKeyLong()), store);
    }

    public async Task<byte[]> Ask(byte[] question) => (await _shard.AnswerAsync(question)).ToArray();
}
