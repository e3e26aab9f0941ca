using System.Collections.Concurrent;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Embedded.Views;
using CrossMargin.Engine.Markets;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// An exchange that serves clients: one sequencer thread executes what arrives, stamps it with exchange time, and moves the clock at least
/// each 100 ms; answers, reads and events leave when they are committed. After a failure everything is answered as unavailable.
/// </summary>
public sealed class EmbeddedExchange : IExchangeGateway, IExchangeDirectory, IEventStream, IDisposable
{
    private const int ClockMilliseconds = 100;
    private const int MostWaiting = 100_000;

    private readonly ExchangeEngine _engine;
    private readonly ExchangeReader _reader;
    private readonly ExchangeJournal? _journal;
    private readonly IExchangeClock _clock;
    private readonly IHistorySink? _history;
    private readonly BlockingCollection<Action> _inbox = new(MostWaiting);
    private readonly CommitQueue _commits;
    private readonly EventSubscribers _subscribers = new();
    private readonly Thread _thread;
    private string? _broken;

    /// <summary>Takes over an engine that stands at the journal's last command; without a journal nothing survives.</summary>
    public EmbeddedExchange(ExchangeEngine engine, ExchangeJournal? journal, IExchangeClock clock, IHistorySink? history = null)
    {
        if (journal is not null && journal.AppendedSequence != engine.Sequence)
        {
            string problem = $"the engine stands at {engine.Sequence}, the journal at {journal.AppendedSequence}";
            throw new ArgumentException(problem, nameof(engine));
        }

        (_engine, _journal, _clock, _history) = (engine, journal, clock, history);
        _reader = new ExchangeReader(engine);
        _commits = new CommitQueue(journal);
        _thread = new Thread(Run) { Name = "sequencer", IsBackground = true };
        _thread.Start();
    }

    public VenueProfile Profile => _engine.Profile;

    /// <summary>Why nothing is taken any more, or null.</summary>
    public string? Unavailable => _broken ?? _journal?.Failure?.Message;

    public Task<IReadOnlyList<CommandAnswer>> SubmitAsync(IReadOnlyList<Message> commands)
    {
        for (int i = 0; i < commands.Count; i++)
        {
            var command = new Command { Time = new Timestamp(long.MaxValue), Message = commands[i] };
            if (_engine.Objection(command) is { } objection) throw new ArgumentException($"command {i + 1}: {objection}", nameof(commands));
        }

        return Enqueue<IReadOnlyList<CommandAnswer>>(
            () => [.. commands.Select(Execute)], reason => [.. commands.Select(_ => Refused(reason))]);
    }

    public Task<T?> ReadAccountAsync<T>(AccountId account, Func<IAccountView, T> read)
        where T : class =>
        Enqueue(() => _engine.FindAccount(account) is null ? null : read(_reader.Account(account)), null);

    public Task<MarketData> ReadMarketAsync(MarketId market) => Enqueue(() => _reader.Market(market), null);

    public Task<MarketDepth> ReadDepthAsync(MarketId market, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, 1_000);
        return Enqueue(() => new MarketDepth(Depth(market, Side.Buy, levels), Depth(market, Side.Sell, levels)), null);
    }

    public Task<IReadOnlyList<AccountId>> AccountsAsync() => Enqueue<IReadOnlyList<AccountId>>(ListAccounts, null);

    public IDisposable Subscribe(Action<IReadOnlyList<Event>> onEvents) => _subscribers.Add(onEvents);

    /// <summary>Queues a snapshot between two commands; returns when the journal has taken it over.</summary>
    public Task SaveSnapshotAsync() => Enqueue(
        () =>
        {
            _journal?.SaveSnapshot(SnapshotImage.Of(_engine));
            return true;
        },
        null);

    /// <summary>Stops taking, executes what was taken, commits it. The engine and the journal stay their owner's.</summary>
    public void Dispose()
    {
        _inbox.CompleteAdding();
        _thread.Join();
        if (_journal is { Failure: null }) _journal.WaitForCommit(_journal.AppendedSequence);
        _inbox.Dispose();
    }

    private static CommandAnswer Refused(string reason) => new(default, [], reason);

    // The work's result leaves when the last command up to then is durable. Where the exchange is unavailable: the other result, or an
    // exception.
    private Task<T> Enqueue<T>(Func<T> work, Func<string, T>? unavailable)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Leave(T result, string? reason)
        {
            if (reason is null) done.TrySetResult(result);
            else if (unavailable is not null) done.TrySetResult(unavailable(reason));
            else done.TrySetException(new IOException(reason));
        }

        void OnSequencer()
        {
            if (Unavailable is { } before)
            {
                Leave(default!, before);
                return;
            }

            try
            {
                T result = work();
                _commits.Add(_engine.Sequence, reason => Leave(result, reason));
            }
            catch (Exception e) when (e is EngineStoppedException or JournalException)
            {
                _broken = e.Message;
                _commits.Break(e.Message);
                Leave(default!, e.Message);
            }
            catch (Exception e)
            {
                done.TrySetException(e); // thrown by the reader that was handed in
            }
        }

        try
        {
            _inbox.Add(OnSequencer);
        }
        catch (InvalidOperationException)
        {
            Leave(default!, "the exchange is closed");
        }

        return done.Task;
    }

    private void Run()
    {
        Timestamp advanced = _engine.Now;
        while (!_inbox.IsCompleted)
        {
            if (_inbox.TryTake(out Action? work, ClockMilliseconds)) work();
            Timestamp now = Now();
            if (now - advanced < ClockMilliseconds || Unavailable is not null) continue;
            advanced = now;
            try
            {
                Execute(Command.AdvanceTo(now));
            }
            catch (Exception e) when (e is EngineStoppedException or JournalException)
            {
                _broken = e.Message;
                _commits.Break(e.Message);
            }
        }
    }

    private Timestamp Now()
    {
        Timestamp now = _clock.Now;
        return now > _engine.Now ? now : _engine.Now;
    }

    private CommandAnswer Execute(Message message)
    {
        Event[] events = Execute(new Command { Time = Now(), Message = message });
        bool ofAccount = message.To.Kind == ActorKind.Account;
        var account = new AccountId(message.To.Number);
        Event[] answer = [.. events.Where(e => e.Cause == message.Cause && (!ofAccount || e.Account == account))];
        return new CommandAnswer(_engine.Now, answer, null);
    }

    private Event[] Execute(in Command command)
    {
        _journal?.Append(command);
        _engine.Execute(command);
        _history?.Append(_engine.Events, _engine.Sequence);
        Event[] events = _engine.Events.ToArray();
        if (events.Length > 0 && _subscribers.Any)
        {
            _commits.Add(_engine.Sequence, reason =>
            {
                if (reason is null) _subscribers.Tell(events);
            });
        }

        return events;
    }

    private IReadOnlyList<AccountId> ListAccounts()
    {
        var ids = new AccountId[_engine.AccountCount];
        for (int i = 0; i < ids.Length; i++) ids[i] = new AccountId(_engine.Accounts[i].Address.Number);
        return ids;
    }

    private PriceLevel[] Depth(MarketId market, Side side, int levels)
    {
        var found = new DepthLevel[levels];
        int count = _reader.MarketViewOf(market).Depth(side, found);
        return [.. found.Take(count).Select(l => new PriceLevel(l.Price, l.Quantity))];
    }
}
