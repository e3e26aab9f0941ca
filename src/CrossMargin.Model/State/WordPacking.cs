using System.Buffers.Binary;

namespace CrossMargin.Model;

/// <summary>
/// The bytes of a body with its zero bytes left out. It goes in words of eight bytes. Each has a mask byte, whose bit n says that byte n
/// is not zero, and those bytes. A mask of zero is followed by the number of further zero words.
/// </summary>
public static class WordPacking
{
    /// <summary>The most that a body of so many bytes can take.</summary>
    public static int MaxBytes(int bodyBytes) => bodyBytes + ((bodyBytes + 7) / 8) + 1;

    /// <summary>Packs into a target of at least <see cref="MaxBytes"/>; returns the bytes taken.</summary>
    public static int Pack(ReadOnlySpan<byte> body, Span<byte> target)
    {
        int at = 0;
        int zeroRun = -1; // where the count of the running zero words stands
        for (int i = 0; i < body.Length; i += 8)
        {
            ulong word = WordAt(body, i);
            if (word == 0)
            {
                if (zeroRun >= 0)
                {
                    target[zeroRun]++;
                    continue;
                }

                target[at] = 0;
                target[at + 1] = 0;
                zeroRun = at + 1;
                at += 2;
                continue;
            }

            zeroRun = -1;
            at += PackWord(word, target[at..]);
        }

        return at;
    }

    private static int PackWord(ulong word, Span<byte> target)
    {
        int at = 1;
        int mask = 0;
        for (int bit = 1; word != 0; bit <<= 1, word >>= 8)
        {
            byte b = (byte)(word & 0xFF);
            if (b == 0) continue;
            mask |= bit;
            target[at++] = b;
        }

        target[0] = (byte)mask;
        return at;
    }

    private static ulong WordAt(ReadOnlySpan<byte> body, int i)
    {
        if (i + 8 <= body.Length) return BinaryPrimitives.ReadUInt64LittleEndian(body[i..]);
        ulong word = 0;
        for (int k = body.Length - 1; k >= i; k--) word = (word << 8) | body[k];
        return word;
    }

    /// <summary>Fills the whole body; returns the bytes read, or 0 when they end early or say more than the body holds.</summary>
    public static int Unpack(ReadOnlySpan<byte> source, Span<byte> body)
    {
        body.Clear();
        int at = 0;
        int i = 0;
        while (i < body.Length)
        {
            if (at >= source.Length) return 0;
            int mask = source[at++];
            if (mask == 0)
            {
                if (at >= source.Length) return 0;
                i += 8 * (1 + source[at++]);
                continue;
            }

            for (int k = 0; mask != 0; k++, mask >>= 1)
            {
                if ((mask & 1) == 0) continue;
                if (at >= source.Length || i + k >= body.Length) return 0;
                body[i + k] = source[at++];
            }

            i += 8;
        }

        return i < body.Length + 8 ? at : 0;
    }
}
