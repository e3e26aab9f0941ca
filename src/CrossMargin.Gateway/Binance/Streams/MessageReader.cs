using System.Buffers;
using System.Net.WebSockets;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// Reads a client's messages one after the other, each handled before the next is read. While nothing comes no buffer is held. Ends the
/// connection with its reason where a message is too large, no text, or one too many.
/// </summary>
internal sealed class MessageReader(StreamConnection connection, StreamOptions options, int messagesPerSecond, TimeProvider time)
{
    private long _windowStart;
    private double _allowance = 2.0 * messagesPerSecond;

    /// <summary>Ends with the connection. Never throws for what a client does.</summary>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, ValueTask> handle)
    {
        _windowStart = time.GetTimestamp();
        try
        {
            while (await ReadAsync(handle).ConfigureAwait(false))
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or was cut.
        }
    }

    private async Task<bool> ReadAsync(Func<ReadOnlyMemory<byte>, ValueTask> handle)
    {
        WebSocket socket = connection.Socket;
        ValueWebSocketReceiveResult result = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(options.MaxMessageBytes + 1);
        try
        {
            int length = 0;
            while (result.MessageType != WebSocketMessageType.Close && !result.EndOfMessage)
            {
                Memory<byte> rest = buffer.AsMemory(length, options.MaxMessageBytes + 1 - length);
                result = await socket.ReceiveAsync(rest, CancellationToken.None).ConfigureAwait(false);
                length += result.Count;
                if (length <= options.MaxMessageBytes) continue;
                connection.Close(WebSocketCloseStatus.MessageTooBig, $"a message may have {options.MaxMessageBytes} bytes");
                return await DrainAsync(buffer).ConfigureAwait(false);
            }

            if (result.MessageType == WebSocketMessageType.Close)
            {
                connection.Close(WebSocketCloseStatus.NormalClosure, "");
                return false;
            }

            if (connection.IsEnding) return true;
            if (result.MessageType == WebSocketMessageType.Binary)
                connection.Close(WebSocketCloseStatus.InvalidMessageType, "only text messages are understood");
            else if (!Take())
                connection.Close(WebSocketCloseStatus.PolicyViolation, $"more than {messagesPerSecond} messages a second");
            else
                await handle(buffer.AsMemory(0, length)).ConfigureAwait(false);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// What still comes on a connection that is being closed is thrown away, until the client closes or the grace is over.
    /// </summary>
    private async Task<bool> DrainAsync(byte[] buffer)
    {
        while (true)
        {
            ValueWebSocketReceiveResult result = await connection.Socket.ReceiveAsync(buffer.AsMemory(),
                CancellationToken.None).ConfigureAwait(false);
            if (result.MessageType == WebSocketMessageType.Close) return false;
        }
    }

    private bool Take()
    {
        long now = time.GetTimestamp();
        double refill = time.GetElapsedTime(_windowStart, now).TotalSeconds * messagesPerSecond;
        _windowStart = now;
        _allowance = Math.Min(2.0 * messagesPerSecond, _allowance + refill) - 1;
        return _allowance >= 0;
    }
}
