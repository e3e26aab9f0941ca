using CrossMargin.Grains.Contracts;

namespace CrossMargin.Grains.Actors;

/// <summary>The nodes that have said within the last half minute that they run.</summary>
[KeepAlive]
public sealed class NodesGrain(TimeProvider time) : Grain, INodesGrain
{
    private const long KeptMilliseconds = 30_000;

    private readonly SortedDictionary<long, (INodeListener Listener, long Until)> _nodes = [];

    public Task<NodeEntry[]> Join(long node, INodeListener listener)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (long over in _nodes.Where(n => n.Value.Until < now).Select(n => n.Key).ToArray()) _nodes.Remove(over);
        _nodes[node] = (listener, now + KeptMilliseconds);
        return Task.FromResult(_nodes.Where(n => n.Key != node).Select(n => new NodeEntry(n.Key, n.Value.Listener)).ToArray());
    }

    public Task Leave(long node)
    {
        _nodes.Remove(node);
        return Task.CompletedTask;
    }
}
