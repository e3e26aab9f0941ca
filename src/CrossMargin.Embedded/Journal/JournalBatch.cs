using System.Buffers.Binary;
using System.Numerics;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Journal;

/// <summary>Consecutive commands on their way to one transaction.</summary>
internal sealed class JournalBatch
{
    private byte[] _bytes = new byte[64 << 10];
    private CommandCodec _codec;

    /// <summary>The first command's sequence number.</summary>
    public long First { get; private set; }

    public int Count { get; private set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Records => _bytes.AsSpan(0, Length);

    public void Start(long first)
    {
        First = first;
        Count = 0;
        Length = 0;
        _codec = default;
    }

    public void Add(in Command command)
    {
        if (_bytes.Length - Length < CommandCodec.MaxRecordBytes) Array.Resize(ref _bytes, _bytes.Length * 2);
        Length += _codec.Encode(command, _bytes.AsSpan(Length));
        Count++;
    }

    /// <summary>CRC-32C over first, count and records: two batches swapped, or one cut, are noticed too.</summary>
    public static uint Checksum(long first, int count, ReadOnlySpan<byte> records)
    {
        uint crc = BitOperations.Crc32C(~0u, (ulong)first);
        crc = BitOperations.Crc32C(crc, (uint)count);
        int i = 0;
        for (; i + 8 <= records.Length; i += 8) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(records[i..]));
        for (; i < records.Length; i++) crc = BitOperations.Crc32C(crc, records[i]);
        return ~crc;
    }
}
