using CrossMargin.Grains.Contracts;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Pumps;
using CrossMargin.Nodes.Views;
using Orleans.Concurrency;

namespace CrossMargin.Grains.Actors;

/// <summary>A market: it tells its ticks to each node once, and has the holders woken that nobody watches. Never idle.</summary>
[Reentrant]
[KeepAlive]
public sealed class MarketGrain(SiloNode node) : ActorGrain(node), IMarketGrain
{
    private readonly Dictionary<NodeId, INodeListener> _listeners = []; // to look up
    private HolderWatch? _holders;
    private Activation? _holdersOf;

    private protected override ActorId Address => ActorId.Of(new MarketId(checked((int)this.GetPrimaryKeyLong())));

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!Node.Profile.Contains(new MarketId(Address.Number))) throw new ArgumentException($"the profile has no {Address}");
        await base.OnActivateAsync(cancellationToken);
        this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250))
        {
            Interleave = true,
            KeepAlive = true,
        });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Node.Left(Address);
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public override Task<Acknowledgement?> Deliver(DeliveryBatch batch)
    {
        if (batch.From.Kind == ActorKind.Account) Holders()?.Seen(new AccountId(batch.From.Number), batch.Watcher);
        return base.Deliver(batch);
    }

    public Task<MarketSnapshot> Read() => ActorReads.MarketAsync(Pump);

    public Task<MarketDepth> ReadDepth(int levels) => ActorReads.DepthAsync(Pump, levels);

    public Task<LeaseAnswer> Renew(long node, INodeListener listener)
    {
        if (Pump.Activation is not LogActivation { Phase: ActivationPhase.Running } activation) throw new InvalidOperationException($"{Address} is not up yet");
        var id = new NodeId(node);
        _listeners[id] = listener;
        Holders()!.Renewed(id, Node.Clock.Now, []);
        var machine = (MarketMachine)activation.Machine;
        return Task.FromResult(new LeaseAnswer(machine.Tick, machine.Brackets));
    }

    public Task NodeEnded(long node)
    {
        _listeners.Remove(new NodeId(node));
        Holders()?.Ended(new NodeId(node));
        return Task.CompletedTask;
    }

    private protected override Activation Make() =>
        new LogActivation(new MarketMachine(Node.Profile[new MarketId(Address.Number)], Node.Profile), Node.Delivery);

    private protected override void Publish(IReadOnlyList<Message> notices)
    {
        if (Holders() is not { } holders) return;
        Message[] told = [.. notices];
        foreach (NodeId node in holders.Nodes)
        {
            if (_listeners.TryGetValue(node, out INodeListener? listener)) _ = listener.Notify(told);
        }
    }

    private Task LookAsync(CancellationToken cancellation)
    {
        Pump.Tick();
        if (Holders() is not { } holders) return Task.CompletedTask;
        foreach (AccountId account in holders.TakeDue(Node.Clock.Now)) Wake(account);
        Node.Looked(Address, holders.Unwatched);
        return Task.CompletedTask;
    }

    private async void Wake(AccountId account)
    {
        try
        {
            await ((INodeTransport)this).WakeAsync(account);
        }
        catch (Exception)
        {
            // It is still without a watch and found again at the next look.
        }
    }

    private HolderWatch? Holders()
    {
        if (Pump.Activation is not LogActivation { Phase: ActivationPhase.Running } activation) return null;
        if (_holdersOf == activation) return _holders;
        _holdersOf = activation;
        return _holders = new HolderWatch((MarketMachine)activation.Machine, Node.HolderOptions);
    }
}
