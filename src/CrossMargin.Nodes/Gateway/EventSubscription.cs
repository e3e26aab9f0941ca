using System.Threading.Channels;
using CrossMargin.Hosting;

namespace CrossMargin.Nodes.Gateway;

/// <summary>One subscriber with a bounded queue and a loop of its own: a slow one is behind alone.</summary>
internal sealed class EventSubscription : IDisposable
{
    private readonly Channel<EventBatch> _queue;
    private readonly Action<EventBatch> _onEvents;
    private readonly Action<string> _onEnded;
    private readonly Action<EventSubscription, bool> _end;
    private int _isOver;

    public EventSubscription(int most, Action<EventBatch> onEvents, Action<string> onEnded, Action<EventSubscription, bool> end)
    {
        (_onEvents, _onEnded, _end) = (onEvents, onEnded, end);
        _queue = Channel.CreateBounded<EventBatch>(new BoundedChannelOptions(most) { SingleReader = true });
        _ = Task.Run(RunAsync);
    }

    public int Waiting => _queue.Reader.Count;

    public void Add(EventBatch batch)
    {
        if (_queue.Writer.TryWrite(batch) || Volatile.Read(ref _isOver) != 0) return;
        _ = Task.Run(() => End($"{Waiting} batches of events waited", isBehind: true));
    }

    public void Dispose() => Over(isBehind: false);

    private async Task RunAsync()
    {
        await foreach (EventBatch batch in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (Volatile.Read(ref _isOver) != 0) return;
            try
            {
                _onEvents(batch);
            }
            catch (Exception e)
            {
                End($"it threw: {e.Message}", isBehind: false);
                return;
            }
        }
    }

    private bool Over(bool isBehind)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return false;
        _queue.Writer.TryComplete();
        _end(this, isBehind);
        return true;
    }

    private void End(string why, bool isBehind)
    {
        if (Over(isBehind)) _onEnded(why);
    }
}
