using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace CrossMargin.Load.Generator;

/// <summary>
/// Signed calls as the common clients put them on the wire: POST with its parameters in a form body, the others in the query. Writes into
/// its own buffer; nothing is allocated for a request.
/// </summary>
internal sealed class SignedRequest
{
    private readonly byte[] _secret;
    private readonly byte[] _fields;
    private readonly byte[] _parameters = new byte[2048];
    private readonly byte[] _whole = new byte[4096];

    public SignedRequest(string host, ApiKey key)
    {
        _secret = Encoding.UTF8.GetBytes(key.Secret);
        _fields = Encoding.ASCII.GetBytes(
            $" HTTP/1.1\r\nHost: {host}\r\nUser-Agent: crossmargin-load\r\nAccept: */*\r\nX-MBX-APIKEY: {key.Key}\r\n");
    }

    /// <summary>Room for the parameters, without timestamp and signature.</summary>
    public Span<byte> Parameters => _parameters.AsSpan(0, 1024);

    /// <summary>Adds timestamp, window and signature to the parameters that were written, and lays the request out.</summary>
    /// <param name="start">Method and path, "POST /fapi/v1/order".</param>
    /// <param name="length">Of the parameters.</param>
    public ReadOnlySpan<byte> Sign(string start, int length, long timestamp, bool inBody)
    {
        Utf8.TryWrite(_parameters.AsSpan(length), $"&recvWindow=60000&timestamp={timestamp}", out int more);
        length += more;
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, _parameters.AsSpan(0, length), signature);
        "&signature="u8.CopyTo(_parameters.AsSpan(length));
        length += 11;
        Convert.TryToHexStringLower(signature, _parameters.AsSpan(length), out more);
        length += more;

        int at = Encoding.ASCII.GetBytes(start, _whole);
        if (!inBody)
        {
            _whole[at++] = (byte)'?';
            at += Append(at, _parameters.AsSpan(0, length));
        }

        at += Append(at, _fields);
        if (!inBody) return _whole.AsSpan(0, at + Append(at, "\r\n"u8));
        Utf8.TryWrite(
            _whole.AsSpan(at), $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n", out more);
        at += more;
        return _whole.AsSpan(0, at + Append(at, _parameters.AsSpan(0, length)));
    }

    private int Append(int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(_whole.AsSpan(at));
        return text.Length;
    }
}
