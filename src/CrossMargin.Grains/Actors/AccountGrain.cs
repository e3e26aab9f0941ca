using CrossMargin.Grains.Contracts;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Views;
using Orleans.Concurrency;

namespace CrossMargin.Grains.Actors;

/// <summary>An account. Active as long as it has positions or debts: only an active account is watched.</summary>
[Reentrant]
public sealed class AccountGrain(SiloNode node) : ActorGrain(node), IAccountGrain
{
    private static readonly TimeSpan s_long = TimeSpan.FromDays(1);

    private bool _isKept;

    private protected override ActorId Address => ActorId.Of(new AccountId(checked((int)this.GetPrimaryKeyLong())));

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        Keep();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await base.OnDeactivateAsync(reason, cancellationToken);
        Node.Watch.Leave(new AccountId(Address.Number), Node.Profile);
    }

    public override async Task<Acknowledgement?> Deliver(DeliveryBatch batch)
    {
        Acknowledgement? acknowledgement = await base.Deliver(batch);
        Keep();
        return acknowledgement;
    }

    public Task<AccountSnapshot?> Read() => ActorReads.AccountAsync(Pump);

    public Task Wake()
    {
        if (Pump.Activation?.Machine is AccountMachine machine) Pump.Announce(machine.WatchingMarkets());
        Keep();
        return Task.CompletedTask;
    }

    public Task<bool> Judge(Message judge, long node)
    {
        if (node != Node.Watch.Id.Value) return Task.FromResult(false);
        Pump.Wake(judge);
        return Task.FromResult(true);
    }

    public Task Announce(int market)
    {
        var id = new MarketId(market);
        if (Pump.Activation?.Machine is AccountMachine machine && machine.WatchingMarkets().Contains(id)) Pump.Announce([id]);
        return Task.CompletedTask;
    }

    private protected override Activation Make() =>
        new StateActivation(new AccountMachine(new AccountId(Address.Number), Node.Profile, Node.Watch), Node.Delivery) { Watcher = Node.Watch.Id };

    private void Keep()
    {
        bool keep = Pump.Activation?.Machine is AccountMachine machine && machine.WatchingMarkets().Count > 0;
        if (keep == _isKept) return;
        _isKept = keep;
        DelayDeactivation(keep ? s_long : TimeSpan.Zero);
    }
}
