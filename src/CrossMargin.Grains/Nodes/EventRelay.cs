using CrossMargin.Grains.Contracts;
using CrossMargin.Hosting.Delivery;

namespace CrossMargin.Grains.Nodes;

/// <summary>
/// Sends what happens on this silo to the others, in order, some milliseconds' worth at a time. What a silo does not take in time is lost
/// for it: its streams see a gap in an actor's numbers and end loudly, they never wait for it.
/// </summary>
internal sealed class EventRelay
{
    private const int MostWaiting = 100_000;
    private const int MostAtOnce = 1_000;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private List<EventCommit> _waiting = [];
    private volatile NodeEntry[] _others = [];
    private long _lost;

    /// <summary>Writes whose events no other silo was told of.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public void SetOthers(NodeEntry[] others) => _others = others;

    public void Add(EventCommit commit)
    {
        if (_others.Length == 0) return;
        lock (_gate)
        {
            if (_waiting.Count >= MostWaiting)
            {
                Interlocked.Increment(ref _lost);
                return;
            }

            _waiting.Add(commit);
            if (_waiting.Count == 1 && _signal.CurrentCount == 0) _signal.Release();
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await _signal.WaitAsync(cancellation);
                await Task.Delay(2, cancellation); // more is likely to come
            }
            catch (OperationCanceledException)
            {
                return;
            }

            List<EventCommit> taken;
            lock (_gate) (taken, _waiting) = (_waiting, []);
            foreach (EventCommit[] piece in taken.Chunk(MostAtOnce))
            {
                foreach (NodeEntry other in _others) _ = other.Listener.Happened(piece);
            }
        }
    }
}
