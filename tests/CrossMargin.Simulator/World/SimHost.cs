using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;
using CrossMargin.Nodes.Risk;

namespace CrossMargin.Simulator.World;

/// <summary>
/// A host in one of its lives: the activations on it, its price watch, its timers. It does for the delivery code what a silo does, and is
/// all that this code sees of the world.
/// </summary>
internal sealed partial class SimHost
{
    private const long TickMilliseconds = 250;

    private readonly Universe _world;
    private readonly NodeWatchOptions _watchOptions = new() { RenewMilliseconds = 1_500, LeaseMilliseconds = 6_000, WakeAgainMilliseconds = 600 };
    private readonly HolderWatchOptions _holderOptions = new()
    {
        LeaseMilliseconds = 6_000,
        FirstLookMilliseconds = 2_000,
        LookMilliseconds = 1_000,
        SweepMilliseconds = 20_000,
        WakesPerSecond = 200,
    };

    private readonly SortedDictionary<ActorId, HostedActor> _actors = [];
    private long _ticks;

    public SimHost(Universe world, NodeId id, int machine)
    {
        _world = world;
        Id = id;
        Machine = machine;
        Watch = new NodeWatch(world.Profile, id, _watchOptions);
    }

    public NodeId Id { get; }

    public int Machine { get; }

    public NodeWatch Watch { get; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether the others take it for alive.</summary>
    public bool IsMember { get; set; } = true;

    /// <summary>In the order of their addresses.</summary>
    public IReadOnlyCollection<HostedActor> Actors => _actors.Values;

    public bool Has(ActorId actor) => _actors.ContainsKey(actor);

    public HostedActor? Find(ActorId actor) => _actors.GetValueOrDefault(actor);

    public void Start() => _world.Every(TickMilliseconds, StepKind.HostTick, () =>
    {
        if (IsAlive) Tick();
        return IsAlive;
    });

    /// <summary>All it had in memory is gone.</summary>
    public void Stop()
    {
        IsAlive = false;
        _actors.Clear();
    }

    /// <summary>Membership says that a node is gone.</summary>
    public void MemberLeft(NodeId node)
    {
        foreach (HostedActor actor in _actors.Values) actor.Holders?.Ended(node);
    }

    /// <summary>Ends an activation that has nothing to do, to be continued elsewhere.</summary>
    public bool TryHandOver(ActorId address)
    {
        if (Find(address) is not { } actor || !actor.Activation.IsIdle) return false;
        if (actor.Activation is LogActivation { UncoveredRecords: > 0 } log && _world.Random.Chance(700_000))
        {
            log.RequestSnapshot(); // as before a clean stop; it goes when it is asked again
            Pump(actor);
            return false;
        }

        Remove(actor);
        return true;
    }

    public void Deliver(DeliveryBatch batch)
    {
        if (FindOrActivate(batch.To) is not { } actor) return;
        if (batch.From.Kind == ActorKind.Account) actor.Holders?.Seen(new AccountId(batch.From.Number), batch.Watcher);
        actor.Activation.Receive(batch);
        Pump(actor);
    }

    public void Deliver(in Acknowledgement acknowledgement)
    {
        if (Find(acknowledgement.To) is not { } actor) return;
        actor.Activation.Acknowledge(acknowledgement);
        Pump(actor);
    }

    public void Submit(ActorId to, in Message command, long ticket, ReadOnlySpan<CommandId> answered)
    {
        if (FindOrActivate(to) is not { } actor) return;
        actor.Activation.Submit(command, ticket, answered);
        Pump(actor);
    }

    public void Read(ActorId to, long ticket, Func<IActorMachine, object?> view)
    {
        if (FindOrActivate(to) is not { } actor) return;
        actor.Activation.Read(ticket, view);
        Pump(actor);
    }

    public void Notice(in Message notice) => Watch.Receive(notice);

    /// <summary>Somebody wants the account watched; it answers by telling the market.</summary>
    public void Wake(ActorId address, MarketId market)
    {
        if (FindOrActivate(address) is not { } actor) return;
        if (!market.IsNone && actor.Account is not null) actor.ToAnnounce.Add(market);
        Pump(actor);
    }

    /// <summary>A node asks for ticks; with the accounts it watches when the epoch is new to it.</summary>
    public void Renew(MarketId market, SimHost node, Timestamp asked, IReadOnlyList<AccountId> watched)
    {
        if (FindOrActivate(ActorId.Of(market)) is not { Activation.Phase: ActivationPhase.Running } actor) return;
        actor.Holders!.Renewed(node.Id, _world.Now, watched);
        PriceTick tick = actor.Market!.Tick;
        BracketsTick brackets = actor.Market.Brackets;
        _world.Network.Send(node, StepKind.Lease, () => node.Renewed(tick, brackets, asked));
    }

    public void TellFundStatus(SimHost node)
    {
        if (FindOrActivate(ActorId.Fund) is not { Activation.Phase: ActivationPhase.Running } actor) return;
        var notice = Message.Of(ActorId.Fund, ActorId.Monitor, CommandId.None, actor.Fund!.Status);
        _world.Network.Send(node, StepKind.Notice, () => node.Notice(notice));
    }

    private void Renewed(in PriceTick tick, in BracketsTick brackets, Timestamp asked)
    {
        if (Watch.Renewed(tick, brackets, asked)) AskLease(tick.Market, Watched(tick.Market));
    }

    private List<AccountId> Watched(MarketId market)
    {
        var watched = new List<AccountId>();
        foreach (HostedActor actor in _actors.Values)
        {
            bool isRunning = actor.Account is not null && actor.Activation.Phase == ActivationPhase.Running;
            if (isRunning && actor.Account!.WatchingMarkets().Contains(market)) watched.Add(actor.Account.Actor.Id);
        }

        return watched;
    }

    private void AskLease(MarketId market, List<AccountId> watched)
    {
        if (_world.Cluster.Route(this, ActorId.Of(market)) is not { } host) return;
        Timestamp asked = _world.Now;
        _world.Network.Send(host, StepKind.Lease, () => host.Renew(market, this, asked, watched));
    }

    private void Tick()
    {
        Timestamp now = _world.Now;
        foreach (MarketId market in Watch.LeasesToRenew(now)) AskLease(market, []);
        if (_ticks++ % 8 == 0 && _world.Cluster.Route(this, ActorId.Fund) is { } host)
            _world.Network.Send(host, StepKind.Lease, () => host.TellFundStatus(this));
        Watch.SuspendExpired(now);
        foreach (HostedActor actor in _actors.Values.ToArray())
        {
            if (IsMember && (!_world.Plan.IsOn || _world.Random.Chance(5_000)) && !Belongs(actor))
            {
                Remove(actor); // it has learned at last that the actor is elsewhere
                continue;
            }

            actor.Activation.Resend(now);
            Pump(actor);
        }

        foreach (Message wake in Watch.TakeWakes(now, 100)) Judge(wake);
        if (_world.Delivery.Faults.HasFlag(PlantedFaults.NoHolderSweep)) return;
        foreach (HostedActor actor in _actors.Values)
        {
            if (actor.Holders is null || actor.Activation.Phase != ActivationPhase.Running) continue;
            foreach (AccountId account in actor.Holders.TakeDue(now)) WakeHolder(account, actor.Market!.Actor.View.Spec.Id);
        }
    }

    private void WakeHolder(AccountId account, MarketId market)
    {
        _world.Tally.Count("holder woken");
        ActorId address = ActorId.Of(account);
        if (_world.Cluster.Route(this, address) is not { } host) return;
        _world.Network.Send(host, StepKind.Wake, () => host.Wake(address, market));
    }

    private void Judge(in Message wake)
    {
        if (Find(wake.To) is { } actor)
        {
            actor.Activation.Wake(wake);
            Pump(actor);
        }
        else
        {
            Watch.Leave(new AccountId(wake.To.Number), _world.Profile);
        }
    }
}
