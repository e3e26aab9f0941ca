using System.Collections.Concurrent;

namespace CrossMargin.Embedded.Serving;

/// <summary>
/// Gives answers to the clients that wait, on threads of the pool: a whole commit's answers cost it one work item, not one each. A client
/// that blocks when it gets its answer holds up nobody: whoever begins to give asks for another thread before it does. Thread-safe.
/// </summary>
internal sealed class AnswerPool : IThreadPoolWorkItem
{
    private const int LongestMilliseconds = 15;

    private readonly ConcurrentQueue<Answer> _queue = new();
    private int _isAsked;

    /// <summary>Queues an answer; <see cref="Start"/> has it given.</summary>
    /// <param name="reason">Why there is none, or null.</param>
    public void Add(IWork work, string? reason) => _queue.Enqueue(new Answer(work, reason, null));

    /// <summary>Queues an exception of the client's own making.</summary>
    public void Add(IWork work, Exception fault) => _queue.Enqueue(new Answer(work, null, fault));

    public void Start()
    {
        if (!_queue.IsEmpty && Interlocked.Exchange(ref _isAsked, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Returns when no answer waits for a thread.</summary>
    public void WaitUntilTaken()
    {
        var wait = new SpinWait();
        while (!_queue.IsEmpty) wait.SpinOnce();
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Before the queue is looked at: who adds from here on asks for a thread again.
        Interlocked.Exchange(ref _isAsked, 0);
        if (!_queue.TryDequeue(out Answer answer)) return;
        Start();
        long began = Environment.TickCount64;
        do
        {
            answer.Give();

            // Others' work on the pool has its turn too.
            if (Environment.TickCount64 - began >= LongestMilliseconds)
            {
                Start();
                return;
            }
        }
        while (_queue.TryDequeue(out answer));
    }

    private readonly record struct Answer(IWork Work, string? Reason, Exception? Fault)
    {
        public void Give()
        {
            if (Fault is null) Work.Leave(Reason);
            else Work.Fail(Fault);
        }
    }
}
