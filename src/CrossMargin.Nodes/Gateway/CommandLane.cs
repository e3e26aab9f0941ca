using CrossMargin.Model;

namespace CrossMargin.Nodes.Gateway;

/// <summary>
/// The commands of this gateway to one actor: at most so many are unanswered at a time, the others wait in order. Keeps the ids of those
/// that were answered until the actor has been told. Thread-safe.
/// </summary>
internal sealed class CommandLane(int most)
{
    private const int MostAnswered = 64;

    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private readonly Queue<CommandId> _answered = new();
    private int _unanswered;

    public bool IsIdle
    {
        get
        {
            lock (_gate) return _unanswered == 0 && _waiting.Count == 0;
        }
    }

    /// <summary>False: there was no room in that time.</summary>
    public async ValueTask<bool> EnterAsync(TimeSpan patience, TimeProvider time)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            if (_unanswered < most)
            {
                _unanswered++;
                return true;
            }

            place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await place.Value.Task.WaitAsync(patience, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                if (place.Value.Task.IsCompleted) return true; // room came at the last moment
                _waiting.Remove(place);
                return false;
            }
        }
    }

    /// <summary>A command is over. None: it has no answer that the actor keeps.</summary>
    public void Leave(CommandId answered)
    {
        lock (_gate)
        {
            if (answered != CommandId.None && _answered.Count < MostAnswered) _answered.Enqueue(answered);
            if (_waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                next.Value.TrySetResult();
            }
            else
            {
                _unanswered--;
            }
        }
    }

    /// <summary>
    /// The answers that the client has and the actor need not keep; told once: if that is lost, the actor keeps them a little longer.
    /// </summary>
    public IReadOnlyList<CommandId> TakeAnswered()
    {
        lock (_gate)
        {
            if (_answered.Count == 0) return [];
            CommandId[] taken = [.. _answered];
            _answered.Clear();
            return taken;
        }
    }
}
