using CrossMargin.Embedded.Journal;

namespace CrossMargin.Embedded.Serving;

/// <summary>What waits for a commit before it may leave the process, in the order of the commands.</summary>
internal sealed class CommitQueue
{
    private readonly Queue<Waiting> _waiting = new();
    private readonly object _gate = new();
    private readonly ExchangeJournal? _journal;
    private string? _broken;

    /// <summary>Without a journal nothing waits.</summary>
    public CommitQueue(ExchangeJournal? journal)
    {
        _journal = journal;
        if (journal is null) return;
        journal.Committed = Release;
        journal.Failed = error => Break(error.Message);
    }

    /// <summary>
    /// Runs the action, with null or why there will be no commit, once the command is durable: here or on the writer's thread.
    /// </summary>
    public void Add(long sequence, Action<string?> leave)
    {
        lock (_gate)
        {
            _waiting.Enqueue(new Waiting(sequence, leave));
        }

        Release(_journal?.CommittedSequence ?? long.MaxValue);
        if (_broken is not null) Break(_broken);
    }

    /// <summary>Whatever waits will not be committed.</summary>
    public void Break(string reason)
    {
        lock (_gate)
        {
            _broken ??= reason;
            while (_waiting.TryDequeue(out Waiting next)) next.Leave(_broken);
        }
    }

    // Under the lock: two threads must not let things leave in another order than the commands'.
    private void Release(long committed)
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out Waiting next) && next.Sequence <= committed)
            {
                _waiting.Dequeue();
                next.Leave(null);
            }
        }
    }

    private readonly record struct Waiting(long Sequence, Action<string?> Leave);
}
