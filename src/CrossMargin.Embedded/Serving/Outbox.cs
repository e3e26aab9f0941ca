using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// What waits for a commit before it may leave the process, in the order of the commands: answers, and events for the subscribers. The
/// journal's writer hands out all that a commit made durable; answers are given by the thread pool. Without a journal nothing waits.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Item> _waiting = new();
    private readonly AnswerPool _answers = new();
    private readonly EventDispatcher _events;
    private readonly bool _isLasting;
    private long _committed = long.MaxValue;
    private string? _broken;

    public Outbox(ExchangeJournal? journal, EventDispatcher events)
    {
        (_events, _isLasting) = (events, journal is not null);
        if (journal is null) return;
        _committed = journal.CommittedSequence;
        journal.Failed = error => Break(error.Message);
    }

    /// <summary>Takes what the sequencer has made since the last call, in order.</summary>
    public void Add(List<Item> items)
    {
        lock (_gate)
        {
            foreach (Item item in items) _waiting.Enqueue(item);
            Release();
        }

        _answers.Start();
    }

    /// <summary>Everything up to the number is durable.</summary>
    public void Commit(long sequence)
    {
        lock (_gate)
        {
            _committed = sequence;
            Release();
        }

        _answers.Start();
    }

    /// <summary>Lets work leave that never came to be: with the reason, whatever is committed.</summary>
    public void Refuse(IWork work, string reason)
    {
        _answers.Add(work, reason);
        _answers.Start();
    }

    /// <summary>Gives a client what its own work threw.</summary>
    public void Fail(IWork work, Exception fault)
    {
        _answers.Add(work, fault);
        _answers.Start();
    }

    /// <summary>Whatever is not committed will not be; it leaves with the reason.</summary>
    public void Break(string reason)
    {
        lock (_gate)
        {
            _broken ??= reason;
            Release();
        }

        _answers.Start();
    }

    /// <summary>Gives out what is left; all of it is committed, or the journal has failed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_waiting.Count > 0) Monitor.Wait(_gate);
        }

        _answers.WaitUntilTaken();
    }

    // Under the gate, so that events keep the order of their commands whoever hands them out.
    private void Release()
    {
        bool told = false;
        while (_waiting.TryPeek(out Item next))
        {
            bool isDurable = next.Sequence <= _committed;
            if (!isDurable && _broken is null) break;
            string? reason = isDurable && _isLasting ? null : _broken;
            _waiting.Dequeue();
            if (next.Content is IWork work)
            {
                _answers.Add(work, reason);
            }
            else if (reason is null)
            {
                _events.Add((EventBatch)next.Content);
                told = true;
            }
        }

        if (told) _events.Wake();
        if (_waiting.Count == 0) Monitor.PulseAll(_gate);
    }

    /// <summary>An <see cref="IWork"/> or an <see cref="EventBatch"/>, and the last command that it shows.</summary>
    public readonly record struct Item(long Sequence, object Content);
}
