using System.Buffers.Binary;
using System.Text;

namespace CrossMargin.Model;

/// <summary>
/// Appends values to a growing byte array, little-endian, without tags or padding: reader and writer agree on the order. Equal states
/// write equal bytes if their owner writes in a canonical order, which is what state hashes rest on. Not thread-safe.
/// </summary>
public sealed class StateWriter(int capacity = 256)
{
    private const int LongestVar = 10;

    private byte[] _buffer = new byte[Math.Max(capacity, 16)];
    private int _length;

    public int Length => _length;

    /// <summary>What was written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>The same as <see cref="Written"/>, for readers and streams.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <summary>Starts over; the buffer is kept.</summary>
    public void Clear() => _length = 0;

    public void WriteByte(byte value) => Take(1)[0] = value;
    public void WriteBool(bool value) => WriteByte(value ? (byte)1 : (byte)0);
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);
    public void WriteInt128(Int128 value) => BinaryPrimitives.WriteInt128LittleEndian(Take(16), value);

    /// <summary>Length (Int32), then the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteInt32(value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>The bytes alone, for values whose length both sides know.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>In as few bytes as it needs, at most ten: seven bits a byte, the sign in the lowest bit. Small numbers of either sign are short.</summary>
    public void WriteVar(long value)
    {
        ulong rest = unchecked((ulong)((value << 1) ^ (value >> 63)));
        int start = _length;
        Span<byte> room = Take(LongestVar);
        int count = 0;
        for (; rest >= 0x80; rest >>= 7) room[count++] = unchecked((byte)(rest | 0x80));
        room[count++] = (byte)rest;
        _length = start + count;
    }

    /// <summary>UTF-8, with its length in bytes (Int32) before it.</summary>
    public void WriteString(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        WriteInt32(length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>A body with its zero bytes left out (<see cref="WordPacking"/>); the reader knows its size.</summary>
    public void WritePacked(ReadOnlySpan<byte> body)
    {
        int start = _length;
        Span<byte> room = Take(WordPacking.MaxBytes(body.Length));
        _length = start + WordPacking.Pack(body, room);
    }

    public void WriteAmount(Amount value) => WriteInt64(value.E8);
    public void WritePrice(Price value) => WriteInt64(value.Units);
    public void WriteQuantity(Quantity value) => WriteInt64(value.Lots);
    public void WriteRate(Rate value) => WriteInt64(value.E8);
    public void WriteTimestamp(Timestamp value) => WriteInt64(value.Milliseconds);

    public void WriteClientOrderId(in ClientOrderId value)
    {
        for (int i = 0; i < ClientOrderId.Words; i++) WriteUInt64(value[i]);
    }

    private Span<byte> Take(int count)
    {
        int start = _length;
        int end = start + count;
        if (end > _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(end, _buffer.Length * 2L)));
        _length = end;
        return _buffer.AsSpan(start, count);
    }
}
