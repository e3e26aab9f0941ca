using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;

namespace CrossMargin.TestKit.Cluster;

/// <summary>
/// A cluster in one process without a cluster framework: nodes with the real pumps and watches, a shared store that outlives them, real
/// threads and the wall clock. Nodes can be killed and added.
/// </summary>
public sealed class LocalCluster : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<LocalNode> _nodes = [];
    private readonly Dictionary<ActorId, LocalNode> _placed = [];
    private long _nodesMade;
    private int _next;

    public LocalCluster(VenueProfile profile, int nodes, IExchangeClock? clock = null, IActorStore? store = null)
    {
        Profile = profile;
        Clock = clock ?? new WallClock(TimeProvider.System);
        Store = store ?? new MemoryActorStore();
        for (int i = 0; i < nodes; i++) Add();
    }

    public VenueProfile Profile { get; }
    public IExchangeClock Clock { get; }
    public IActorStore Store { get; }
    public DeliveryOptions Delivery { get; init; } = new() { EngineVersion = "test" };
    public HolderWatchOptions HolderOptions { get; init; } = new() { LookMilliseconds = 200 };

    /// <summary>Sees the events of each write, from any thread.</summary>
    public event Action<EventCommit>? Committed;

    public int NodeCount
    {
        get
        {
            lock (_gate) return _nodes.Count;
        }
    }

    /// <summary>Pools with a box, over all nodes.</summary>
    public int BoxCount
    {
        get
        {
            lock (_gate) return _nodes.Sum(n => n.Watch.BoxCount);
        }
    }

    /// <summary>Whether every node has a price of the market that is not paused.</summary>
    public bool KnowsPrice(MarketId market)
    {
        lock (_gate) return _nodes.TrueForAll(n => n.Watch.Prices.Pause(market) == PauseReason.None);
    }

    /// <summary>Whether every node has this index price of the market, and it is not paused.</summary>
    public bool KnowsIndex(MarketId market, Price index)
    {
        lock (_gate) return _nodes.TrueForAll(n => n.Watch.Prices.Index(market) == index && n.Watch.Prices.Pause(market) == PauseReason.None);
    }

    public void Add()
    {
        var node = new LocalNode(this, new NodeId(Interlocked.Increment(ref _nodesMade)));
        lock (_gate) _nodes.Add(node);
    }

    /// <summary>Kills a node without warning; the others learn of it at once, as membership would tell them.</summary>
    public async Task KillAsync(int index)
    {
        LocalNode node;
        LocalNode[] others;
        lock (_gate)
        {
            node = _nodes[index];
            node.Kill();
            _nodes.RemoveAt(index);
            foreach (ActorId actor in _placed.Where(p => p.Value == node).Select(p => p.Key).ToArray()) _placed.Remove(actor);
            others = [.. _nodes];
        }

        foreach (LocalNode other in others) await other.EndedAsync(node.Watch.Id);
    }

    /// <summary>Executes a command; asked again, under its id, while the node it runs on dies.</summary>
    public async Task<CommandAnswer> SubmitAsync(Message command, CancellationToken deadline = default)
    {
        while (true)
        {
            try
            {
                return await CallAsync(command.To, a => a.Run(() => a.Pump.SubmitAsync(command, []))).WaitAsync(deadline);
            }
            catch (IOException)
            {
                deadline.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Messages that no actor sends.</summary>
    public Task<Acknowledgement?> DeliverAsync(DeliveryBatch batch) => CallAsync(batch.To, a => a.Receive(batch));

    public async Task<T> ReadAsync<T>(ActorId address, Func<IActorMachine, T> view)
    {
        CommittedView committed = await CallAsync(address, a => a.Run(() => a.Pump.ReadAsync(m => view(m))));
        return (T)committed.View!;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (LocalNode node in _nodes) node.Kill();
        }
    }

    internal async Task<T> CallAsync<T>(ActorId address, Func<LocalActor, Task<T>> call)
    {
        LocalNode node = NodeOf(address);
        LocalActor actor = await node.CallAsync(node.ActivateAsync(address));
        return await node.CallAsync(call(actor));
    }

    internal void Forget(ActorId address, LocalNode node)
    {
        lock (_gate)
        {
            if (_placed.GetValueOrDefault(address) == node) _placed.Remove(address);
        }
    }

    internal void Publish(IReadOnlyList<Message> notices)
    {
        LocalNode[] nodes;
        lock (_gate) nodes = [.. _nodes];
        foreach (LocalNode node in nodes) node.Loop.Receive(notices);
    }

    internal void Publish(EventCommit commit) => Committed?.Invoke(commit);

    private LocalNode NodeOf(ActorId address)
    {
        lock (_gate)
        {
            if (_nodes.Count == 0) throw new IOException("no node is left");
            if (_placed.TryGetValue(address, out LocalNode? node)) return node;
            return _placed[address] = _nodes[_next++ % _nodes.Count];
        }
    }
}
