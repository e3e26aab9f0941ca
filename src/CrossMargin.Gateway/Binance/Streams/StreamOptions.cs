namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>Bounds of the WebSocket endpoints. What goes beyond one is cut with a close reason, never buffered without end.</summary>
public sealed class StreamOptions
{
    /// <summary>Connections at once, streams and order API together.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Connections at once from one address.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 4_096;

    /// <summary>Streams of one connection.</summary>
    public int MaxStreams { get; set; } = 1_024;

    /// <summary>Bytes of one message from a client.</summary>
    public int MaxMessageBytes { get; set; } = 4_096;

    /// <summary>Messages a second from one client; a burst may be twice that.</summary>
    public int MessagesPerSecond { get; set; } = 10;

    /// <summary>The same for the order API, whose calls are also limited by weight and order count.</summary>
    public int ApiMessagesPerSecond { get; set; } = 100;

    /// <summary>What may wait to be sent on one connection; a reader that is slower is cut with close code 1008.</summary>
    public int MaxQueuedFrames { get; set; } = 1_000;
    public int MaxQueuedBytes { get; set; } = 1 << 20;

    /// <summary>How long a connection that is being closed may take to read what it was sent.</summary>
    public TimeSpan CloseGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The server pings this often, and cuts a connection that has not answered for this long.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromMinutes(3);
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Batches of events that may wait while the snapshot of a user stream's account is read.</summary>
    public int MaxOpeningBatches { get; set; } = 100_000;

    /// <summary>A pool is warned of at this share of its liquidation, in percent, at most once in <see cref="MarginCallPause"/>.</summary>
    public int MarginCallPercent { get; set; } = 80;
    public TimeSpan MarginCallPause { get; set; } = TimeSpan.FromMinutes(10);
}
