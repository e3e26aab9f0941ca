using System.Buffers.Binary;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// A command as the journal has it. One byte: the kind, with bit 7 where the time changed; then the milliseconds since the record before
/// (only with bit 7), the receiver's number, and the difference to the command id before, as variable-length integers; then the body with
/// its zero bytes left out. Each batch starts from time 0 and id 0, so that it can be read alone. A limit order takes about 25 bytes.
/// </summary>
/// <remarks>
/// The body goes in words of eight bytes. Each has a mask byte, whose bit n says that byte n is not zero, and those bytes. A mask of zero
/// is followed by the number of further zero words.
/// </remarks>
internal struct CommandCodec
{
    /// <summary>No record is longer.</summary>
    public const int MaxRecordBytes = 256;

    private const byte TimeChanged = 0x80;

    private long _time;
    private long _id;

    /// <summary>Writes a command that the engine has no objection to; returns the bytes taken.</summary>
    public int Encode(in Command command, Span<byte> target)
    {
        ref readonly Message message = ref command.Message;
        int at = 1;
        target[0] = (byte)message.Kind;
        if (command.Time.Milliseconds != _time)
        {
            target[0] |= TimeChanged;
            at += WriteVarint(target[at..], unchecked((ulong)(command.Time.Milliseconds - _time)));
            _time = command.Time.Milliseconds;
        }

        at += WriteVarint(target[at..], (uint)message.To.Number);
        long difference = unchecked(message.Cause.Value - _id);
        _id = message.Cause.Value;
        at += WriteVarint(target[at..], unchecked((ulong)((difference << 1) ^ (difference >> 63))));
        return at + Pack(message.BodyBytes, target[at..]);
    }

    /// <summary>Reads the next command; returns the bytes it took, or 0 when they are not a command.</summary>
    public int Decode(ReadOnlySpan<byte> source, out Command command)
    {
        command = default;
        if (source.IsEmpty) return 0;
        int at = 1;
        var kind = (MessageKind)(source[0] & ~TimeChanged);
        if (!MessageLayout.IsCommand(kind) || !MessageLayout.IsKnown(kind)) return 0;
        if ((source[0] & TimeChanged) != 0)
        {
            if (!TryReadVarint(source, ref at, out ulong passed)) return 0;
            _time = unchecked(_time + (long)passed);
        }

        if (!TryReadVarint(source, ref at, out ulong number) || number > int.MaxValue) return 0;
        if (!TryReadVarint(source, ref at, out ulong zigzag)) return 0;
        _id = unchecked(_id + ((long)(zigzag >> 1) ^ -(long)(zigzag & 1)));
        command.Time = new Timestamp(_time);
        command.Message.Kind = kind;
        command.Message.To = new ActorId(ReceiverOf(kind), (int)number);
        command.Message.Cause = new CommandId(_id);
        Span<byte> body = stackalloc byte[PayloadBytes.Capacity];
        body = body[..MessageLayout.SizeOf(kind)];
        int packed = Unpack(source[at..], body);
        if (packed == 0) return 0;
        command.Message.SetBodyBytes(body);
        return at + packed;
    }

    private static ActorKind ReceiverOf(MessageKind kind) => kind switch
    {
        MessageKind.DepositToFund => ActorKind.Fund,
        >= MessageKind.SetIndexPrice => ActorKind.Market,
        _ => ActorKind.Account,
    };

    private static int Pack(ReadOnlySpan<byte> body, Span<byte> target)
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

    // The body is filled whole; 0 when the bytes end early or say more than the body holds.
    private static int Unpack(ReadOnlySpan<byte> source, Span<byte> body)
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

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        int at = 0;
        for (; value >= 0x80; value >>= 7) target[at++] = (byte)(0x80 | (value & 0x7F));
        target[at++] = (byte)value;
        return at;
    }

    private static bool TryReadVarint(ReadOnlySpan<byte> source, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && at < source.Length; shift += 7)
        {
            byte b = source[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return true;
        }

        return false;
    }
}
