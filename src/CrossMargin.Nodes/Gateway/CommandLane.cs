using CrossMargin.Model;

namespace CrossMargin.Nodes.Gateway;

/// <summary>
/// The commands of this gateway to one actor, in the order in which they enter: from the oldest that is not over to the newest there are at
/// most so many, however many between them are over; the others wait in order. An actor remembers so many ids and no more, so one that is
/// asked again and again must not be left behind by those after it. Keeps the ids of those that were answered until the actor has been told.
/// Thread-safe.
/// </summary>
internal sealed class CommandLane(int most)
{
    private const int MostAnswered = 64;

    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource<long>> _waiting = [];
    private readonly Queue<CommandId> _answered = new();
    private readonly bool[] _isOver = new bool[most]; // by place, from the oldest that is not over to the newest
    private long _oldest = 1;
    private long _next = 1;

    public bool IsIdle
    {
        get
        {
            lock (_gate) return _oldest == _next && _waiting.Count == 0;
        }
    }

    /// <summary>The command's place, to leave by; 0: there was no room in that time.</summary>
    public async ValueTask<long> EnterAsync(TimeSpan patience, TimeProvider time)
    {
        LinkedListNode<TaskCompletionSource<long>> place;
        lock (_gate)
        {
            if (HasRoom) return Add();
            place = _waiting.AddLast(new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            return await place.Value.Task.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                if (place.Value.Task.IsCompleted) return place.Value.Task.Result; // room came at the last moment
                _waiting.Remove(place);
                return 0;
            }
        }
    }

    /// <summary>A command is over: no copy of it will reach the actor any more.</summary>
    /// <param name="answered">None: it has no answer that the actor keeps.</param>
    public void Leave(long place, CommandId answered)
    {
        lock (_gate)
        {
            if (answered != CommandId.None && _answered.Count < MostAnswered) _answered.Enqueue(answered);
            _isOver[place % most] = true;
            while (_oldest < _next && _isOver[_oldest % most]) _oldest++;
            while (HasRoom && _waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                next.Value.TrySetResult(Add());
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

    private bool HasRoom => _next - _oldest < most;

    private long Add()
    {
        _isOver[_next % most] = false;
        return _next++;
    }
}
