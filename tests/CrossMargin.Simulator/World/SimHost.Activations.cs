using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;
using CrossMargin.Nodes.Machines;

namespace CrossMargin.Simulator.World;

// How activations begin, are pumped, and end.
internal sealed partial class SimHost
{
    /// <summary>The activation here; a new one if the actor belongs here.</summary>
    private HostedActor? FindOrActivate(ActorId address)
    {
        if (!IsAlive) return null;
        bool isHere = _world.Cluster.HostOf(address) == this;
        if (Find(address) is { } actor)
        {
            if (!isHere || Belongs(actor)) return actor;
            Remove(actor); // it was made for an earlier placement
        }

        return isHere ? Activate(address) : null;
    }

    private bool Belongs(HostedActor actor) =>
        _world.Cluster.HostOf(actor.Address) == this && _world.Cluster.GenerationOf(actor.Address) == actor.Generation;

    private HostedActor Activate(ActorId address)
    {
        HostedActor actor = Create(address);
        actor.Activation.Watcher = Id;
        actor.Generation = _world.Cluster.GenerationOf(address);
        _actors.Add(address, actor);
        if (_world.IsTraced) _world.Trace($"{Id} activates {address}");
        BeginReading(actor);
        return actor;
    }

    private HostedActor Create(ActorId address)
    {
        VenueProfile profile = _world.Profile;
        switch (address.Kind)
        {
            case ActorKind.Market:
                var market = new MarketMachine(profile[new MarketId(address.Number)], profile);
                return new HostedActor(new LogActivation(market, _world.Delivery), market)
                {
                    Holders = new HolderWatch(market, _holderOptions),
                };
            case ActorKind.Fund:
                var fund = new FundMachine(profile, Watch);
                return new HostedActor(new StateActivation(fund, _world.Delivery), fund);
            default:
                var account = new AccountMachine(new AccountId(address.Number), profile, Watch);
                return new HostedActor(new StateActivation(account, _world.Delivery), account);
        }
    }

    // Keys are read one after the other while others write: what comes together need not fit together.
    private void BeginReading(HostedActor actor)
    {
        actor.Records.Clear();
        _world.After(_world.Random.Between(1, 10), StepKind.Read, () => ReadOn(actor));
    }

    private void ReadOn(HostedActor actor)
    {
        if (!IsAlive || Find(actor.Address) != actor) return;
        if (_world.Plan.Hits(_world.Random, _world.Plan.ReadFailed, FaultKind.ReadFailed))
        {
            BeginReading(actor);
            return;
        }

        IReadOnlyList<string> keys = actor.Activation.Keys;
        long more = _world.Random.Between(1, keys.Count);
        while (actor.Records.Count < keys.Count && more-- > 0) actor.Records.Add(_world.Store.Read(actor.Address, keys[actor.Records.Count]));
        if (actor.Records.Count < keys.Count)
        {
            _world.After(_world.Random.Between(1, 20), StepKind.Read, () => ReadOn(actor));
            return;
        }

        actor.Activation.Load(actor.Records);
        Pump(actor);
    }

    /// <summary>A turn, and everything that it leaves behind.</summary>
    private void Pump(HostedActor actor)
    {
        Activation activation = actor.Activation;
        if (activation.Phase == ActivationPhase.Running) Announce(actor);
        activation.Turn(_world.Now);
        Take(actor);
        if (activation.Phase == ActivationPhase.Faulted) throw new InvariantViolation($"{activation.Fault} (fault of {actor.Address})");
        if (activation.Phase == ActivationPhase.Dropped) Drop(actor);
    }

    private void Announce(HostedActor actor)
    {
        if (actor.Account is null) return;
        if (!actor.HasAnnounced)
        {
            actor.HasAnnounced = true;
            foreach (MarketId market in actor.Account.WatchingMarkets()) actor.ToAnnounce.Add(market);
        }

        foreach (MarketId market in actor.ToAnnounce) actor.Activation.Announce(ActorId.Of(market));
        actor.ToAnnounce.Clear();
    }

    private void Take(HostedActor actor)
    {
        ActivationEffects effects = actor.Activation.Effects;
        foreach (StoreWrite write in effects.Writes) Write(actor, write);
        foreach (DeliveryBatch batch in effects.Batches) Send(actor, batch);
        foreach (Acknowledgement a in effects.Acknowledgements)
        {
            Acknowledgement acknowledgement = a;
            if (_world.Cluster.Route(this, a.To) is { } to) _world.Network.Send(to, StepKind.Acknowledgement, () => to.Deliver(acknowledgement));
        }

        foreach (CommandReply reply in effects.Replies)
        {
            if (reply.Unavailable is not null) _world.Plan.Count(FaultKind.Refused);
            else _world.Audit.CheckReply(actor.Address, reply);
            if (reply.Ticket != 0) _world.Network.Send(null, StepKind.Reply, () => _world.Gateway.Answered(reply));
        }

        foreach (EventCommit commit in effects.Events)
        {
            _world.Audit.CheckEvents(commit);
            _world.Tally.See(commit);
        }

        foreach (Message notice in effects.Notices) Publish(actor, notice);
        foreach (CommittedView view in effects.Views) _world.Audit.CheckView(actor.Address, view);
        effects.Clear();
    }

    private void Send(HostedActor actor, DeliveryBatch batch)
    {
        if (_world.Cluster.Route(this, batch.To) is not { } to) return;
        if (_world.IsTraced) _world.Trace($"{batch.From} -> {batch.To} {batch.First}+{batch.Messages.Count}: {Kinds(batch)}");
        _world.Network.Send(to, StepKind.Batch, () => to.Deliver(batch), () => actor.Activation.SendFailed(batch.To));
    }

    private static string Kinds(DeliveryBatch batch) => string.Join(' ', batch.Messages.Select(m => m.Kind));

    private void Publish(HostedActor actor, in Message notice)
    {
        Message copy = notice;
        if (actor.Holders is not null)
        {
            foreach (NodeId node in actor.Holders.Nodes)
            {
                if (_world.Cluster.Find(node) is { } host) _world.Network.Send(host, StepKind.Notice, () => host.Notice(copy));
            }

            return;
        }

        foreach (SimHost host in _world.Cluster.Hosts)
        {
            if (host.IsMember) _world.Network.Send(host, StepKind.Notice, () => host.Notice(copy));
        }
    }

    private void Drop(HostedActor actor)
    {
        _world.Tally.Count("activation dropped");
        if (_world.IsTraced) _world.Trace($"{Id} drops {actor.Address}");
        Remove(actor);
        // Where the actor does not belong here any more, it is woken where it does: nobody else may know that it has work.
        if (IsAlive && _world.Cluster.HostOf(actor.Address) == this) Activate(actor.Address);
        else _world.Cluster.Wake(actor.Address, MarketId.None);
    }

    private void Remove(HostedActor actor)
    {
        _actors.Remove(actor.Address);
        if (actor.Account is not null) Watch.Leave(actor.Account.Actor.Id, _world.Profile);
    }
}
