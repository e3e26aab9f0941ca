using CrossMargin.Grains.Contracts;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Views;
using Orleans.Concurrency;

namespace CrossMargin.Grains.Actors;

/// <summary>The insurance fund.</summary>
[Reentrant]
[KeepAlive]
public sealed class InsuranceFundGrain(SiloNode node) : ActorGrain(node), IInsuranceFundGrain
{
    private readonly SortedDictionary<long, INodeListener> _listeners = [];

    private protected override ActorId Address => ActorId.Fund;

    public Task<FundSnapshot> Read() => ActorReads.FundAsync(Pump);

    public async Task<bool> Renew(long node, INodeListener listener)
    {
        _listeners[node] = listener;
        CommittedView view = await Pump.ReadAsync(static m => ((FundMachine)m).Status.WithdrawalsClosed);
        return (bool)view.View!;
    }

    private protected override Activation Make() => new StateActivation(new FundMachine(Node.Profile, Node.Watch), Node.Delivery);

    private protected override void Publish(IReadOnlyList<Message> notices)
    {
        Message[] told = [.. notices];
        foreach (INodeListener listener in _listeners.Values) _ = listener.Notify(told);
    }
}
