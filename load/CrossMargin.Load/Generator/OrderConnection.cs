using System.Net;
using System.Net.Sockets;

namespace CrossMargin.Load.Generator;

/// <summary>One keep-alive connection of one account, with at most one request under way and the next one ready to send.</summary>
internal sealed class OrderConnection : IDisposable
{
    private readonly OrderScript _script;
    private readonly byte[] _next = new byte[4096];
    private byte[] _received = new byte[8192];
    private int _nextLength;
    private int _filled;

    public OrderConnection(IPEndPoint server, OrderScript script)
    {
        _script = script;
        Socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(server);
        Socket.Blocking = false;
        Prepare();
    }

    public Socket Socket { get; }

    /// <summary>When the request under way was to be sent, a time stamp of the stopwatch.</summary>
    public long Planned { get; set; }

    public int Status { get; private set; }

    /// <summary>The code of an answer that is not 200, or 0.</summary>
    public long Code { get; private set; }

    /// <summary>Signs the next request ahead, while nobody waits for it.</summary>
    public void Prepare()
    {
        ReadOnlySpan<byte> request = _script.Next();
        request.CopyTo(_next);
        _nextLength = request.Length;
    }

    public void Send()
    {
        ReadOnlySpan<byte> left = _next.AsSpan(0, _nextLength);
        while (left.Length > 0)
        {
            int sent = Socket.Send(left, SocketFlags.None, out SocketError error);
            if (error is not (SocketError.Success or SocketError.WouldBlock)) throw new SocketException((int)error);
            left = left[sent..];
        }
    }

    /// <summary>Takes what arrived. True when the answer is whole.</summary>
    public bool Receive()
    {
        if (_filled == _received.Length) Array.Resize(ref _received, 2 * _received.Length);
        int count = Socket.Receive(_received.AsSpan(_filled), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock) return false;
        if (error != SocketError.Success) throw new SocketException((int)error);
        if (count == 0) throw new InvalidDataException("the server closed a connection");
        _filled += count;
        if (!AnswerReader.TryRead(_received.AsSpan(0, _filled), out int status, out int body, out int length)) return false;
        if (length != _filled) throw new InvalidDataException("more than one answer to one request");
        Status = status;
        Code = status == 200 ? 0 : AnswerReader.CodeOf(_received.AsSpan(body, length - body));
        _filled = 0;
        return true;
    }

    public void Dispose() => Socket.Dispose();
}
