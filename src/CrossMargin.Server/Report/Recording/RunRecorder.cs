using System.Runtime.InteropServices;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Runs;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Server.Report.Recording;

/// <summary>
/// What the report shows over time. Part of the run: its state is in each snapshot, so a run that was killed and resumed has the report of
/// one that was not. Samples every so many steps, about <see cref="Points"/> times a run, and at the last step.
/// </summary>
public sealed class RunRecorder : IRunParticipant, IRunObserver
{
    /// <summary>Points that a chart has at most, but for the last step's.</summary>
    public const int Points = 480;

    /// <summary>Liquidations that are told in full.</summary>
    public const int Stories = 12;

    /// <summary>Samples between two points of an account's equity curve in the history.</summary>
    public const int EquityEvery = 20;

    /// <summary>Deleveraged positions that are listed; all are counted.</summary>
    public const int LongestDeleverageList = 500;

    private readonly ExchangeEngine _engine;
    private readonly long _every;
    private readonly MarketWatch[] _watch;
    private readonly List<Event> _deleveraged = [];

    public RunRecorder(ExchangeEngine engine, long steps, IReadOnlyList<string> strategies, IReadOnlyList<int> strategyOf)
    {
        _engine = engine;
        _every = Math.Max(1, (steps + Points - 1) / Points);
        Columns = new SeriesColumns(engine.Profile.Markets.Count, strategies.Count);
        Table = new SeriesTable(Columns.Count);
        Strategies = strategies;
        StrategyOf = strategyOf;
        Accounts = new AccountLedger(strategyOf.Count);
        _watch = new MarketWatch[engine.Profile.Markets.Count];
        Fund = new FundWatch(engine.Profile.Fund.InitialBalance);
    }

    public SeriesColumns Columns { get; }

    public SeriesTable Table { get; }

    public IReadOnlyList<string> Strategies { get; }

    /// <summary>Index of the strategy of account n at n − 1.</summary>
    public IReadOnlyList<int> StrategyOf { get; }

    public AccountLedger Accounts { get; }

    public LiquidationStories Liquidations { get; } = new(Stories);

    /// <summary>The first deleveraged positions of the run (<see cref="EventKind.Deleveraged"/>).</summary>
    public IReadOnlyList<Event> Deleveraged => _deleveraged;

    /// <summary>Steps between two samples.</summary>
    public long Every => _every;

    public ReadOnlySpan<MarketWatch> Watch => _watch;

    public FundWatch Fund { get; }

    /// <summary>Called for each account at each <see cref="EquityEvery"/>th sample and the last, with its equity.</summary>
    public Action<AccountState, Timestamp, Amount>? AccountSampled { get; set; }

    public void Append(ReadOnlySpan<Event> events, long sequence)
    {
        foreach (ref readonly Event e in events)
        {
            switch (e.Kind)
            {
                case EventKind.OrderFilled:
                    Accounts.Tell(e);
                    if (!e.Body<OrderFilled>().Liquidation.IsNone) Liquidations.Tell(e);
                    break;
                case EventKind.Traded:
                    OnTrade(e);
                    break;
                case EventKind.OrderAccepted or EventKind.OrderEnded or EventKind.CommandRefused:
                    break;
                case EventKind.Deleveraged:
                    if (_deleveraged.Count < LongestDeleverageList) _deleveraged.Add(e);
                    Accounts.Tell(e);
                    Liquidations.Tell(e);
                    break;
                case EventKind.PriceChanged:
                    _watch[e.Market.Value - 1].Reprice(e.Body<PriceChanged>().Index);
                    break;
                case EventKind.FundBalanceChanged:
                    Fund.Count(e.Body<FundBalanceChanged>());
                    break;
                case EventKind.LiquidationPaused:
                    _watch[e.Market.Value - 1].Pauses++;
                    break;
                default:
                    Accounts.Tell(e);
                    Liquidations.Tell(e);
                    break;
            }
        }
    }

    public void OnStep(in StepSummary step)
    {
        for (int i = 0; i < _watch.Length; i++) _watch[i].Look(step.Markets[new MarketId(i + 1)]);
        if (step.Step % _every == 0 || step.Step == step.StepCount - 1) Sample(step);
    }

    public void Write(StateWriter writer)
    {
        Table.Write(writer);
        Accounts.Write(writer);
        Liquidations.Write(writer);
        foreach (ref readonly MarketWatch watch in _watch.AsSpan()) watch.Write(writer);
        Fund.Write(writer);
        writer.WriteBytes(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_deleveraged)));
    }

    public void Read(StateReader reader)
    {
        Table.Read(reader);
        Accounts.Read(reader);
        Liquidations.Read(reader);
        for (int i = 0; i < _watch.Length; i++) _watch[i] = MarketWatch.Read(reader);
        Fund.Read(reader);
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        int size = MemoryMarshal.AsBytes<Event>(new Event[1]).Length;
        if (bytes.Length % size != 0) throw reader.Fault($"{bytes.Length} bytes of events, {size} each");
        _deleveraged.Clear();
        for (int at = 0; at < bytes.Length; at += size) _deleveraged.Add(MemoryMarshal.Read<Event>(bytes[at..]));
    }

    private void OnTrade(in Event e)
    {
        ref readonly Traded trade = ref e.Body<Traded>();
        if (trade.Type is FillKind.Trade or FillKind.Liquidation) _watch[e.Market.Value - 1].Trade(trade.Price);
    }

    private void Sample(in StepSummary step)
    {
        Span<long> row = Table.Add();
        RunCounters counters = step.Counters;
        row[SeriesColumns.Time] = step.Time.Milliseconds;
        row[SeriesColumns.Orders] = counters.Orders;
        row[SeriesColumns.Trades] = counters.Trades;
        row[SeriesColumns.TraderVolume] = Whole(counters.TraderVolume);
        row[SeriesColumns.HouseVolume] = Whole(counters.HouseVolume + counters.FundVolume);
        row[SeriesColumns.Liquidations] = counters.Liquidations;
        row[SeriesColumns.LiquidationVolume] = Whole(counters.LiquidationVolume);
        row[SeriesColumns.Takeovers] = counters.Takeovers;
        row[SeriesColumns.Deleveraged] = counters.Deleveraged;
        row[SeriesColumns.DeleveragedVolume] = Whole(counters.DeleveragedVolume);
        if (_engine.Fund is InsuranceFundActor fund)
        {
            row[SeriesColumns.FundWallet] = fund.State.Wallet.E8;
            row[SeriesColumns.FundEquity] = fund.State.Equity(_engine.Profile, _engine.Prices.Marks).E8;
            row[SeriesColumns.Deficit] = fund.State.Deficit.E8;
        }

        for (int i = 0; i < _watch.Length; i++)
        {
            MarketSpec spec = _engine.Profile.Markets[i];
            MarketData data = step.Markets[spec.Id];
            Quantity open = counters.Markets[i].OpenInterest;
            row[Columns.Market(i, MarketColumn.Index)] = data.Index.Units;
            row[Columns.Market(i, MarketColumn.Mark)] = data.Mark.Units;
            row[Columns.Market(i, MarketColumn.Last)] = data.Last.Units;
            row[Columns.Market(i, MarketColumn.LastLow)] = _watch[i].Low.Units;
            row[Columns.Market(i, MarketColumn.LastHigh)] = _watch[i].High.Units;
            row[Columns.Market(i, MarketColumn.OpenInterest)] = data.Mark.IsNone ? 0 : spec.Notional(data.Mark, open).E8;
            _watch[i].Restart();
        }

        SampleAccounts(row, step.Time, Table.Rows % EquityEvery == 1 || step.Step == step.StepCount - 1);
    }

    private void SampleAccounts(Span<long> row, Timestamp time, bool curve)
    {
        foreach (IActor actor in _engine.Accounts)
        {
            if (actor is not AccountActor account || !Accounts.Has(account.Id)) continue;
            Amount equity = AccountScan.Equity(account.State, _engine, out RatioBand band);
            Accounts.Sample(account.Id, equity);
            row[SeriesColumns.Band(band)]++;
            int strategy = StrategyOf[account.Id.Value - 1];
            if (IsAlive(Accounts[account.Id])) row[Columns.Alive(strategy)]++;
            row[Columns.Equity(strategy)] += equity.E8 / Amount.One;
            if (curve) AccountSampled?.Invoke(account.State, time, equity);
        }
    }

    /// <summary>An account counts as alive while it is worth at least a tenth of what was paid in.</summary>
    public static bool IsAlive(in AccountRecord record) =>
        record.Equity.IsPositive && (Int128)record.Equity.E8 * 10 >= record.PaidIn.E8;

    private static long Whole(Int128 e8) => (long)(e8 / Amount.One);
}
