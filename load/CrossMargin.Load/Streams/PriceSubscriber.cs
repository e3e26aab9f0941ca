using CrossMargin.Load.Measuring;

namespace CrossMargin.Load.Streams;

/// <summary>One subscriber of all mark prices: which seconds arrived, and how long after their event time.</summary>
internal sealed class PriceSubscriber
{
    private readonly HashSet<long> _times = [];

    public LatencyHistogram Lag { get; } = new();

    /// <summary>Event times that arrived.</summary>
    public IReadOnlySet<long> Times => _times;

    /// <summary>Messages that came a second time.</summary>
    public int Repeats { get; private set; }

    public void OnMessage(ReadOnlyMemory<byte> message)
    {
        long time = EventSocket.EventTimeOf(message.Span);
        if (time == 0) return; // the answer to SUBSCRIBE
        Lag.Add(DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(time));
        if (!_times.Add(time)) Repeats++;
    }
}
