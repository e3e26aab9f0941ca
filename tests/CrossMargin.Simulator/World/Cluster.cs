using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Simulator.World;

/// <summary>Which hosts there are and where actors are placed, and what goes wrong with both.</summary>
internal sealed class Cluster
{
    private readonly Universe _world;
    private readonly SimHost[] _machines;
    private readonly Dictionary<ActorId, SimHost> _placement = []; // to look up, never to go through
    private readonly Dictionary<ActorId, SimHost> _before = [];
    private readonly Dictionary<ActorId, int> _generations = [];
    private readonly List<ActorId> _known = [];
    private long _lastNode;

    public Cluster(Universe world)
    {
        _world = world;
        _machines = new SimHost[world.Options.Hosts];
        for (int i = 0; i < _machines.Length; i++) _machines[i] = NewHost(i);
        PlanNext(world.Plan.KillEvery, () => Kill(PickMember()));
        PlanNext(world.Plan.DeadEvery, () => DeclareDead(PickMember()));
        PlanNext(world.Plan.MoveEvery, Move);
    }

    /// <summary>One host a machine, dead or alive, members or not.</summary>
    public IReadOnlyList<SimHost> Hosts => _machines;

    /// <summary>Every actor that was ever spoken to.</summary>
    public IReadOnlyList<ActorId> Known => _known;

    public SimHost? Find(NodeId node)
    {
        foreach (SimHost host in _machines)
        {
            if (host.Id == node) return host;
        }

        return null;
    }

    /// <summary>Where the actor belongs now; null while no host is there.</summary>
    public SimHost? HostOf(ActorId actor)
    {
        if (_placement.TryGetValue(actor, out SimHost? host) && host.IsMember) return host;
        SimHost? before = host;
        host = PickMember();
        if (host is null) return null;
        if (before is not null) _before[actor] = before;
        else if (!_placement.ContainsKey(actor)) _known.Add(actor);
        Place(actor, host);
        return host;
    }

    /// <summary>Counts the actor's placements: an activation of an earlier one is another one, even in the same host.</summary>
    public int GenerationOf(ActorId actor) => _generations.GetValueOrDefault(actor);

    /// <summary>Where a sender believes the actor is: a host that was declared dead knows only what it has; some directories are old.</summary>
    public SimHost? Route(SimHost? from, ActorId actor)
    {
        if (from is { IsMember: false } && from.Has(actor)) return from;
        if (_before.TryGetValue(actor, out SimHost? before) && before.IsAlive
            && _world.Plan.Hits(_world.Random, _world.Plan.Misroute, FaultKind.MessageMisrouted)) return before;
        return HostOf(actor);
    }

    /// <summary>Has the actor activated where it belongs. May be lost.</summary>
    public void Wake(ActorId actor, MarketId market)
    {
        if (HostOf(actor) is not { } host) return;
        _world.Network.Send(host, StepKind.Wake, () => host.Wake(actor, market));
    }

    /// <summary>Every host is dead; what was on its way to one is lost.</summary>
    public void CutPower()
    {
        foreach (SimHost host in _machines) host.Stop();
    }

    /// <summary>Ends what is still wrong: hosts that should be dead are, hosts that are dead come back.</summary>
    public void Mend()
    {
        for (int i = 0; i < _machines.Length; i++)
        {
            SimHost host = _machines[i];
            if (host is { IsAlive: true, IsMember: true }) continue;
            host.Stop();
            Leave(host);
            _machines[i] = NewHost(i);
        }
    }

    private SimHost NewHost(int machine)
    {
        var host = new SimHost(_world, new NodeId(++_lastNode), machine);
        host.Start();
        return host;
    }

    private void PlanNext(long every, Action fault)
    {
        if (every == 0) return;
        _world.After(_world.Random.Between(every / 2, every * 3 / 2), StepKind.Fault, () =>
        {
            if (_world.Plan.IsOn) fault();
            PlanNext(every, fault);
        });
    }

    private SimHost? PickMember()
    {
        int members = 0;
        foreach (SimHost host in _machines) members += host.IsMember ? 1 : 0;
        if (members == 0) return null;
        long pick = _world.Random.Below(members);
        foreach (SimHost host in _machines)
        {
            if (host.IsMember && pick-- == 0) return host;
        }

        return null;
    }

    // It is noticed after a while; until then everything still goes to it.
    private void Kill(SimHost? host)
    {
        if (host is null) return;
        _world.Plan.Count(FaultKind.HostKilled);
        if (_world.IsTraced) _world.Trace($"{host.Id} is killed");
        host.Stop();
        _world.After(_world.Random.Between(50, 3_000), StepKind.Fault, () => Leave(host));
        Restart(host, _world.Random.Between(1_000, 10_000));
    }

    // Membership takes it for dead, its actors go elsewhere, and it goes on running.
    private void DeclareDead(SimHost? host)
    {
        if (host is null) return;
        _world.Plan.Count(FaultKind.HostDeclaredDead);
        if (_world.IsTraced) _world.Trace($"{host.Id} is declared dead and runs on");
        Leave(host);
        long life = _world.Random.Between(1_000, 20_000);
        _world.After(life, StepKind.Fault, host.Stop);
        Restart(host, life + _world.Random.Between(100, 3_000));
    }

    private void Restart(SimHost host, long after) => _world.After(after, StepKind.Fault, () =>
    {
        if (_machines[host.Machine] != host) return;
        Leave(host);
        _machines[host.Machine] = NewHost(host.Machine);
    });

    private void Leave(SimHost host)
    {
        if (!host.IsMember) return;
        host.IsMember = false;
        foreach (SimHost other in _machines)
        {
            if (!other.IsAlive || other == host) continue;
            SimHost told = other;
            _world.After(_world.Random.Between(1, 500), StepKind.Fault, () => told.MemberLeft(host.Id));
        }
    }

    private void Place(ActorId actor, SimHost host)
    {
        _placement[actor] = host;
        _generations[actor] = GenerationOf(actor) + 1;
    }

    private void Move()
    {
        if (_known.Count == 0) return;
        ActorId actor = _known[(int)_world.Random.Below(_known.Count)];
        SimHost? from = HostOf(actor);
        SimHost? to = PickMember();
        if (from is null || to is null || from == to) return;
        bool clean = _world.Random.Chance(500_000) && from.TryHandOver(actor);
        _world.Plan.Count(clean ? FaultKind.ActorHandedOver : FaultKind.ActorMoved);
        if (_world.IsTraced) _world.Trace($"{actor} moves from {from.Id} to {to.Id}{(clean ? "" : ", and runs on there")}");
        _before[actor] = from;
        Place(actor, to);
        Wake(actor, MarketId.None);
    }
}
