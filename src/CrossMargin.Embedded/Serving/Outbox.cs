using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// What waits for a commit before it may leave the process, in the order of the commands: answers, and events for the subscribers. A
/// thread of its own gives it out, so that the journal's writer only says how far it is. Without a journal nothing waits.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Item> _waiting = new();
    private readonly List<Item> _leaving = [];
    private readonly EventDispatcher _events;
    private readonly Thread? _thread;
    private long _committed = long.MaxValue;
    private string? _broken;
    private bool _closing;

    public Outbox(ExchangeJournal? journal, EventDispatcher events)
    {
        _events = events;
        if (journal is null) return;
        _committed = journal.CommittedSequence;
        journal.Committed = Commit;
        journal.Failed = error => Break(error.Message);
        _thread = new Thread(Run) { Name = "answers", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Takes what the sequencer has made since the last call, in order.</summary>
    public void Add(List<Item> items)
    {
        if (_thread is null)
        {
            Give(items, _broken);
            return;
        }

        lock (_gate)
        {
            foreach (Item item in items) _waiting.Enqueue(item);
            if (IsReady()) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Whatever is not committed will not be; it leaves with the reason.</summary>
    public void Break(string reason)
    {
        lock (_gate)
        {
            _broken ??= reason;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Gives out what is left; all of it is committed, or the journal has failed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }

        if (_thread is not null && Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Commit(long sequence)
    {
        lock (_gate)
        {
            _committed = sequence;
            if (_waiting.Count > 0) Monitor.Pulse(_gate);
        }
    }

    private bool IsReady() => _waiting.TryPeek(out Item next) && (next.Sequence <= _committed || _broken is not null);

    private void Run()
    {
        while (true)
        {
            string? reason = null;
            lock (_gate)
            {
                while (!IsReady() && !(_closing && _waiting.Count == 0)) Monitor.Wait(_gate);
                if (_waiting.Count == 0) return;
                while (_waiting.TryPeek(out Item next) && next.Sequence <= _committed) _leaving.Add(_waiting.Dequeue());
                if (_leaving.Count == 0)
                {
                    reason = _broken;
                    _leaving.AddRange(_waiting);
                    _waiting.Clear();
                }
            }

            Give(_leaving, reason);
            _leaving.Clear();
        }
    }

    private void Give(List<Item> items, string? reason)
    {
        bool told = false;
        foreach (Item item in items)
        {
            if (item.Content is IWork work)
            {
                work.Leave(reason);
            }
            else if (reason is null)
            {
                _events.Add((EventBatch)item.Content);
                told = true;
            }
        }

        if (told) _events.Wake();
    }

    /// <summary>An <see cref="IWork"/> or an <see cref="EventBatch"/>, and the last command that it shows.</summary>
    public readonly record struct Item(long Sequence, object Content);
}
