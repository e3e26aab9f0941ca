using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>
/// A host in which messages overtake each other as they may in a cluster: each ordered pair of actors has a first-in-first-out queue of its
/// own, and a seed picks which queue is next. The risk monitor is part of the node; the pools it has marked are woken when all queues are
/// empty, or, with <paramref name="wakeEarly"/>, at any time. Invariants 1 and 2 are checked after every delivery with what is in flight.
/// </summary>
public sealed class ScrambledHost
{
    private readonly CounterRandom _random;
    private readonly bool _wakeEarly;
    private readonly SortedDictionary<(ActorId From, ActorId To), Queue<Message>> _queues = [];
    private readonly List<(ActorId From, ActorId To)> _ready = [];
    private readonly MessageQueue _outbox = new();
    private readonly EventBuffer _events = new();
    private readonly StepContext _context;
    private readonly INodeRiskMonitor _node;
    private readonly IActor _fund;
    private readonly Int128[] _amounts;
    private readonly long[] _lots;
    private ulong _draws;

    public ScrambledHost(VenueProfile profile, ulong seed, bool wakeEarly = false)
    {
        _random = new CounterRandom(seed, 0x5C4A);
        _wakeEarly = wakeEarly;
        Actors = new EngineActors(profile);
        foreach (MarketSpec spec in profile.Markets) Actors.NewMarket(spec);
        _fund = Actors.NewFund();
        var prices = new PriceTable(profile.Markets.Count);
        _node = Actors.NewMonitor(prices);
        _context = new StepContext(profile, prices, _node, _outbox, _events);
        Outside = new OutsideTotals(profile);
        _amounts = new Int128[OutsideTotals.AssetCount(profile)];
        _lots = new long[profile.Markets.Count];
    }

    public EngineActors Actors { get; }
    public OutsideTotals Outside { get; }
    public Timestamp Now => _context.Now;
    public long Delivered { get; private set; }
    public int InFlight { get; private set; }

    /// <summary>Sees every event in the order in which it happened.</summary>
    public Action<Event>? Observer { get; set; }

    /// <summary>Runs before and after each delivery to an account; what the first gives, the second gets.</summary>
    public IStepWatch? Watch { get; set; }

    /// <summary>A planted fault: changes a message between sender and receiver.</summary>
    public Func<Message, Message>? Tamper { get; set; }

    /// <summary>Puts a command on its way; messages of earlier ones may still be in flight.</summary>
    public void Inject(in Command command)
    {
        if (command.Time > Now) _context.Now = command.Time;
        Message message = command.Message;
        if (message.To == Command.EveryMarket)
        {
            foreach (MarketSpec spec in Actors.Profile.Markets) Enqueue(message with { To = ActorId.Of(spec.Id) });
            Enqueue(message with { To = ActorId.Fund });
            return;
        }

        if (message.To.Kind == ActorKind.Account && Actors.Find(new AccountId(message.To.Number)) is null)
            Actors.NewAccount(new AccountId(message.To.Number));
        Enqueue(message);
    }

    /// <summary>Delivers the next message of a queue that the seed picks; false when everything is at rest.</summary>
    public bool Step()
    {
        if (_ready.Count == 0 || (_wakeEarly && _random.Chance(_draws++, 50_000)))
        {
            _node.Flush(_outbox);
            TakeOutbox();
        }

        if (_ready.Count == 0) return false;
        int pick = (int)_random.Below(_draws++, _ready.Count);
        (ActorId From, ActorId To) pair = _ready[pick];
        Queue<Message> queue = _queues[pair];
        Message message = queue.Dequeue();
        if (queue.Count == 0) _ready.RemoveAt(pick);
        InFlight--;
        Book(message, -1);
        Deliver(Tamper is null ? message : Tamper(message));
        ExchangeAudit.CheckSums(Actors, Outside, _amounts, _lots);
        return true;
    }

    public void RunToRest()
    {
        for (long steps = 0; Step(); steps++)
        {
            if (steps > 5_000_000) throw new InvariantViolation("the exchange does not come to rest");
        }

        ExchangeAudit.CheckAtRest(Actors, Outside);
    }

    private void Deliver(in Message message)
    {
        Delivered++;
        _events.Clear();
        switch (message.To.Kind)
        {
            case ActorKind.Account:
                AccountActor account = Actors.Find(new AccountId(message.To.Number))!;
                Watch?.Before(account.State, message);
                Handle(account, message);
                Watch?.After(account.State, message);
                break;
            case ActorKind.Market:
                Handle(Actors.Markets[message.To.Number - 1], message);
                break;
            case ActorKind.Fund:
                Handle(_fund, message);
                break;
            default:
                if (message.Kind == MessageKind.PriceTick) _node.Receive(message.Body<PriceTick>());
                else Actors.Prices.Inform(message);
                break;
        }

        TakeOutbox();
        Outside.Count(_events.Events);
        if (Observer is null) return;
        foreach (Event e in _events.Events) Observer(e);
    }

    private void Handle(IActor actor, in Message message)
    {
        _context.Begin(actor.Address, message);
        actor.Receive(message, _context);
    }

    private void TakeOutbox()
    {
        while (_outbox.Count > 0) Enqueue(_outbox.Take());
    }

    private void Enqueue(in Message message)
    {
        (ActorId, ActorId) pair = (message.From, message.To);
        if (!_queues.TryGetValue(pair, out Queue<Message>? queue)) _queues.Add(pair, queue = new Queue<Message>());
        if (queue.Count == 0) _ready.Add(pair);
        queue.Enqueue(message);
        InFlight++;
        Book(message, 1);
    }

    private void Book(in Message message, int sign)
    {
        for (int i = 0; i < _amounts.Length; i++) _amounts[i] += sign * MessageFlow.AmountOf(message, Actors.Profile, new AssetId(i));
        for (int i = 0; i < _lots.Length; i++) _lots[i] += sign * MessageFlow.QuantityOf(message, new MarketId(i + 1));
    }
}

/// <summary>Looks at an account just before and after a message is applied to it.</summary>
public interface IStepWatch
{
    void Before(AccountState state, in Message message);

    void After(AccountState state, in Message message);
}
