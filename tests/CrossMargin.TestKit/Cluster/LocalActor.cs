using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Pumps;

namespace CrossMargin.TestKit.Cluster;

/// <summary>One actor active on a <see cref="LocalNode"/>, in a context of its own that runs one thing at a time.</summary>
internal sealed class LocalActor
{
    private readonly TaskScheduler _context = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly LocalNode _node;
    private HolderWatch? _holders;
    private Activation? _holdersOf;

    public LocalActor(LocalNode node, ActorId address, IActorStore store, DeliveryOptions options, IExchangeClock clock)
    {
        _node = node;
        Address = address;
        Pump = new ActorPump(address, Make, store, node, clock, new PumpOptions { OnGivenUp = node.GiveUp });

        Activation Make()
        {
            VenueProfile profile = node.Profile;
            return address.Kind switch
            {
                ActorKind.Account =>
                    new StateActivation(new AccountMachine(new AccountId(address.Number), profile, node.Watch), options) { Watcher = node.Watch.Id },
                ActorKind.Market => new LogActivation(new MarketMachine(profile[new MarketId(address.Number)], profile), options),
                _ => new StateActivation(new FundMachine(profile, node.Watch), options),
            };
        }
    }

    public ActorId Address { get; }

    public ActorPump Pump { get; }

    public IReadOnlyCollection<NodeId> Listeners => _holders?.Nodes ?? [];

    public Task<T> Run<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _context).Unwrap();

    public Task Run(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _context).Unwrap();

    public Task Run(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _context);

    public Task<Acknowledgement?> Receive(DeliveryBatch batch) => Run(() =>
    {
        if (batch.From.Kind == ActorKind.Account) Holders()?.Seen(new AccountId(batch.From.Number), batch.Watcher);
        return Pump.ReceiveAsync(batch);
    });

    public Task<LeaseAnswer> Renew(NodeId node) => Run(() =>
    {
        if (Pump.Activation is not LogActivation { Phase: ActivationPhase.Running } a) throw new InvalidOperationException($"{Address} is not up");
        Holders()!.Renewed(node, _node.Clock.Now, []);
        var machine = (MarketMachine)a.Machine;
        return Task.FromResult(new LeaseAnswer(machine.Tick, machine.Brackets));
    });

    public Task Tick() => Run(() =>
    {
        Pump.Tick();
        if (Holders() is not { } holders) return;
        foreach (AccountId account in holders.TakeDue(_node.Clock.Now)) _ = _node.WakeAsync(account);
    });

    public Task Ended(NodeId node) => Run(() => Holders()?.Ended(node));

    public Task Announce(MarketId market) => Run(() =>
    {
        if (Pump.Activation?.Machine is AccountMachine m && (market.IsNone || m.WatchingMarkets().Contains(market)))
            Pump.Announce(market.IsNone ? m.WatchingMarkets() : [market]);
    });

    private HolderWatch? Holders()
    {
        if (Pump.Activation is not LogActivation { Phase: ActivationPhase.Running } a) return null;
        if (_holdersOf == a) return _holders;
        _holdersOf = a;
        return _holders = new HolderWatch((MarketMachine)a.Machine, _node.HolderOptions);
    }
}
