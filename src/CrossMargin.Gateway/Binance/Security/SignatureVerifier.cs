using System.Buffers;
using System.Security.Cryptography;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// Binance's HMAC-SHA256 signature over what is on the wire: the query as received, directly followed by the body as received, each
/// without its "signature" parameter, which is cut out as text wherever it stands. Nothing is ever rebuilt from parsed parameters.
/// </summary>
public static class SignatureVerifier
{
    private static ReadOnlySpan<byte> Name => "signature="u8;

    /// <summary>Whether a signature is there at all, with a value.</summary>
    public static bool HasSignature(ReadOnlySpan<byte> query, ReadOnlySpan<byte> body) =>
        !Value(query).IsEmpty || !Value(body).IsEmpty;

    /// <summary>The query's signature counts before the body's. Compared in constant time; hex digits in either case.</summary>
    public static bool Verify(ReadOnlySpan<byte> query, ReadOnlySpan<byte> body, ReadOnlySpan<byte> secret)
    {
        ReadOnlySpan<byte> given = Value(query);
        if (given.IsEmpty) given = Value(body);
        byte[]? rented = null;
        int size = query.Length + body.Length;
        Span<byte> signed = size <= 1024 ? stackalloc byte[1024] : (rented = ArrayPool<byte>.Shared.Rent(size));
        int length = Cut(query, signed);
        length += Cut(body, signed[length..]);
        bool right = VerifyText(signed[..length], given, secret);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return right;
    }

    /// <summary>Whether hex digits are the signature of exactly this text.</summary>
    public static bool VerifyText(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> hex, ReadOnlySpan<byte> secret)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, signed, right);
        bool readable = hex.Length == 2 * given.Length
            && Convert.FromHexString(hex, given, out _, out _) == OperationStatus.Done;
        return CryptographicOperations.FixedTimeEquals(given, right) && readable;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text) =>
        Find(text, 0, out int start, out int end) ? text[(start + Name.Length)..end] : default;

    /// <summary>Copies without the signature and one '&amp;' beside it; gives the length.</summary>
    private static int Cut(ReadOnlySpan<byte> text, Span<byte> to)
    {
        int length = 0;
        int from = 0;
        while (Find(text, from, out int start, out int end))
        {
            ReadOnlySpan<byte> before = text[from..start];
            bool atEnd = end == text.Length;
            if (atEnd && before.Length > 0) before = before[..^1];
            before.CopyTo(to[length..]);
            length += before.Length;
            from = atEnd ? end : end + 1;
        }

        text[from..].CopyTo(to[length..]);
        return length + text.Length - from;
    }

    /// <summary>The first "signature=…" that begins a parameter at or after a place.</summary>
    private static bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        start = from;
        end = 0;
        while (start < text.Length)
        {
            int length = text[start..].IndexOf((byte)'&');
            end = length < 0 ? text.Length : start + length;
            if (text[start..end].StartsWith(Name)) return true;
            start = end + 1;
        }

        return false;
    }
}
