using System.Buffers;
using System.Text;

namespace CrossMargin.Gateway.Binance;

/// <summary>Reads "a=1&amp;b=2" as received, in query or body, into parameters. Percent forms must be whole and give valid UTF-8.</summary>
internal static class FormText
{
    private static readonly UTF8Encoding s_strict = new(false, true);

    /// <summary>Null when it could be read.</summary>
    public static BinanceError? Read(ReadOnlySpan<byte> text, CallParameters parameters)
    {
        if (text.IsEmpty) return null;
        int from = parameters.Count;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        char[] chars = ArrayPool<char>.Shared.Rent(text.Length);
        BinanceError? error = null;
        while (!text.IsEmpty && error is null)
        {
            int end = text.IndexOf((byte)'&');
            ReadOnlySpan<byte> part = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (!part.IsEmpty) error = ReadPart(part, from, bytes, chars, parameters);
        }

        ArrayPool<byte>.Shared.Return(bytes);
        ArrayPool<char>.Shared.Return(chars);
        return error;
    }

    private static BinanceError? ReadPart(ReadOnlySpan<byte> part, int from, byte[] bytes, char[] chars, CallParameters parameters)
    {
        int equals = part.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? part : part[..equals];
        ReadOnlySpan<byte> value = equals < 0 ? default : part[(equals + 1)..];
        if (!TryDecode(name, bytes, chars, out int nameLength)) return BinanceError.BadEncoding;
        if (!TryDecode(value, bytes, chars.AsSpan(nameLength), out int valueLength)) return BinanceError.BadEncoding;
        return parameters.AddOfPart(from, chars.AsSpan(0, nameLength), chars.AsSpan(nameLength, valueLength));
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes, Span<char> chars, out int length)
    {
        length = 0;
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == (byte)'%')
            {
                if (i + 2 >= text.Length) return false;
                int high = Hex(text[i + 1]);
                int low = Hex(text[i + 2]);
                if (high < 0 || low < 0) return false;
                c = (byte)(high * 16 + low);
                i += 2;
            }
            else if (c == (byte)'+')
            {
                c = (byte)' ';
            }

            bytes[count++] = c;
        }

        try
        {
            length = s_strict.GetChars(bytes[..count], chars);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static int Hex(byte c) => (char)c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
