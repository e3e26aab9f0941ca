using System.Collections.Concurrent;
using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;
using CrossMargin.Nodes.Pumps;
using CrossMargin.Nodes.Risk;

namespace CrossMargin.TestKit.Cluster;

/// <summary>One node of a <see cref="LocalCluster"/>: the accounts, markets and the fund that are active on it, and its watch.</summary>
internal sealed class LocalNode : INodeTransport, INodeCluster
{
    private readonly LocalCluster _cluster;
    private readonly ConcurrentDictionary<ActorId, LocalActor> _actors = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _death = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDead;

    public LocalNode(LocalCluster cluster, NodeId id)
    {
        _cluster = cluster;
        Watch = new NodeWatch(cluster.Profile, id);
        Loop = new NodeLoop(cluster.Profile, Watch, this, cluster.Clock, new NodeLoopOptions());
        _ = Task.Run(() => Loop.RunAsync(_end.Token));
        _ = Task.Run(TickAsync);
    }

    public VenueProfile Profile => _cluster.Profile;
    public IExchangeClock Clock => _cluster.Clock;
    public HolderWatchOptions HolderOptions => _cluster.HolderOptions;
    public NodeWatch Watch { get; }
    public NodeLoop Loop { get; }
    public bool IsDead => _isDead;
    public int ActorCount => _actors.Count;

    /// <summary>Nothing leaves it any more, and nothing that it was about to do happens.</summary>
    public void Kill()
    {
        _isDead = true;
        _end.Cancel();
        _death.TrySetResult();
    }

    /// <summary>What a caller sees of a call to this node: its result, or an <see cref="IOException"/> when the node dies.</summary>
    public async Task<T> CallAsync<T>(Task<T> call)
    {
        await Task.WhenAny(call, _death.Task);
        return call.IsCompleted ? await call : throw new IOException($"{Watch.Id} died");
    }

    public async Task<LocalActor> ActivateAsync(ActorId address)
    {
        LocalActor actor = _actors.GetOrAdd(address, a => new LocalActor(this, a, new NodeStore(this), _cluster.Delivery, Clock));
        await actor.Run(() => actor.Pump.Activation is null ? actor.Pump.StartAsync() : Task.CompletedTask);
        return actor;
    }

    public void GiveUp(ActorId address)
    {
        _actors.TryRemove(address, out _);
        if (address.Kind == ActorKind.Account) Watch.Leave(new AccountId(address.Number), Profile);
        _cluster.Forget(address, this);
    }

    public async Task<Acknowledgement?> DeliverAsync(DeliveryBatch batch)
    {
        if (_isDead) throw new IOException("dead");
        return await _cluster.CallAsync(batch.To, a => a.Receive(batch));
    }

    public async Task WakeAsync(AccountId account)
    {
        if (_isDead) return;
        try
        {
            await _cluster.CallAsync(ActorId.Of(account), async a =>
            {
                await a.Announce(MarketId.None);
                return true;
            });
        }
        catch (IOException)
        {
            // The market looks again.
        }
    }

    public void Publish(ActorId from, IReadOnlyList<Message> notices)
    {
        if (!_isDead) _cluster.Publish(notices);
    }

    public void Publish(EventCommit commit)
    {
        if (!_isDead) _cluster.Publish(commit);
    }

    public async Task<LeaseAnswer> RenewAsync(MarketId market, NodeId node)
    {
        if (_isDead) throw new IOException("dead");
        return await _cluster.CallAsync(ActorId.Of(market), a => a.Renew(node));
    }

    public async Task<FundStatus> RenewFundAsync(NodeId node)
    {
        CommittedView view = await _cluster.CallAsync(
            ActorId.Fund, fund => fund.Run(() => fund.Pump.ReadAsync(static m => ((Nodes.Machines.FundMachine)m).Status)));
        return (FundStatus)view.View!;
    }

    public async Task<bool> JudgeAsync(Message judge)
    {
        if (_isDead || !_actors.TryGetValue(judge.To, out LocalActor? actor)) return false;
        await actor.Run(() => actor.Pump.Wake(judge));
        return true;
    }

    public void AnnounceAll(MarketId market)
    {
        foreach (LocalActor actor in _actors.Values) _ = actor.Announce(market);
    }

    public async Task EndedAsync(NodeId node)
    {
        foreach (LocalActor actor in _actors.Values) await actor.Ended(node);
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!_isDead && await timer.WaitForNextTickAsync())
        {
            foreach (LocalActor actor in _actors.Values) await actor.Tick();
        }
    }

    // A dead node's writes neither happen nor end.
    private sealed class NodeStore(LocalNode node) : IActorStore
    {
        public Task<StoredRecord> ReadAsync(ActorId actor, string key) =>
            node._isDead ? Never<StoredRecord>() : node._cluster.Store.ReadAsync(actor, key);

        public Task<StoreResult> WriteAsync(ActorId actor, StoreWrite write) =>
            node._isDead ? Never<StoreResult>() : node._cluster.Store.WriteAsync(actor, write);

        private static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;
    }
}
