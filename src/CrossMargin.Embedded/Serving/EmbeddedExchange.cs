using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Embedded.Views;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// An exchange that serves clients: one sequencer thread executes what arrives, stamps it with exchange time, and moves the clock at least
/// each 100 ms; answers, reads and events leave when they are committed. After a failure everything is answered as unavailable.
/// </summary>
public sealed class EmbeddedExchange : IExchangeGateway, IEventStream, IDisposable
{
    private readonly ExchangeEngine _engine;
    private readonly ExchangeJournal? _journal;
    private readonly ServingOptions _options;
    private readonly AccountSnapshots _accounts;
    private readonly MarketSnapshots _markets;
    private readonly EventDispatcher _events;
    private readonly Outbox _outbox;
    private readonly Sequencer _sequencer;

    /// <summary>
    /// Takes over an engine that stands at the journal's last command; without a journal nothing survives. A read-only exchange may stand
    /// anywhere and has no journal.
    /// </summary>
    public EmbeddedExchange(
        ExchangeEngine engine, ExchangeJournal? journal, IExchangeClock clock, IHistorySink? history = null, ServingOptions? options = null)
    {
        if (journal is not null && journal.AppendedSequence != engine.Sequence)
        {
            string problem = $"the engine stands at {engine.Sequence}, the journal at {journal.AppendedSequence}";
            throw new ArgumentException(problem, nameof(engine));
        }

        (_engine, _journal, _options) = (engine, journal, options ?? new ServingOptions());
        _accounts = new AccountSnapshots(engine);
        _markets = new MarketSnapshots(engine);
        _events = new EventDispatcher(_options.Log, _options.MostWaitingEvents);
        _outbox = new Outbox(journal, _events);
        _sequencer = new Sequencer(engine, journal, clock, history, _options, _outbox, _events);
    }

    public VenueProfile Profile => _engine.Profile;

    /// <inheritdoc />
    public string? Unavailable => _sequencer.Broken ?? _journal?.Failure?.Message ?? _options.ReadOnly;

    /// <summary>Why no orders are taken for now, cancels being taken all the same (a disk that is nearly full); or null. Any thread.</summary>
    public string? OrderStop => _sequencer.OrderStop;

    /// <summary>Exchange time as of the last commands. Any thread.</summary>
    public Timestamp Now => _sequencer.Now;

    /// <summary>Requests that wait for the sequencer, and batches of events that subscribers have not taken yet. Any thread.</summary>
    public (int Requests, int EventBatches) Backlog => (_sequencer.Waiting, _events.Waiting);

    /// <summary>Batches of events that were dropped because subscribers were too slow. Any thread.</summary>
    public long LostEventBatches => _events.Lost;

    public Task<IReadOnlyList<CommandAnswer>> SubmitAsync(IReadOnlyList<Message> commands)
    {
        for (int i = 0; i < commands.Count; i++)
        {
            var command = new Command { Time = new Timestamp(long.MaxValue), Message = commands[i] };
            if (_engine.Objection(command) is { } objection) throw new ArgumentException($"command {i + 1}: {objection}", nameof(commands));
        }

        var submission = new Submission(commands);
        if (_options.ReadOnly is { } reason) submission.Leave(reason);
        else _sequencer.Add(submission);
        return submission.Task;
    }

    public Task<CancelAttempt> CancelOrderAsync(
        AccountId account, MarketId market, OrderId order, ClientOrderId name, CommandId command)
    {
        CheckMarket(market);
        if (_options.ReadOnly is { } reason) return Task.FromException<CancelAttempt>(new ExchangeUnavailableException(reason));
        return TurnAsync(sequencer =>
        {
            OpenOrderSnapshot? before = _accounts.OrderOf(account, market, order, name);
            if (before is null) return new CancelAttempt(null, _accounts.MayBeConditional(account));
            var cancel = new CancelOrder { Market = market, Order = before.Id };
            CommandAnswer answer = sequencer.Answer(Message.Of(ActorId.Client, ActorId.Of(account), command, cancel));
            return new CancelAttempt(new CanceledOrder(before, answer), false);
        });
    }

    public Task<AccountSnapshot?> ReadAccountAsync(AccountId account) => TurnAsync(_ => _accounts.Of(account));

    public Task<MarketSnapshot> ReadMarketAsync(MarketId market)
    {
        CheckMarket(market);
        return TurnAsync(_ => _markets.Of(market));
    }

    public Task<IReadOnlyList<MarketSnapshot>> ReadMarketsAsync() => TurnAsync(_ => _markets.All());

    public Task<MarketDepth> ReadDepthAsync(MarketId market, int levels)
    {
        CheckMarket(market);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, 1_000);
        return TurnAsync(_ => _markets.Depth(market, levels));
    }

    public Task<FundSnapshot> ReadFundAsync() => TurnAsync(_ => _markets.Fund());

    /// <summary>Ids of all accounts that were ever opened, rising.</summary>
    public Task<IReadOnlyList<AccountId>> AccountsAsync() => TurnAsync(_ => ListAccounts());

    public IDisposable Subscribe(Action<EventBatch> onEvents) => _events.Subscribe(onEvents);

    /// <summary>
    /// Runs a control between two commands, on the exchange's own thread: it must be short. Its result leaves when what it did is durable;
    /// what it throws is thrown here. Throws <see cref="ExchangeUnavailableException"/> where nothing is taken any more.
    /// </summary>
    public Task<T> OnSequencerAsync<T>(Func<IBeatCommands, T> control)
    {
        if (_options.ReadOnly is { } reason) return Task.FromException<T>(new ExchangeUnavailableException(reason));
        return TurnAsync(sequencer => control(sequencer));
    }

    /// <summary>Moves exchange time on to the clock's now, if it is ahead, and calls the beat, also while the clock stands.</summary>
    public Task BeatAsync() => TurnAsync(sequencer => sequencer.BeatNow());

    /// <summary>
    /// Queues a snapshot of the state between two commands; ends when it is queued behind them. Without a journal nothing is done.
    /// </summary>
    public Task SaveSnapshotAsync() => TurnAsync(_ =>
    {
        _journal?.SaveSnapshot(SnapshotImage.Of(_engine));
        return true;
    });

    /// <summary>Stops taking, executes what was taken, commits it. The engine and the journal stay their owner's.</summary>
    public void Dispose()
    {
        _sequencer.Close();
        try
        {
            if (_journal is { Failure: null }) _journal.WaitForCommit(_journal.AppendedSequence);
        }
        catch (JournalException e)
        {
            _outbox.Break(e.Message);
        }

        _outbox.Dispose();
        _events.Dispose();
    }

    private Task<T> TurnAsync<T>(Func<Sequencer, T> work)
    {
        var turn = new Turn<T>(work);
        _sequencer.Add(turn);
        return turn.Task;
    }

    private void CheckMarket(MarketId market)
    {
        if (!Profile.Contains(market)) throw new ArgumentOutOfRangeException(nameof(market), market.Value, "no market of this exchange");
    }

    private IReadOnlyList<AccountId> ListAccounts()
    {
        var ids = new AccountId[_engine.AccountCount];
        for (int i = 0; i < ids.Length; i++) ids[i] = new AccountId(_engine.Accounts[i].Address.Number);
        return ids;
    }
}
