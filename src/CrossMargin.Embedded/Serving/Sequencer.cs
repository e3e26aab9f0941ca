using System.Diagnostics;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// The thread that owns the engine. Takes whatever has come in at once, executes it, hands the answers to the outbox together and has the
/// journal write: many answers, one commit. Between two requests it moves exchange time on and calls the beat.
/// </summary>
internal sealed class Sequencer : IBeatCommands
{
    private const int ClockMilliseconds = 100;
    private const int LargestStepMilliseconds = 1_000;
    private const int IdleMilliseconds = 10;
    private const int CatchUpMilliseconds = 20;
    private const int RequestsPerCommit = 512;
    private const int WorkMilliseconds = 20;

    // So few cost less time than a switch to the journal's thread and back: they are committed here, and what comes in meanwhile shares the
    // next commit. More are executed while the journal's thread commits what was executed before.
    private const int RequestsCommittedHere = 128;

    // A commit costs much the same for one request and for many. With fewer, others go first: where the processors are busy they bring
    // theirs, where they are idle giving way takes no time.
    private const int RequestsWorthACommit = 48;

    private readonly Lock _gate = new();

    // Given outside the gate: a thread that is woken while the gate is held waits again at once.
    private readonly AutoResetEvent _wake = new(false);
    private readonly ExchangeJournal? _journal;
    private readonly IExchangeClock _clock;
    private readonly IHistorySink? _history;
    private readonly ServingOptions _options;
    private readonly Outbox _outbox;
    private readonly EventDispatcher _events;
    private readonly List<Outbox.Item> _made = [];
    private readonly Thread _thread;
    private List<IWork> _inbox = [];
    private List<IWork> _taken = [];
    private int _next;
    private bool _isWaiting;
    private IExchangeBeat? _beat;
    private string? _broken;
    private string? _orderStop;
    private long _orderStopAsked = long.MinValue;
    private Timestamp _advanced;
    private long _now;
    private bool _closing;

    public Sequencer(
        ExchangeEngine engine, ExchangeJournal? journal, IExchangeClock clock, IHistorySink? history, ServingOptions options, Outbox outbox,
        EventDispatcher events)
    {
        (Engine, _journal, _clock, _history, _options, _outbox, _events) = (engine, journal, clock, history, options, outbox, events);
        (_advanced, _beat) = (engine.Now, options.Beat);
        _now = engine.Now.Milliseconds;
        if (journal is not null) journal.Committed = outbox.Commit;
        _thread = new Thread(Run) { Name = "sequencer", IsBackground = true };
        _thread.Start();
    }

    public ExchangeEngine Engine { get; }

    /// <summary>Exchange time of the last command.</summary>
    public Timestamp Now => new(Volatile.Read(ref _now));

    /// <summary>Why nothing is taken any more, or null.</summary>
    public string? Broken => Volatile.Read(ref _broken);

    /// <summary>Requests that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _inbox.Count + _taken.Count - _next;
        }
    }

    public bool TakesOrders => _orderStop is null;

    /// <summary>Why only what lowers risk is taken for now, or null. Any thread.</summary>
    public string? OrderStop => Volatile.Read(ref _orderStop);

    /// <summary>Queues work, or lets it leave at once with the reason why not.</summary>
    public void Add(IWork work)
    {
        string? reason;
        bool isAwaited = false;
        lock (_gate)
        {
            reason = _closing ? "the exchange is closed" : null;
            if (reason is null && _inbox.Count >= _options.MostWaiting) reason = $"the exchange is busy: {_inbox.Count} requests wait";
            if (reason is null)
            {
                _inbox.Add(work);
                isAwaited = _isWaiting;
                _isWaiting = false;
            }
        }

        if (isAwaited) _wake.Set();
        if (reason is not null) work.Leave(reason);
    }

    /// <summary>Executes what was taken, then ends the thread.</summary>
    public void Close()
    {
        lock (_gate) _closing = true;
        _wake.Set();
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    /// <summary>On this thread: executes a client's command.</summary>
    public CommandAnswer Answer(in Message message)
    {
        if (_orderStop is not null && !LowersRisk(message.Kind)) return new CommandAnswer(Engine.Now, [], _orderStop);
        EventBatch? batch = Execute(new Command { Time = Time(), Message = message });
        return new CommandAnswer(Engine.Now, AnswerEvents.Of(message, Engine.Events, batch), null);
    }

    /// <summary>On this thread: a command of the beat or of a control, at the time of the last one.</summary>
    public void Submit(in Message message)
    {
        var command = new Command { Time = Engine.Now, Message = message };
        if (Engine.Objection(command) is { } objection) throw new ArgumentException(objection, nameof(message));
        Execute(command);
    }

    /// <summary>On this thread: moves time on to the clock's, if it has moved at all, and calls the beat.</summary>
    public bool BeatNow()
    {
        Timestamp now = _clock.Now;
        if (now > Engine.Now && _options.ReadOnly is null) Advance(now);
        Beat();
        return true;
    }

    private static bool LowersRisk(MessageKind kind) =>
        kind is MessageKind.CancelOrder or MessageKind.CancelTrigger or MessageKind.CancelAllOrders or MessageKind.CancelAccountOrders;

    private void Run()
    {
        while (Take())
        {
            try
            {
                KeepTime();
            }
            catch (Exception e) when (IsEnd(e))
            {
                Break(e);
            }

            Work();
            Settle();
        }
    }

    // False at the end. What came in is in _taken from _next on.
    private bool Take()
    {
        lock (_gate)
        {
            if (_next < _taken.Count) return true;
            _taken.Clear();
            _next = 0;
            _isWaiting = _inbox.Count == 0 && !_closing;
        }

        // A signal may be left over from a wait that ended in time: then this one ends early.
        if (_isWaiting) _wake.WaitOne(IdleMilliseconds);
        if (_journal is not null && HasFew()) Thread.Yield();
        lock (_gate)
        {
            _isWaiting = false;
            (_inbox, _taken) = (_taken, _inbox);
            return _taken.Count > 0 || !_closing;
        }
    }

    private bool HasFew()
    {
        lock (_gate) return !_closing && _inbox.Count is > 0 and < RequestsWorthACommit;
    }

    // A part of what was taken, so that the first ones do not wait for the last one's execution, nor time for all of them.
    private void Work()
    {
        int end = Math.Min(_taken.Count, _next + RequestsPerCommit);
        long began = Stopwatch.GetTimestamp();
        for (; _next < end && Stopwatch.GetElapsedTime(began).TotalMilliseconds < WorkMilliseconds; _next++)
        {
            IWork work = _taken[_next];
            if ((Broken ?? _journal?.Failure?.Message) is { } reason)
            {
                _outbox.Refuse(work, reason);
                continue;
            }

            try
            {
                work.Run(this);
                _made.Add(new Outbox.Item(Engine.Sequence, work));
            }
            catch (Exception e) when (IsEnd(e))
            {
                Break(e);
                _outbox.Refuse(work, e.Message);
            }
            catch (Exception e)
            {
                _outbox.Fail(work, e);
            }
        }
    }

    private void Settle()
    {
        Volatile.Write(ref _now, Engine.Now.Milliseconds);
        if (_made.Count > 0) _outbox.Add(_made);
        _made.Clear();
        if (_journal is not { Failure: null }) return;
        if (_taken.Count > RequestsCommittedHere) _journal.Flush();
        else _journal.Commit();
    }

    private bool IsDue(Timestamp now) => now - _advanced >= ClockMilliseconds;

    // Time that ran away (a fast clock, a machine that slept) is caught up in steps, clients being served meanwhile.
    private void KeepTime()
    {
        if (Broken is not null || _options.ReadOnly is not null) return;
        AskOrderStop();
        Timestamp now = _clock.Now;
        if (!IsDue(now)) return;
        long began = Stopwatch.GetTimestamp();
        do
        {
            long gap = now - _advanced;
            long step = Engine.Sequence == 0 ? gap : Math.Min(gap, Math.Clamp(gap / 10, ClockMilliseconds, LargestStepMilliseconds));
            Advance(_advanced.AddMilliseconds(step));
            Beat();
        }
        while (IsDue(now) && Stopwatch.GetElapsedTime(began).TotalMilliseconds < CatchUpMilliseconds);
    }

    private void Advance(Timestamp to)
    {
        Execute(Command.AdvanceTo(to));
        _advanced = to;
    }

    private void Beat()
    {
        if (_beat is null) return;
        try
        {
            _beat.OnBeat(Engine.Now, this);
        }
        catch (Exception e) when (!IsEnd(e))
        {
            _beat = null;
            ServingLog.BeatThrew(_options.Log, Engine.Now, e);
        }
    }

    private void AskOrderStop()
    {
        if (_options.OrderStop is null) return;
        long now = Environment.TickCount64;
        if (now - 1_000 < _orderStopAsked) return;
        _orderStopAsked = now;
        string? stop = _options.OrderStop();
        if (stop is not null && _orderStop is null) ServingLog.OrdersStopped(_options.Log, stop);
        if (stop is null && _orderStop is not null) ServingLog.OrdersGoOn(_options.Log);
        Volatile.Write(ref _orderStop, stop);
    }

    // The clock's, but never behind the last command, nor past what the next step of time will bring.
    private Timestamp Time()
    {
        Timestamp now = _clock.Now;
        Timestamp most = _advanced.AddMilliseconds(ClockMilliseconds);
        if (now > most) now = most;
        return now > Engine.Now ? now : Engine.Now;
    }

    private EventBatch? Execute(in Command command)
    {
        _journal?.Append(command);
        Engine.Execute(command);
        _history?.Append(Engine.Events, Engine.Sequence);
        _beat?.OnEvents(Engine.Events);
        if (Engine.Events.Length == 0 || !_events.HasSubscribers) return null;
        var batch = new EventBatch(Engine.Sequence, Engine.Now, Engine.Events.ToArray());
        _made.Add(new Outbox.Item(batch.Sequence, batch));
        return batch;
    }

    private static bool IsEnd(Exception e) => e is EngineStoppedException or JournalException or HistoryException;

    private void Break(Exception e)
    {
        if (Broken is not null) return;
        Volatile.Write(ref _broken, e.Message);
        ServingLog.Stopped(_options.Log, e.Message);
        if (_journal is { Failure: null }) _journal.Flush();
        _outbox.Break(e.Message);
    }
}
