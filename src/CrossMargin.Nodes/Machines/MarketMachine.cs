using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Pricing;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.History;

namespace CrossMargin.Nodes.Machines;

/// <summary>
/// A market on a node. Its steps see nothing of the node, so that its log replays to the same state and the same messages anywhere; what
/// it tells the nodes carries its epoch.
/// </summary>
public sealed class MarketMachine(MarketSpec spec, VenueProfile profile) : IActorMachine
{
    private static readonly PriceTable s_noPrices = new(0);

    private readonly ActorOutput _step = new();
    private readonly SortedSet<AccountId> _debtors = [];
    private Timestamp _now;
    private int _epoch;

    public MarketActor Actor { get; } = new(spec, profile);

    /// <summary>Accounts without position that asked to be kept awake (<see cref="RequestWatch"/>), in order. Durable, like the table of holders.</summary>
    public IReadOnlyCollection<AccountId> Debtors => _debtors;

    internal MarketHistory History { get; } = new(spec);

    public ActorId Address => Actor.Address;

    /// <summary>Exchange time of the batch that ran last.</summary>
    public Timestamp Now => _now;

    /// <summary>What a node that begins to listen is told first.</summary>
    public PriceTick Tick => Actor.View.PublishedTick with { Epoch = _epoch };

    public BracketsTick Brackets => Actor.View.PublishedBrackets with { Epoch = _epoch };

    public void Begin(Timestamp now) => _now = now;

    public void Apply(in Message message, ActorOutput output)
    {
        if (message.Kind == MessageKind.RequestWatch)
        {
            var account = new AccountId(message.From.Number);
            if (message.Body<RequestWatch>().IsNeeded) _debtors.Add(account);
            else _debtors.Remove(account);
            return;
        }

        _step.Clear();
        EngineSteps.Of(profile).Run(Actor, message, _now, s_noPrices, NoMonitor.Instance, _step);
        foreach (ref readonly Message sent in _step.Sent) output.Send(sent.To == ActorId.Monitor ? Stamped(sent) : sent);
        foreach (ref readonly Event e in _step.Events)
        {
            History.Apply(e);
            output.Emit(e);
        }
    }

    public void End(ActorOutput output)
    {
    }

    public void Activated(int epoch) => _epoch = epoch;

    /// <summary>A broken account's orders are taken off the book; its position stays, for people to look at.</summary>
    public Message? WhenFaulted(ActorId peer)
    {
        var owner = new AccountId(peer.Number);
        bool has = peer.Kind == ActorKind.Account && (Actor.View.OrderCount(owner) > 0 || Actor.View.TriggerCount(owner) > 0);
        if (!has) return null;
        return Message.Of(ActorId.Client, Address, CommandId.None, new CancelAccountOrders { Market = Actor.View.Spec.Id, Account = owner });
    }

    public void Write(StateWriter writer)
    {
        Actor.Write(writer);
        History.Write(writer);
        writer.WriteInt32(_debtors.Count);
        foreach (AccountId account in _debtors) writer.WriteInt32(account.Value);
    }

    public void Read(StateReader reader)
    {
        Actor.Read(reader);
        History.Read(reader);
        if (reader.AtEnd) return; // of a release that knew no debtors
        int debtors = reader.ReadCount(4);
        for (int i = 0; i < debtors; i++) _debtors.Add(new AccountId(reader.ReadInt32()));
    }

    private Message Stamped(in Message notice)
    {
        Message stamped = notice;
        if (notice.Kind == MessageKind.PriceTick) stamped.Set(notice.Body<PriceTick>() with { Epoch = _epoch });
        else stamped.Set(notice.Body<BracketsTick>() with { Epoch = _epoch });
        return stamped;
    }
}
