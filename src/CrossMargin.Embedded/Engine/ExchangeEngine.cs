using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Engine;

/// <summary>
/// A whole exchange in memory. Takes one command at a time and works it off to quiescence: first in, first out, then the judgements that
/// were asked for, until nothing is left. The same commands give the same state and the same events on every machine. Used by one thread.
/// </summary>
public sealed partial class ExchangeEngine
{
    private readonly IActorSet _actors;
    private readonly AccountTable _accounts = new();
    private readonly IActor[] _markets;
    private readonly IActor _fund;
    private readonly INodeRiskMonitor _monitor;
    private readonly MessageQueue _queue = new();
    private readonly EventBuffer _events = new();
    private readonly StepContext _context;
    private IActor[] _touched = new IActor[64]; // accounts of the current command, some more than once
    private int _touchedCount;
    private EngineStoppedException? _stopped;
    private bool _draining;

    /// <summary>An exchange of this profile, with nothing in it.</summary>
    public ExchangeEngine(VenueProfile profile)
        : this(profile, new ExchangeActors(profile))
    {
    }

    public ExchangeEngine(VenueProfile profile, IActorSet actors)
    {
        Profile = profile;
        _actors = actors;
        _markets = [.. profile.Markets.Select(actors.NewMarket)];
        _fund = actors.NewFund();
        Prices = new PriceTable(profile.Markets.Count);
        _monitor = actors.NewMonitor(Prices);
        _context = new StepContext(profile, Prices, _monitor, _queue, _events);
        Flow = new ExternalFlow(profile);
    }

    public VenueProfile Profile { get; }

    public PriceTable Prices { get; }

    /// <summary>Exchange time: the last command's.</summary>
    public Timestamp Now => _context.Now;

    /// <summary>Commands executed since the exchange began; the number of the last one.</summary>
    public long Sequence { get; private set; }

    /// <summary>Messages delivered by this object, the commands included; not part of the state.</summary>
    public long MessageCount { get; private set; }

    /// <summary>Events of the last command, in order; valid until the next one.</summary>
    public ReadOnlySpan<Event> Events => _events.Events;

    public ExternalFlow Flow { get; }

    public int AccountCount => _accounts.Count;

    /// <summary>All accounts in id order; valid until an account is opened.</summary>
    public ReadOnlySpan<IActor> Accounts => _accounts.Sorted();

    /// <summary>Markets in id order.</summary>
    public ReadOnlySpan<IActor> Markets => _markets;

    public IActor Fund => _fund;

    /// <summary>What watches the pools; to be read.</summary>
    public INodeRiskMonitor Monitor => _monitor;

    /// <summary>Null where no such account was opened.</summary>
    public IActor? FindAccount(AccountId id) => _accounts.Find(id.Value);

    /// <summary>Why this command cannot be executed at all (no refusal of the exchange, a fault of the host), or null.</summary>
    public string? Objection(in Command command) =>
        command.Time < Now ? $"time goes back from {Now} to {command.Time}" : CommandRules.Objection(command.Message, Profile);

    // :: Step 2: one command at a time, to quiescence
    /// <summary>
    /// Executes one command to quiescence; its events are in <see cref="Events"/> afterwards. Throws <see cref="ArgumentException"/>,
    /// with nothing changed, for a command with an <see cref="Objection"/>; <see cref="EngineStoppedException"/> when a rule broke, now
    /// or earlier.
    /// </summary>
    public void Execute(in Command command)
    {
        if (_stopped is not null) throw _stopped;
        if (Objection(command) is { } objection) throw new ArgumentException($"command {Sequence + 1}: {objection}", nameof(command));
        _events.Clear();
        _context.Now = command.Time;
        Sequence++;
        _touchedCount = 0;
        try
        {
            _draining = false;
            Enter(command.Message);
            _draining = true;
            Drain();
            for (int i = 0; i < _touchedCount; i++) _actors.CheckAtRest(_touched[i]);
            if (ExternalFlow.MovesMoney(command.Message.Kind)) Flow.Count(_events.Events);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _stopped = new EngineStoppedException(Sequence, command, _draining && _queue.Count > 0 ? _queue.First : command.Message, e);
            throw _stopped;
        }
    }

    private void Enter(in Message message)
    {
        switch (message.To.Kind)
        {
            case ActorKind.Account:
                EnterAccount(message);
                break;
            case ActorKind.Market when message.To == Command.EveryMarket:
                foreach (IActor market in _markets) Step(market, message);
                Step(_fund, message);
                break;
            default:
                Deliver(message);
                break;
        }
    }

    private void EnterAccount(in Message message)
    {
        IActor? account = _accounts.Find(message.To.Number);
        if (account is null && message.Kind == MessageKind.OpenAccount)
        {
            account = _actors.NewAccount(new AccountId(message.To.Number));
            _accounts.Add(message.To.Number, account);
        }

        if (account is not null)
        {
            StepAccount(account, message);
            return;
        }

        _context.Begin(message.To, message);
        var refused = new CommandRefused { Refusal = Refusal.Because(RejectReason.UnknownAccount), Command = message.Kind };
        _context.Emit(new AccountId(message.To.Number), MarketId.None, refused);
    }

    private void Drain()
    {
        while (true)
        {
            while (_queue.Count > 0)
            {
                Deliver(_queue.First);
                _queue.Drop();
            }

            _monitor.Flush(_queue);
            if (_queue.Count == 0) return;
        }
    }

    private void Deliver(in Message message)
    {
        switch (message.To.Kind)
        {
            case ActorKind.Account:
                IActor? account = _accounts.Find(message.To.Number);
                if (account is null) throw new InvariantViolation($"{message.Kind} for {message.To}, which was never opened");
                StepAccount(account, message);
                break;
            case ActorKind.Market:
                Step(_markets[message.To.Number - 1], message);
                break;
            case ActorKind.Fund:
                Step(_fund, message);
                break;
            case ActorKind.Monitor:
                MessageCount++;
                Inform(message);
                break;
            default:
                throw new InvariantViolation($"{message.Kind} has no receiver: {message.To}");
        }
    }

    private void Inform(in Message message)
    {
        if (message.Kind == MessageKind.PriceTick) _monitor.Receive(message.Body<PriceTick>());
        else Prices.Inform(message);
    }

    private void StepAccount(IActor account, in Message message)
    {
        if (_touchedCount == _touched.Length) Array.Resize(ref _touched, _touchedCount * 2);
        _touched[_touchedCount++] = account;
        Step(account, message);
    }

    private void Step(IActor actor, in Message message)
    {
        MessageCount++;
        _context.Begin(actor.Address, message);
        actor.Receive(message, _context);
    }
}
