using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Embedded.Views;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.Toys;

/// <summary>A small run over toy actors: feed and traders are functions of the seed.</summary>
internal sealed class ToyRun
{
    public const long Steps = 150;

    public ToyRun(
        ExchangeJournal? journal = null, ulong seed = 3, IHistorySink? history = null, Func<ToyTrader, ToyTrader>? change = null, long snapshotSteps = 25,
        Action<string>? finishing = null)
    {
        Engine = ToyCommands.NewEngine();
        Traders = [.. Enumerable.Range(1, 20).Select(i => new ToyTrader(new AccountId(i * 3), seed)).Select(change ?? (t => t))];
        Observer = new ToyObserver();
        Run = new LockStepRun(new RunSetup
        {
            Engine = Engine,
            Reader = new ToyReader(),
            Feed = new ToyFeed(seed),
            Accounts = [.. Traders.Reverse().Select(t => new RunAccount(t, Amount.FromWhole(1_000), default, default))],
            Journal = journal,
            Observer = Observer,
            History = history,
            SnapshotSteps = snapshotSteps,
            Finishing = finishing,
        });
    }

    public ExchangeEngine Engine { get; }
    public LockStepRun Run { get; }
    public IReadOnlyList<ToyTrader> Traders { get; }
    public ToyObserver Observer { get; }
}

internal sealed class ToyFeed(ulong seed) : IPriceFeed
{
    private readonly CounterRandom _random = new(seed, 1_000_000);
    private long _last = -1;

    public Timestamp Start => new(1_600_000_000_000);
    public long StepMilliseconds => 5_000;
    public long StepCount => ToyRun.Steps;

    public void Step(long step, List<IndexUpdate> updates, List<FundingUpdate> funding)
    {
        if (step != _last + 1) throw new InvalidOperationException($"step {step} after {_last}");
        _last = step;
        for (int market = 1; market <= 3; market++)
        {
            ulong draw = (ulong)((step * 4) + market);
            if (_random.Chance(draw, 800_000)) updates.Add(new IndexUpdate(new MarketId(market), new Price(_random.Between(draw, 1_000, 2_000)), default));
        }
    }

    public void Write(StateWriter writer) => writer.WriteInt64(_last);

    public void Read(StateReader reader) => _last = reader.ReadInt64();
}

/// <summary>Orders at random steps, and once more for every second fill it is told of.</summary>
internal sealed class ToyTrader(AccountId account, ulong seed) : ITrader
{
    private readonly CounterRandom _random = new(seed, (ulong)account.Value);
    private long _turns;
    private long _fills;

    public AccountId Account => account;
    public string Strategy => "toy";
    public List<(long Step, EventKind[] Kinds)> Seen { get; } = [];

    /// <summary>The turn in which it does something else than it did, or −1.</summary>
    public long DriftsAtTurn { get; init; } = -1;

    /// <summary>The turn in which it has a fault, or −1.</summary>
    public long FailsAtTurn { get; init; } = -1;

    public long OnTurn(in TraderTurn turn)
    {
        if (_turns == FailsAtTurn) throw new InvalidOperationException("a fault");
        Seen.Add((turn.Step, [.. turn.Events.ToArray().Select(e => e.Kind)]));
        long size = 1 + (_turns == DriftsAtTurn ? 1 : 0);
        _turns++;
        foreach (ref readonly Event e in turn.Events)
        {
            if (e.Account != account) throw new InvalidOperationException("somebody else's event");
            if (e.Kind != EventKind.OrderFilled || ++_fills % 2 != 0) continue;
            turn.Commands.Submit(ToyCommands.Order(1, size, turn.Markets[new MarketId(1)].Index.Units));
        }

        if (_random.Chance((ulong)turn.Step, 400_000)) turn.Commands.Submit(ToyCommands.Order(2, size + (_turns % 3), 7));
        return _random.Chance((ulong)turn.Step, 100_000) ? long.MaxValue : turn.Step + 1 + _random.Below((ulong)turn.Step + 7, 9);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(_turns);
        writer.WriteInt64(_fills);
    }

    public void Read(StateReader reader)
    {
        _turns = reader.ReadInt64();
        _fills = reader.ReadInt64();
    }
}

internal sealed class ToyReader : IExchangeReader
{
    private readonly ToyView _view = new();

    public MarketData Market(MarketId market) => default(MarketData) with { Index = new Price(1_500) };

    public IAccountView Account(AccountId account)
    {
        _view.Id = account;
        return _view;
    }

    private sealed class ToyView : IAccountView
    {
        public AccountId Id { get; set; }
        public Amount Wallet => default;
        public Amount Equity => default;
        public Amount Maintenance => default;
        public Amount Available => default;
        public bool InLiquidation => false;
        public int PositionCount => 0;
        public int OpenOrderCount => 0;

        public PositionView Position(int i) => default;

        public PositionView Position(MarketId market, PositionSide side) => default;

        public OpenOrderView OpenOrder(int i) => default;
    }
}

internal sealed class ToyObserver : IRunObserver
{
    public List<(long Step, bool Replay, long Orders)> Steps { get; } = [];

    public void OnStep(in StepSummary step) => Steps.Add((step.Step, step.IsReplay, step.Counters.Orders));
}
