using CrossMargin.Model;

namespace CrossMargin.Simulator.World;

/// <summary>Hashes that are the same everywhere (FNV-1a by words).</summary>
internal static class Bytes
{
    public const ulong Start = 0xCBF29CE484222325;

    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong hash = Start)
    {
        unchecked
        {
            while (bytes.Length >= 8)
            {
                hash = (hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 0x9E3779B97F4A7C15;
                hash ^= hash >> 29;
                bytes = bytes[8..];
            }

            foreach (byte b in bytes) hash = (hash ^ b) * 0x100000001B3;
            return hash;
        }
    }

    public static ulong Hash(IReadOnlyList<Event> events)
    {
        ulong hash = Start;
        foreach (Event e in events) hash = Hash(e, hash);
        return hash;
    }

    public static ulong Hash(in Event e, ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (ulong)e.Kind) * 0x9E3779B97F4A7C15;
            hash = (hash ^ (ulong)e.Time.Milliseconds) * 0x9E3779B97F4A7C15;
            hash = (hash ^ ((ulong)(uint)e.Account.Value << 32 | (uint)e.Market.Value)) * 0x9E3779B97F4A7C15;
            return Hash(e.BodyBytes, hash);
        }
    }
}
