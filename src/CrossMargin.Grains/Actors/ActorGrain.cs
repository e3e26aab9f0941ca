using CrossMargin.Grains.Contracts;
using CrossMargin.Grains.Nodes;
using CrossMargin.Grains.Storage;
using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.History;
using CrossMargin.Nodes.Pumps;
using Orleans.Concurrency;

namespace CrossMargin.Grains.Actors;

/// <summary>
/// Orleans around one actor: calls come in, the pump does the rest. Reentrant, because an engine step is synchronous and only the pump
/// awaits: while a write is in flight the next calls are taken.
/// </summary>
[Reentrant]
public abstract class ActorGrain : Grain, IActorGrain, INodeTransport
{
    private readonly SiloNode _node;
    private ActorPump? _pump;

    private protected ActorGrain(SiloNode node) => _node = node;

    private protected SiloNode Node => _node;

    private protected ActorPump Pump => _pump ?? throw new InvalidOperationException("the grain is not active");

    private protected abstract ActorId Address { get; }

    /// <summary>Loads the actor; a grain that cannot be loaded does not become active, and its callers are told.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var store = new GrainActorStore(_node.Storage, this.GetGrainId());
        var options = new PumpOptions
        {
            OnGivenUp = _ => DeactivateOnIdle(),
            OnWritten = _node.HasWritten,
            OnFault = _node.HasBroken,
        };
        _pump = new ActorPump(Address, Make, store, this, _node.Clock, options);
        await _pump.StartAsync();
        _node.Add(_pump);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_pump is null) return;
        await _pump.StopAsync(cancellationToken);
        _node.Remove(_pump);
    }

    public Task<CommandAnswer> Submit(Message command, long[] answered)
    {
        if (command.To != Address || command.From != ActorId.Client || !MessageLayout.IsCommand(command.Kind) || !MessageLayout.IsKnown(command.Kind))
            throw new ArgumentException($"{command.Kind} from {command.From} to {command.To} is no command for {Address}");
        return Pump.SubmitAsync(command, Array.ConvertAll(answered, static id => new CommandId(id)));
    }

    public async Task<byte[]> AskHistory(byte[] question) => (await HistoryDesk.AnswerAsync(Pump, question)).ToArray();

    public virtual Task<Acknowledgement?> Deliver(DeliveryBatch batch) => Pump.ReceiveAsync(batch);

    Task<Acknowledgement?> INodeTransport.DeliverAsync(DeliveryBatch batch) => Of(batch.To).Deliver(batch);

    Task INodeTransport.WakeAsync(AccountId account) => GrainFactory.GetGrain<IAccountGrain>(account.Value).Wake();

    void INodeTransport.Publish(ActorId from, IReadOnlyList<Message> notices) => Publish(notices);

    void INodeTransport.Publish(EventCommit commit) => _node.Happened(commit);

    private protected abstract Activation Make();

    private protected virtual void Publish(IReadOnlyList<Message> notices)
    {
    }

    private IActorGrain Of(ActorId actor) =>
        actor.Kind == ActorKind.Account ? GrainFactory.GetGrain<IAccountGrain>(actor.Number) : _node.ReferenceTo(actor);
}
