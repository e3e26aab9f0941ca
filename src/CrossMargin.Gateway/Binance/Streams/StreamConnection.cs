using System.Net.WebSockets;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// The sending side of one client: a bounded queue of shared byte arrays and at most one writer at a time on the thread pool, none while
/// there is nothing to send. A client that reads too slowly is cut; nobody waits for it.
/// </summary>
internal sealed class StreamConnection(StreamOptions options, TimeProvider time) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _queue = new();
    private int _queuedBytes;
    private WebSocket? _socket;
    private bool _isWriting = true;
    private volatile bool _isEnding;
    private WebSocketCloseStatus _closeStatus;
    private string _closeReason = "";
    private TaskCompletionSource? _over;
    private Dictionary<string, HashSet<string>>? _only;

    /// <summary>Throws before <see cref="Open"/>.</summary>
    public WebSocket Socket => _socket ?? throw new InvalidOperationException("the connection is not open yet");

    /// <summary>Events come wrapped with the name of their stream.</summary>
    public bool IsCombined { get; set; }

    /// <summary>It was closed, or is being closed.</summary>
    public bool IsEnding => _isEnding;

    /// <summary>Why the server ended it; "" if it did not.</summary>
    public string CloseReason => _closeReason;

    public int QueuedFrames
    {
        get
        {
            lock (_gate) return _queue.Count;
        }
    }

    /// <summary>Of this stream it wants only these events. To be told before it listens to the stream.</summary>
    public void Only(string stream, IEnumerable<string> events) => (_only ??= new(StringComparer.Ordinal))[stream] = [.. events];

    /// <summary>Whether it wants an event (a JSON object that begins with its name) of a stream. The end of a listen key is told always.</summary>
    public bool Wants(string stream, ReadOnlySpan<byte> json)
    {
        if (_only is null || !_only.TryGetValue(stream, out HashSet<string>? wanted)) return true;
        ReadOnlySpan<byte> begin = "{\"e\":\""u8;
        if (!json.StartsWith(begin)) return true;
        ReadOnlySpan<byte> rest = json[begin.Length..];
        int end = rest.IndexOf((byte)'"');
        string name = end < 0 ? "" : System.Text.Encoding.UTF8.GetString(rest[..end]);
        return name is "listenKeyExpired" || wanted.Contains(name);
    }

    /// <summary>The handshake is done: what waits is sent.</summary>
    public void Open(WebSocket socket)
    {
        lock (_gate)
        {
            _socket = socket;
            _isWriting = false;
            if (_queue.Count > 0 || _isEnding) Start();
        }
    }

    /// <summary>Queues one text frame; the array is shared and must not be changed. Without effect while the connection ends.</summary>
    public void Enqueue(byte[] frame)
    {
        lock (_gate)
        {
            if (_isEnding) return;
            if (_queue.Count >= options.MaxQueuedFrames || _queuedBytes + frame.Length > options.MaxQueuedBytes)
            {
                End(WebSocketCloseStatus.PolicyViolation, $"slow reader: {_queue.Count} frames, {_queuedBytes} bytes unread");
                return;
            }

            _queue.Enqueue(frame);
            _queuedBytes += frame.Length;
            Start();
        }
    }

    /// <summary>
    /// Ends the connection: what waits is sent first unless it is a violation; then comes the close frame with its reason.
    /// </summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        lock (_gate)
        {
            if (!_isEnding) End(status, reason);
        }
    }

    /// <summary>The socket is done with; nothing is sent any more.</summary>
    public void Over()
    {
        lock (_gate)
        {
            _isEnding = true;
            _isWriting = true;
            _queue.Clear();
            _over?.TrySetResult();
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    private void End(WebSocketCloseStatus status, string reason)
    {
        _closeStatus = status;
        _closeReason = reason.Length <= 120 ? reason : reason[..120]; // a close frame holds 123 bytes
        if (status != WebSocketCloseStatus.NormalClosure)
        {
            _queue.Clear();
            _queuedBytes = 0;
        }

        _isEnding = true;
        _over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start();
        _ = AbortLaterAsync(_over.Task);
    }

    private void Start()
    {
        if (_isWriting) return;
        _isWriting = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task WriteAsync()
    {
        WebSocket socket = Socket;
        try
        {
            while (TryTake(out byte[]? frame))
            {
                await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true,
                    CancellationToken.None).ConfigureAwait(false);
                Sent(frame.Length);
            }

            if (_isEnding && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(_closeStatus, _closeReason, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            socket.Abort();
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? frame)
    {
        lock (_gate)
        {
            if (_queue.TryDequeue(out frame)) return true;
            _queue.TrimExcess();

            // While it ends the writer stays "writing": nothing may be sent after the close frame.
            if (!_isEnding) _isWriting = false;
            return false;
        }
    }

    private void Sent(int bytes)
    {
        lock (_gate) _queuedBytes = Math.Max(0, _queuedBytes - bytes);
    }

    private async Task AbortLaterAsync(Task over)
    {
        try
        {
            await over.WaitAsync(options.CloseGrace, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _socket?.Abort();
        }
    }
}
