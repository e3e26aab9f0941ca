using System.Net.WebSockets;
using System.Text;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// One stream and who listens to it. An event is encoded once: all its listeners share the same bytes, bare or wrapped. Thread-safe.
/// </summary>
internal sealed class Topic
{
    private readonly Lock _gate = new();
    private readonly byte[] _prefix;
    private readonly HashSet<StreamConnection> _listeners = [];
    private int _count;
    private int _fresh;

    public Topic(string name)
    {
        Name = name;
        _prefix = Encoding.UTF8.GetBytes($"{{\"stream\":\"{name}\",\"data\":");
    }

    /// <summary>As clients subscribe to it.</summary>
    public string Name { get; }

    public bool IsHeard => Volatile.Read(ref _count) > 0;

    /// <summary>True once after a new listener came: what changes seldom is told to it at once.</summary>
    public bool TakeFresh() => Interlocked.Exchange(ref _fresh, 0) != 0;

    public void Add(StreamConnection connection)
    {
        lock (_gate)
        {
            _listeners.Add(connection);
            _count = _listeners.Count;
        }

        Interlocked.Exchange(ref _fresh, 1);
    }

    public void Remove(StreamConnection connection)
    {
        lock (_gate)
        {
            _listeners.Remove(connection);
            if (_listeners.Count == 0) _listeners.TrimExcess();
            _count = _listeners.Count;
        }
    }

    public StreamConnection[] Listeners()
    {
        lock (_gate) return [.. _listeners];
    }

    /// <summary>Ends all its listeners with a reason; how many there were.</summary>
    public int Cut(string reason)
    {
        StreamConnection[] listeners = Listeners();
        foreach (StreamConnection listener in listeners)
        {
            Remove(listener);
            listener.Close(WebSocketCloseStatus.InternalServerError, reason);
        }

        return listeners.Length;
    }

    /// <summary>Hands one event (a JSON value) to every listener's queue.</summary>
    public void Publish(byte[] bare)
    {
        if (!IsHeard) return;
        byte[]? wrapped = null;
        lock (_gate)
        {
            foreach (StreamConnection listener in _listeners)
            {
                if (listener.Wants(Name, bare)) listener.Enqueue(listener.IsCombined ? wrapped ??= Wrap(bare) : bare);
            }
        }
    }

    private byte[] Wrap(byte[] bare)
    {
        byte[] whole = GC.AllocateUninitializedArray<byte>(_prefix.Length + bare.Length + 1);
        _prefix.CopyTo(whole, 0);
        bare.CopyTo(whole, _prefix.Length);
        whole[^1] = (byte)'}';
        return whole;
    }
}
