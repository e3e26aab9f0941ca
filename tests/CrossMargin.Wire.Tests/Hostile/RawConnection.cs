using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CrossMargin.Wire.Tests.Hostile;

/// <param name="Status">0: the connection ended without an answer.</param>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    public override string ToString() => $"{Status} {Body}";
}

/// <summary>A connection on which anything can be sent, HTTP or not. Made anew where the other side closed it.</summary>
internal sealed class RawConnection(Uri address) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[256 * 1024];
    private Socket? _socket;
    private int _filled;

    /// <summary>Sends bytes and reads one answer. A connection that the server closes meanwhile counts as answer 0.</summary>
    /// <param name="endsThere">Nothing more will be sent: the server sees the end of the stream.</param>
    public async Task<RawAnswer> ExchangeAsync(ReadOnlyMemory<byte> request, bool endsThere)
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await SendAsync(request, patience.Token);
            if (endsThere) _socket!.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server may answer and close before it has read everything: what it said is still there to be read.
        }

        RawAnswer answer = await ReadAsync(patience.Token);
        if (endsThere || answer.Status == 0 || Closes(answer.Head)) Close();
        return answer;
    }

    /// <summary>Sends bytes without waiting for anything.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        if (_socket is null) await OpenAsync(stop);
        while (!bytes.IsEmpty) bytes = bytes[await _socket!.SendAsync(bytes, stop)..];
    }

    /// <summary>Reads until at least so many bytes are there; false where the connection ended before.</summary>
    public async Task<bool> FillAsync(int bytes, CancellationToken stop)
    {
        while (_filled < bytes)
        {
            if (_socket is null || _filled == _buffer.Length) return false;
            try
            {
                int read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), stop);
                if (read == 0) return false;
                _filled += read;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What was read and not taken yet.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(0, _filled);

    public void Take(int bytes)
    {
        _buffer.AsSpan(bytes, _filled - bytes).CopyTo(_buffer);
        _filled -= bytes;
    }

    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
        _filled = 0;
    }

    public void Dispose() => Close();

    public async Task<RawAnswer> ReadAsync(CancellationToken stop)
    {
        int end;
        while ((end = Unread.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync(_filled + 1, stop)) return new RawAnswer(0, "", "");
        }

        string head = Encoding.Latin1.GetString(Unread[..end]);
        Take(end + 4);
        int status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        string body = await BodyAsync(head, status, stop);
        return new RawAnswer(status, head, body);
    }

    private async Task OpenAsync(CancellationToken stop)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _socket.ConnectAsync(address.Host, address.Port, stop);
    }

    private async Task<string> BodyAsync(string head, int status, CancellationToken stop)
    {
        if (status is 101 or 204 or 304 || status < 200) return "";
        if (Field(head, "Transfer-Encoding") is "chunked") return await ChunksAsync(stop);
        if (!int.TryParse(Field(head, "Content-Length"), CultureInfo.InvariantCulture, out int length) || length == 0) return "";
        var body = new StringBuilder();
        while (length > 0)
        {
            if (_filled == 0 && !await FillAsync(1, stop)) return body.ToString();
            int taken = Math.Min(length, _filled);
            body.Append(Encoding.UTF8.GetString(Unread[..taken]));
            Take(taken);
            length -= taken;
        }

        return body.ToString();
    }

    private async Task<string> ChunksAsync(CancellationToken stop)
    {
        var body = new StringBuilder();
        while (true)
        {
            int line;
            while ((line = Unread.IndexOf("\r\n"u8)) < 0)
            {
                if (!await FillAsync(_filled + 1, stop)) return body.ToString();
            }

            int left = int.Parse(Encoding.ASCII.GetString(Unread[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            bool isLast = left == 0;
            Take(line + 2);
            for (left += 2; left > 0;)
            {
                if (_filled == 0 && !await FillAsync(1, stop)) return body.ToString();
                int taken = Math.Min(left, _filled);
                body.Append(Encoding.UTF8.GetString(Unread[..taken]));
                Take(taken);
                left -= taken;
            }

            if (isLast) return body.ToString();
        }
    }

    private static bool Closes(string head) => Field(head, "Connection") is "close";

    private static string? Field(string head, string name)
    {
        foreach (string line in head.Split("\r\n"))
        {
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) return line[(name.Length + 1)..].Trim();
        }

        return null;
    }
}
