using System.Buffers.Text;
using System.Net.WebSockets;
using System.Text;

namespace CrossMargin.Load.Streams;

/// <summary>A client's WebSocket that hands each text message, as bytes, to one reader, and says when and why it ended.</summary>
internal sealed class EventSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;

    /// <summary>Why nothing comes any more, or null.</summary>
    public string? Ended { get; private set; }

    /// <param name="path">With a leading slash.</param>
    /// <param name="onMessage">Called by one message at a time; its bytes are valid during the call.</param>
    /// <param name="size">The largest message expected: what the buffer holds.</param>
    public static async Task<EventSocket> OpenAsync(Uri server, string path, Action<ReadOnlyMemory<byte>> onMessage, int size = 8192)
    {
        var socket = new EventSocket();
        socket._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await socket._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = path }.Uri, CancellationToken.None);
        socket._reading = socket.ReadAsync(onMessage, new byte[size]);
        return socket;
    }

    public Task SubscribeAsync(string stream) => _socket.SendAsync(
        Encoding.UTF8.GetBytes($$"""{"method":"SUBSCRIBE","params":["{{stream}}"],"id":1}"""),
        WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>The event time "E" of a message, Unix milliseconds, or 0.</summary>
    public static long EventTimeOf(ReadOnlySpan<byte> message)
    {
        int at = message.IndexOf("\"E\":"u8);
        return at >= 0 && Utf8Parser.TryParse(message[(at + 4)..], out long time, out _) ? time : 0;
    }

    /// <summary>A text field's first value in a message, or empty. Values with escapes are not looked for.</summary>
    public static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> message, ReadOnlySpan<byte> quotedNameAndColon)
    {
        int at = message.IndexOf(quotedNameAndColon);
        if (at < 0) return default;
        ReadOnlySpan<byte> rest = message[(at + quotedNameAndColon.Length)..];
        if (rest.IsEmpty || rest[0] != (byte)'"') return default;
        int end = rest[1..].IndexOf((byte)'"');
        return end < 0 ? default : rest.Slice(1, end);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync(Action<ReadOnlyMemory<byte>> onMessage, byte[] buffer)
    {
        try
        {
            int filled = 0;
            while (true)
            {
                ValueWebSocketReceiveResult read = await _socket.ReceiveAsync(buffer.AsMemory(filled), _stop.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    Ended = $"closed by the server: {_socket.CloseStatus} {_socket.CloseStatusDescription}";
                    return;
                }

                filled += read.Count;
                if (filled == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
                if (!read.EndOfMessage) continue;
                onMessage(buffer.AsMemory(0, filled));
                filled = 0;
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            Ended = e.Message;
        }
    }
}
