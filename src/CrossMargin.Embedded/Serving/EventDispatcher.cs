using CrossMargin.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// Tells subscribers of committed events, batch by batch, on a thread of its own. A subscriber that throws is logged and told no more.
/// </summary>
internal sealed class EventDispatcher : IDisposable
{
    private readonly object _gate = new();
    private readonly ILogger _log;
    private readonly Thread _thread;
    private Subscription[] _subscribers = [];
    private List<EventBatch> _waiting = [];
    private List<EventBatch> _telling = [];
    private bool _closing;

    public EventDispatcher(ILogger log)
    {
        _log = log;
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

    public IDisposable Subscribe(Action<EventBatch> onEvents)
    {
        var subscription = new Subscription(this, onEvents);
        lock (_gate) _subscribers = [.. _subscribers, subscription];
        return subscription;
    }

    /// <summary>Queues a batch; <see cref="Wake"/> has it told.</summary>
    public void Add(EventBatch batch)
    {
        lock (_gate) _waiting.Add(batch);
    }

    public void Wake()
    {
        lock (_gate) Monitor.Pulse(_gate);
    }

    /// <summary>Tells what is left.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }

        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                while (_waiting.Count == 0 && !_closing) Monitor.Wait(_gate);
                if (_waiting.Count == 0) return;
                (_waiting, _telling) = (_telling, _waiting);
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
