using CrossMargin.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// Tells subscribers of committed events, batch by batch, on a thread of its own. A subscriber that throws is logged and told no more. What
/// waits for them is bounded: beyond that it is dropped, and the next batch says how much.
/// </summary>
internal sealed class EventDispatcher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ILogger _log;
    private readonly int _mostEvents;
    private readonly Thread _thread;
    private Subscription[] _subscribers = [];
    private List<EventBatch> _waiting = [];
    private List<EventBatch> _telling = [];
    private int _waitingEvents;
    private long _gap;
    private long _lost;
    private bool _closing;

    public EventDispatcher(ILogger log, int mostEvents)
    {
        (_log, _mostEvents) = (log, mostEvents);
        _thread = new Thread(Run) { Name = "events", IsBackground = true };
        _thread.Start();
    }

    public bool HasSubscribers => Volatile.Read(ref _subscribers).Length > 0;

    /// <summary>Batches that were committed and not told yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count + _telling.Count;
        }
    }

    /// <summary>Batches that were dropped because too much waited.</summary>
    public long Lost => Volatile.Read(ref _lost);

    public IDisposable Subscribe(Action<EventBatch> onEvents)
    {
        var subscription = new Subscription(this, onEvents);
        lock (_gate) _subscribers = [.. _subscribers, subscription];
        return subscription;
    }

    /// <summary>Queues a batch; <see cref="Wake"/> has it told.</summary>
    public void Add(EventBatch batch)
    {
        bool began = false;
        lock (_gate)
        {
            if (_waitingEvents + batch.Events.Count > _mostEvents && _waiting.Count > 0)
            {
                began = _gap == 0;
                _gap += _waiting.Count;
                _lost += _waiting.Count;
                _waiting.Clear();
                _waitingEvents = 0;
            }

            // The first of those that wait carries the gap before it.
            _waiting.Add(_gap > 0 && _waiting.Count == 0 ? batch with { LostBefore = _gap } : batch);
            _waitingEvents += batch.Events.Count;
        }

        if (began) ServingLog.EventsLost(_log, batch.Sequence);
    }

    public void Wake() => _wake.Set();

    /// <summary>Tells what is left.</summary>
    public void Dispose()
    {
        lock (_gate) _closing = true;
        _wake.Set();
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            bool isClosing;
            lock (_gate)
            {
                isClosing = _closing;
                (_waiting, _telling) = (_telling, _waiting);
                (_waitingEvents, _gap) = (0, 0);
            }

            if (_telling.Count == 0)
            {
                if (isClosing) return;
                _wake.WaitOne();
                continue;
            }

            foreach (EventBatch batch in _telling) Tell(batch);
            lock (_gate) _telling.Clear();
        }
    }

    private void Tell(EventBatch batch)
    {
        foreach (Subscription subscriber in Volatile.Read(ref _subscribers))
        {
            if (subscriber.IsEnded) continue;
            try
            {
                subscriber.OnEvents(batch);
            }
            catch (Exception e)
            {
                ServingLog.SubscriberThrew(_log, batch.Sequence, e);
                subscriber.Dispose();
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate) _subscribers = [.. _subscribers.Where(s => s != subscription)];
    }

    private sealed class Subscription(EventDispatcher owner, Action<EventBatch> onEvents) : IDisposable
    {
        private volatile bool _ended;

        public Action<EventBatch> OnEvents => onEvents;

        public bool IsEnded => _ended;

        public void Dispose()
        {
            _ended = true;
            owner.Remove(this);
        }
    }
}
