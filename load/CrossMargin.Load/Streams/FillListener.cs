using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace CrossMargin.Load.Streams;

/// <summary>Waits on a user data stream for fills of orders by their client's name.</summary>
internal sealed class FillListener
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _awaited = new(StringComparer.Ordinal);

    /// <summary>The stopwatch's time stamp at which the order's first fill arrived. To be asked for before the order is sent.</summary>
    public Task<long> Fill(string clientOrderId) =>
        _awaited.GetOrAdd(clientOrderId, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void OnMessage(ReadOnlyMemory<byte> message)
    {
        long now = Stopwatch.GetTimestamp();
        ReadOnlySpan<byte> text = message.Span;
        if (!EventSocket.TextOf(text, "\"e\":"u8).SequenceEqual("ORDER_TRADE_UPDATE"u8)) return;
        if (!EventSocket.TextOf(text, "\"x\":"u8).SequenceEqual("TRADE"u8)) return;
        string id = Encoding.ASCII.GetString(EventSocket.TextOf(text, "\"c\":"u8));
        if (_awaited.TryRemove(id, out TaskCompletionSource<long>? source)) source.TrySetResult(now);
    }
}
