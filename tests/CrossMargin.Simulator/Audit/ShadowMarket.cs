using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;
using CrossMargin.Simulator.World;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Simulator.Audit;

/// <summary>
/// A market as its log says it is: every record that lands is replayed here, by code of its own. It knows of no snapshot; at intervals what
/// the stored snapshot and ring give must be the same state.
/// </summary>
internal sealed class ShadowMarket : IRiskMonitor
{
    private readonly DurableAudit _audit;
    private readonly EngineActors _actors;
    private readonly MarketSpec _spec;
    private readonly MarketActor _market;
    private readonly MessageQueue _outbox = new();
    private readonly EventBuffer _events = new();
    private readonly Queue<Message> _own = new();
    private readonly SortedSet<AccountId> _debtors = [];
    private readonly StepContext _context;

    public ShadowMarket(DurableAudit audit, EngineActors actors, MarketSpec spec)
    {
        _audit = audit;
        _actors = actors;
        _spec = spec;
        _market = (MarketActor)actors.NewMarket(spec);
        _context = new StepContext(actors.Profile, new PriceTable(0), this, _outbox, _events);
    }

    public MarketView View => _market.View;

    /// <summary>The number of the last record.</summary>
    public long Last { get; private set; }

    /// <summary>Whether the last record led to events.</summary>
    public bool HasEvents => _events.Count > 0;

    private ActorId Address => ActorId.Of(_spec.Id);

    public void Take(ReadOnlyMemory<byte> bytes, CommandRecord commands)
    {
        var record = LogRecord.Read(bytes, Address);
        if (record.Number != Last + 1) throw new InvariantViolation($"6: record {record.Number} of {Address} was written after record {Last}");
        Last = record.Number;
        if (record.Time < _context.Now) throw new InvariantViolation($"7: record {record.Number} of {Address} goes back in time");
        _context.Now = record.Time;
        foreach (LoggedAcknowledgement a in record.Acknowledgements) _audit.PairOf(Address, a.Peer).Forget(a.Through);
        _events.Clear();
        foreach (LoggedInput input in record.Inputs) Take(input);
        foreach (LoggedInput input in record.Inputs)
        {
            if (input.Number == 0 && input.Message.Cause != CommandId.None) commands.Applied(input.Message.Cause, EventsOf(input.Message.Cause));
        }
    }

    /// <summary>What an activation would load now is this state, to the last bit.</summary>
    public void CheckStored(SimStore store, DeliveryOptions options)
    {
        var machine = new MarketMachine(_spec, _actors.Profile);
        var activation = new LogActivation(machine, options with { Faults = PlantedFaults.None });
        activation.Load([.. activation.Keys.Select(key => store.Read(Address, key))]);
        if (activation.Fault is not null) throw new InvariantViolation($"6: {Address} cannot be loaded: {activation.Fault}");
        if (activation.CommitNumber != Last) throw new InvariantViolation($"6: {Address} loads record {activation.CommitNumber}, {Last} were written");
        var stored = new StateWriter(4096);
        var replayed = new StateWriter(4096);
        machine.Actor.Write(stored);
        _market.Write(replayed);
        if (!stored.Written.SequenceEqual(replayed.Written))
            throw new InvariantViolation($"7: {Address} loads another state than its log replays to");
        if (!machine.Debtors.SequenceEqual(_debtors)) throw new InvariantViolation($"7: {Address} loads other debtors than its log gives");
        foreach (PeerLink link in activation.Links.All)
        {
            bool same = link.Applied == _audit.PairOf(link.Peer, Address).Applied && link.Queued == _audit.PairOf(Address, link.Peer).Queued;
            if (!same) throw new InvariantViolation($"6: {Address} loads other numbers for {link.Peer} than its log gives");
        }
    }

    public void RequestJudge(PoolId pool) => throw new InvariantViolation($"{Address} has no pools");

    public void Watch(PoolId pool, in PoolView view) => RequestJudge(pool);

    public void Unwatch(PoolId pool) => RequestJudge(pool);

    public void WaitForResume(PoolId pool, MarketId market) => RequestJudge(pool);

    private void Take(in LoggedInput input)
    {
        if (input.Number > 0)
        {
            Message got = input.Message;
            Message sent = _audit.Applied(_audit.PairOf(got.From, Address), input.Number);
            bool same = sent.Kind == got.Kind && sent.Cause == got.Cause && sent.BodyBytes.SequenceEqual(got.BodyBytes);
            if (!same) throw new InvariantViolation($"6: {Address} applied a {got.Kind} as message {input.Number} of {got.From}, who sent a {sent.Kind}");
        }

        Step(input.Message);
        while (_own.TryDequeue(out Message own)) Step(own);
    }

    private void Step(in Message message)
    {
        if (message.Kind == MessageKind.RequestWatch)
        {
            _ = message.Body<RequestWatch>().IsNeeded ? _debtors.Add(new(message.From.Number)) : _debtors.Remove(new(message.From.Number));
            return;
        }

        _context.Begin(Address, message);
        _market.Receive(message, _context);
        while (_outbox.Count > 0)
        {
            Message sent = _outbox.Take();
            if (sent.To == Address) _own.Enqueue(sent);
            else if (sent.To != ActorId.Monitor) _audit.Sent(_audit.PairOf(Address, sent.To), sent);
            else if (sent.Kind == MessageKind.PriceTick) _actors.Monitor.Receive(sent.Body<PriceTick>());
            else _actors.Prices.Inform(sent);
        }
    }

    private ulong EventsOf(CommandId id)
    {
        ulong hash = Bytes.Start;
        foreach (ref readonly Event e in _events.Events)
        {
            if (e.Cause == id) hash = Bytes.Hash(e, hash);
        }

        return hash;
    }
}
