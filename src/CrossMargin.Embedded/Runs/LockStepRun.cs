using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

/// <summary>
/// A run in lock-step. Each step: recorded funding rates, the clock, prices in market order, then a turn for each trader that asked for
/// this step or to whom something happened, in account order, its commands executed right after it. The same settings give the same
/// journal and the same state. One thread.
/// </summary>
public sealed partial class LockStepRun
{
    private readonly RunSetup _setup;
    private readonly ExchangeEngine _engine;
    private readonly ExchangeJournal? _journal;
    private readonly RunAccount[] _accounts;
    private readonly long[] _wake;
    private readonly long[] _lastId;
    private readonly TraderMail _mail;
    private readonly StepMarkets _markets;
    private readonly TurnCommands _turn = new();
    private readonly List<IndexUpdate> _prices = [];
    private readonly List<FundingUpdate> _funding = [];
    private CommandComparison? _comparison;
    private RunError? _error;
    private long _next;
    private int _acting = -1; // the trader whose commands are executed, −1 the run itself

    public LockStepRun(RunSetup setup)
    {
        (_setup, _engine, _journal) = (setup, setup.Engine, setup.Journal);
        _accounts = [.. setup.Accounts.OrderBy(a => a.Trader.Account)];
        AccountId[] ids = [.. _accounts.Select(a => a.Trader.Account)];
        for (int i = 0; i < ids.Length; i++)
        {
            bool fits = ids[i].IsTrader && (i == 0 || ids[i] != ids[i - 1]);
            if (!fits) throw new ArgumentException($"{ids[i]} cannot trade, or has two traders", nameof(setup));
        }

        _wake = new long[ids.Length];
        _lastId = new long[ids.Length];
        _mail = new TraderMail(ids);
        _markets = new StepMarkets(setup.Engine.Profile, setup.Reader);
        Counters = new RunCounters(setup.Engine.Profile);
    }

    /// <summary>Sums since the start of the run.</summary>
    public RunCounters Counters { get; }

    /// <summary>The step that comes next; also the number of steps that are complete.</summary>
    public long NextStep => _next;

    /// <summary>Whether commands are still compared with the journal.</summary>
    public bool IsReplaying => _comparison is not null;

    /// <summary>The step and, during its turn, the trader: where a fault of the program was met.</summary>
    public string Where => _acting < 0 ? $"step {_next}" : $"step {_next}, {Acting}";

    private string Acting => $"{_accounts[_acting].Trader.Strategy} of {_accounts[_acting].Trader.Account}";

    /// <summary>
    /// Runs to the last step, or until cancelled (then everything so far is in the journal and the run can be resumed). Throws
    /// <see cref="EngineStoppedException"/> when a rule broke.
    /// </summary>
    public RunResult Run(CancellationToken cancelled = default)
    {
        try
        {
            while (_next < _setup.Feed.StepCount && _error is null)
            {
                if (cancelled.IsCancellationRequested) return Stop();
                Step();
            }

            return _error is null ? Finish() : new RunResult(null, _error, _next);
        }
        catch (JournalException e)
        {
            return new RunResult(null, new RunError(RunErrorKind.Journal, e.Message), _next);
        }
        finally
        {
            EndReplay();
        }
    }

    private void Step()
    {
        long step = _next;
        Timestamp time = _setup.Feed.Start.AddMilliseconds(step * _setup.Feed.StepMilliseconds);
        bool replayed = IsReplaying;
        _acting = -1;
        _prices.Clear();
        _funding.Clear();
        _setup.Feed.Step(step, _prices, _funding);
        if (step > 0) AnnounceFunding();
        Submit(Command.AdvanceTo(time));
        if (step > 0) SettleUnscheduledFunding(time);
        foreach (IndexUpdate price in _prices) Submit(Command.Index(time, price.Market, price.Index, price.DepthVolume));
        if (step == 0) OpenAccounts(time);
        _markets.Refresh();
        for (int trader = 0; trader < _accounts.Length && _error is null; trader++)
        {
            if (_wake[trader] <= step || _mail.HasMail(trader)) Turn(trader, step, time);
        }

        if (_error is not null) return;
        _acting = -1;
        _next = step + 1;
        _setup.Observer?.OnStep(new StepSummary
        {
            Step = step,
            StepCount = _setup.Feed.StepCount,
            Time = time,
            IsReplay = replayed,
            Counters = Counters,
            Markets = _markets,
        });
        bool due = _setup.SnapshotSteps > 0 && _next % _setup.SnapshotSteps == 0 && _next < _setup.Feed.StepCount;
        if (due) _setup.Audit?.Invoke(_engine);
        if (due && !IsReplaying) SaveSnapshot();
    }

    // A rate that falls due where the market settles by itself must be there before its clock passes that moment.
    private void AnnounceFunding()
    {
        foreach (FundingUpdate update in _funding)
        {
            if (!IsScheduled(update)) continue;
            Submit(OfMarket(_engine.Now, update.Market, new SetFundingRate { Market = update.Market, Rate = update.Rate }));
        }
    }

    private void SettleUnscheduledFunding(Timestamp time)
    {
        foreach (FundingUpdate update in _funding)
        {
            if (IsScheduled(update)) continue;
            Submit(OfMarket(time, update.Market, new SettleFunding { Market = update.Market, Rate = update.Rate }));
        }
    }

    private bool IsScheduled(in FundingUpdate update) =>
        update.At.Milliseconds % _engine.Profile[update.Market].Funding.IntervalMilliseconds == 0;

    private static Command OfMarket<T>(Timestamp time, MarketId market, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Command.Of(time, ActorId.Of(market), CommandId.None, body);

    private void OpenAccounts(Timestamp time)
    {
        for (int i = 0; i < _accounts.Length; i++)
        {
            RunAccount account = _accounts[i];
            _turn.Begin(account.Trader.Account, time, _lastId[i]);
            _turn.Submit(new OpenAccount { MakerFee = account.MakerFee, TakerFee = account.TakerFee });
            if (account.Deposit.IsPositive) _turn.Submit(new Deposit { Asset = AssetId.Settlement, Amount = account.Deposit });
            SubmitTurn(i);
        }

        _acting = -1;
    }

    private void Turn(int trader, long step, Timestamp time)
    {
        ITrader who = _accounts[trader].Trader;
        _turn.Begin(who.Account, time, _lastId[trader]);
        var turn = new TraderTurn
        {
            Step = step,
            Now = time,
            Events = _mail.Take(trader),
            Markets = _markets,
            Account = _setup.Reader.Account(who.Account),
            Commands = _turn,
        };
        _acting = trader;
        long wake = who.OnTurn(turn);
        if (wake <= step)
        {
            throw new InvalidOperationException($"{who.Strategy} of {who.Account} asked at step {step} for a turn at step {wake}");
        }

        _wake[trader] = wake;
        SubmitTurn(trader);
    }

    private void SubmitTurn(int trader)
    {
        _acting = trader;
        _lastId[trader] = _turn.LastId;
        for (int i = 0; i < _turn.Count && _error is null; i++) Submit(_turn.Commands[i]);
    }

    // :: Step 1: in a run the simulated traders are the clients
    private void Submit(in Command command)
    {
        if (_error is not null) return;
        if (_comparison is not null && !Compare(command)) return;
        if (_comparison is null) _journal?.Append(command);
        _engine.Execute(command);
        ReadOnlySpan<Event> events = _engine.Events;
        Counters.Count(events);
        _mail.Post(events);
        _setup.History?.Append(events, _engine.Sequence);
    }

    // False when the command must not be executed.
    private bool Compare(in Command command)
    {
        if (!_comparison!.Covers(command, out string? difference))
        {
            EndReplay();
            return true;
        }

        if (difference is null) return true;
        if (_comparison.Unreadable is { } unreadable)
        {
            _error = new RunError(RunErrorKind.Journal, unreadable.Message);
            return false;
        }

        string who = _acting < 0 ? "the feed" : Acting;
        _error = new RunError(RunErrorKind.Diverged, $"step {_next}, {who}: {difference}");
        return false;
    }

    private RunResult Finish()
    {
        if (IsReplaying && _comparison!.Covers(default, out string? rest))
        {
            RunErrorKind kind = _comparison.Unreadable is null ? RunErrorKind.Diverged : RunErrorKind.Journal;
            return new RunResult(null, new RunError(kind, $"behind the last step: {rest}"), _next);
        }

        EndReplay();
        _setup.Audit?.Invoke(_engine);
        string hash = _engine.StateHash();
        SaveSnapshot();
        _journal?.WaitForCommit(_journal.AppendedSequence);
        _setup.Finishing?.Invoke(hash);
        _journal?.Finish(hash);
        return new RunResult(hash, null, _next);
    }

    private RunResult Stop()
    {
        if (_journal is not null && !IsReplaying)
        {
            SaveSnapshot();
            _journal.WaitForCommit(_journal.AppendedSequence);
        }

        return new RunResult(null, null, _next);
    }

    // A resume tells history again only what came after the snapshot.
    private void SaveSnapshot()
    {
        _setup.History?.Flush();
        _journal?.SaveSnapshot(Image());
    }

    private void EndReplay()
    {
        _comparison?.Dispose();
        _comparison = null;
    }
}
