using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CrossMargin.Gateway.Binance.Streams;

namespace CrossMargin.Gateway.Tests.Streams;

/// <summary>A session whose socket keeps what it is sent.</summary>
internal sealed class StreamListener
{
    private readonly KeepingSocket _socket = new();
    private int _marks;
    private int _taken;

    public StreamListener(StreamWorld world)
    {
        Connection = new StreamConnection(world.Options, TimeProvider.System) { IsCombined = true };
        Connection.Open(_socket);
        Session = new StreamSession(Connection, world.Streams.Markets, world.Streams.Users, world.Options);
    }

    public StreamConnection Connection { get; }
    public StreamSession Session { get; }

    /// <summary>Everything sent since the last call, wrapped: (stream, data).</summary>
    public async Task<List<(string Stream, JsonElement Data)>> TakeAsync()
    {
        string mark = $"mark {++_marks}";
        Connection.Enqueue(Encoding.UTF8.GetBytes(mark));
        await StreamWorld.UntilAsync(() => _socket.Last == mark);
        var found = new List<(string, JsonElement)>();
        foreach (string text in _socket.From(_taken))
        {
            _taken++;
            if (text.StartsWith("mark ", StringComparison.Ordinal)) continue;
            JsonElement json = JsonDocument.Parse(text).RootElement;
            if (json.TryGetProperty("stream", out JsonElement stream)) found.Add((stream.GetString()!, json.GetProperty("data")));
            else found.Add(("", json));
        }

        return found;
    }

    private sealed class KeepingSocket : WebSocket
    {
        private readonly Lock _gate = new();
        private readonly List<string> _sent = [];
        private WebSocketState _state = WebSocketState.Open;

        public override WebSocketCloseStatus? CloseStatus => null;
        public override string? CloseStatusDescription => null;
        public override WebSocketState State => _state;
        public override string? SubProtocol => null;

        public string Last
        {
            get
            {
                lock (_gate) return _sent.Count == 0 ? "" : _sent[^1];
            }
        }

        public List<string> From(int index)
        {
            lock (_gate) return _sent[index..];
        }

        public override void Abort() => _state = WebSocketState.Aborted;

        public override Task CloseAsync(WebSocketCloseStatus status, string? reason, CancellationToken ct) => CloseOutputAsync(status, reason, ct);

        public override Task CloseOutputAsync(WebSocketCloseStatus status, string? reason, CancellationToken ct)
        {
            _state = WebSocketState.Closed;
            return Task.CompletedTask;
        }

        public override void Dispose()
        {
        }

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken ct) =>
            throw new NotSupportedException();

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType type, bool end, CancellationToken ct)
        {
            lock (_gate) _sent.Add(Encoding.UTF8.GetString(buffer));
            return Task.CompletedTask;
        }
    }
}
