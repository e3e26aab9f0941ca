using System.Buffers.Binary;
using System.Text;

namespace CrossMargin.Wire.Tests.Hostile;

/// <summary>WebSocket frames by hand, also such as no library makes.</summary>
internal static class Frames
{
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;

    private static ReadOnlySpan<byte> Mask => [0x12, 0x34, 0x56, 0x78];

    /// <param name="opcode">The low half of the first byte.</param>
    /// <param name="reserved">Bits 0x70 of the first byte.</param>
    /// <param name="declared">The length that the frame claims, or null for the true one; then in the widest form.</param>
    public static byte[] Of(
        int opcode, ReadOnlySpan<byte> payload, bool isFinal = true, bool isMasked = true, int reserved = 0, ulong? declared = null)
    {
        var frame = new List<byte> { (byte)((isFinal ? 0x80 : 0) | reserved | opcode) };
        int mask = isMasked ? 0x80 : 0;
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, declared ?? (ulong)payload.Length);
        if (declared is not null || payload.Length > ushort.MaxValue)
        {
            frame.Add((byte)(mask | 127));
            frame.AddRange(wide);
        }
        else if (payload.Length > 125)
        {
            frame.Add((byte)(mask | 126));
            frame.AddRange(wide[6..]);
        }
        else
        {
            frame.Add((byte)(mask | payload.Length));
        }

        if (isMasked) frame.AddRange(Mask);
        for (int i = 0; i < payload.Length; i++) frame.Add((byte)(isMasked ? payload[i] ^ Mask[i % 4] : payload[i]));
        return [.. frame];
    }

    public static byte[] OfText(string text) => Of(Text, Encoding.UTF8.GetBytes(text));

    /// <summary>A frame that ends a connection: it breaks the protocol.</summary>
    public static byte[] Broken(Random random) => random.Next(12) switch
    {
        0 => Of(random.Next(3, 8), "x"u8),
        1 => Of(random.Next(11, 16), "x"u8),
        2 => Of(Text, "{}"u8, reserved: 0x40),
        3 => Of(Text, "{}"u8, reserved: 0x20),
        4 => Of(Text, "{\"id\":1}"u8, isMasked: false), // as long as a masked frame's head: a shorter one is half a frame to the server
        5 => Of(Ping, new byte[126]),
        6 => Of(Ping, "x"u8, isFinal: false),
        7 => Of(0, "never begun"u8),
        8 => Of(Text, "x"u8, declared: ulong.MaxValue),
        9 => [.. Of(Text, "a"u8, isFinal: false), .. Of(Text, "b"u8)],
        10 => Of(Close, [0]),
        _ => Of(Close, [0x00, 0x01]),
    };

    /// <summary>The first whole frame of what was read: opcode and payload; bytes 0 where there is none yet.</summary>
    public static (int Opcode, string Payload, int Bytes) Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < 2) return default;
        int head = 2;
        long length = from[1] & 0x7F;
        if (length == 126)
        {
            if (from.Length < 4) return default;
            length = BinaryPrimitives.ReadUInt16BigEndian(from[2..]);
            head = 4;
        }
        else if (length == 127)
        {
            if (from.Length < 10) return default;
            length = BinaryPrimitives.ReadInt64BigEndian(from[2..]);
            head = 10;
        }

        if (from.Length < head + length) return default;
        return (from[0] & 0x0F, Encoding.UTF8.GetString(from.Slice(head, (int)length)), head + (int)length);
    }
}
