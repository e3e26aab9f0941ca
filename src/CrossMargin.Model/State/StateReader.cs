using System.Buffers.Binary;
using System.Text;

namespace CrossMargin.Model;

/// <summary>
/// Reads what <see cref="StateWriter"/> wrote, in the same order. Bytes that end too early or cannot be right throw
/// <see cref="StateFormatException"/>; nothing is ever read past the end or allocated for a count that cannot fit. Not thread-safe.
/// </summary>
public sealed class StateReader(ReadOnlyMemory<byte> memory)
{
    private const int LongestVar = 10;

    private int _position;

    /// <summary>Bytes read so far.</summary>
    public int Position => _position;

    /// <summary>A copy of what was read since a <see cref="Position"/>.</summary>
    public byte[] CopySince(int position) => memory[position.._position].ToArray();

    public int Remaining => memory.Length - _position;

    public bool AtEnd => _position == memory.Length;

    public byte ReadByte() => Take(1)[0];

    /// <summary>One byte, 0 or 1.</summary>
    public bool ReadBool() => ReadByte() switch
    {
        0 => false,
        1 => true,
        byte other => throw Fault($"{other} is no boolean"),
    };

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    public Int128 ReadInt128() => BinaryPrimitives.ReadInt128LittleEndian(Take(16));

    /// <summary>What <see cref="StateWriter.WriteVar"/> wrote.</summary>
    public long ReadVar()
    {
        ReadOnlySpan<byte> rest = memory.Span[_position..];
        ulong value = 0;
        for (int i = 0; i < rest.Length && i < LongestVar; i++)
        {
            byte next = rest[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next >= 0x80) continue;
            _position += i + 1;
            return unchecked((long)(value >> 1) ^ -(long)(value & 1));
        }

        throw Fault("a number does not end");
    }

    /// <summary>A number of items (Int32 ≥ 0) of at least <paramref name="bytesEach"/> &gt; 0 bytes that are to follow.</summary>
    public int ReadCount(int bytesEach)
    {
        int count = ReadInt32();
        if (count < 0 || (long)count * bytesEach > Remaining) throw Fault($"{count} items cannot follow, {Remaining} bytes are left");
        return count;
    }

    /// <summary>Length (Int32), then the bytes; a view of the reader's memory, not a copy.</summary>
    public ReadOnlySpan<byte> ReadBytes() => Take(ReadCount(1));

    /// <summary>Exactly <paramref name="count"/> bytes; a view of the reader's memory, not a copy.</summary>
    public ReadOnlySpan<byte> ReadRaw(int count) => Take(count);

    /// <summary>UTF-8, with its length in bytes (Int32) before it.</summary>
    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    /// <summary>Fills a body that <see cref="StateWriter.WritePacked"/> wrote.</summary>
    public void ReadPacked(Span<byte> body)
    {
        int read = WordPacking.Unpack(memory.Span[_position..], body);
        if (read == 0 && body.Length > 0) throw Fault("a packed body cannot be read");
        _position += read;
    }

    public Amount ReadAmount() => new(ReadInt64());
    public Price ReadPrice() => new(ReadInt64());
    public Quantity ReadQuantity() => new(ReadInt64());
    public Rate ReadRate() => new(ReadInt64());
    public Timestamp ReadTimestamp() => new(ReadInt64());

    public ClientOrderId ReadClientOrderId()
    {
        ClientOrderId id = default;
        for (int i = 0; i < ClientOrderId.Words; i++) id[i] = ReadUInt64();
        return id;
    }

    /// <summary>To be called after the last value: throws if bytes are left.</summary>
    public void ExpectEnd()
    {
        if (!AtEnd) throw Fault($"{Remaining} bytes too many");
    }

    /// <summary>An exception for a value that was read but cannot be right, at the current position.</summary>
    public StateFormatException Fault(string problem) => new(_position, problem);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Remaining) throw Fault($"{count} bytes wanted, {Remaining} left");
        ReadOnlySpan<byte> span = memory.Span.Slice(_position, count);
        _position += count;
        return span;
    }
}
