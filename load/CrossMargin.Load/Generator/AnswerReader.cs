using System.Buffers.Text;

namespace CrossMargin.Load.Generator;

/// <summary>Finds the end of one HTTP/1.1 answer in what arrived so far: by Content-Length or in chunks.</summary>
internal static class AnswerReader
{
    /// <summary>False while something is missing. A text that is no answer throws <see cref="InvalidDataException"/>.</summary>
    /// <param name="length">How many bytes belong to the answer.</param>
    /// <param name="body">Where the body begins; in chunks, the first chunk's size line.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out int status, out int body, out int length)
    {
        (status, body, length) = (0, 0, 0);
        int end = text.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        ReadOnlySpan<byte> head = text[..(end + 2)];
        if (head.Length < 12 || !head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head.Slice(9, 3), out status, out _))
        {
            throw new InvalidDataException("the server's answer is not HTTP/1.1");
        }

        body = end + 4;
        if (TryFind(head, "\r\ncontent-length:"u8, out ReadOnlySpan<byte> value))
        {
            if (!Utf8Parser.TryParse(value, out int size, out _)) throw new InvalidDataException("the answer's Content-Length is no number");
            length = body + size;
            return text.Length >= length;
        }

        if (status is 204 or 304)
        {
            length = body;
            return true;
        }

        return TryReadChunks(text, body, out length);
    }

    /// <summary>The number after the first "code": of a body, or 0.</summary>
    public static long CodeOf(ReadOnlySpan<byte> body)
    {
        int at = body.IndexOf("\"code\":"u8);
        return at >= 0 && Utf8Parser.TryParse(body[(at + 7)..], out long code, out _) ? code : 0;
    }

    private static bool TryReadChunks(ReadOnlySpan<byte> text, int from, out int length)
    {
        length = 0;
        int at = from;
        while (true)
        {
            int line = text[at..].IndexOf("\r\n"u8);
            if (line < 0) return false;
            if (!Utf8Parser.TryParse(text.Slice(at, line), out int size, out _, 'x')) throw new InvalidDataException("a chunk has no size");
            at += line + 2 + size + 2;
            if (at > text.Length) return false;
            if (size != 0) continue;
            length = at;
            return true;
        }
    }

    private static bool TryFind(ReadOnlySpan<byte> head, ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value)
    {
        value = default;
        for (int at = 0; at + lowerName.Length <= head.Length; at++)
        {
            int next = head[at..].IndexOf((byte)'\r');
            if (next < 0 || at + next + lowerName.Length > head.Length) return false;
            at += next;
            if (!EqualsIgnoringCase(head.Slice(at, lowerName.Length), lowerName)) continue;
            value = head[(at + lowerName.Length)..].TrimStart((byte)' ');
            return true;
        }

        return false;
    }

    private static bool EqualsIgnoringCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        for (int i = 0; i < lower.Length; i++)
        {
            byte c = text[i];
            if (c is >= (byte)'A' and <= (byte)'Z') c |= 0x20;
            if (c != lower[i]) return false;
        }

        return true;
    }
}
