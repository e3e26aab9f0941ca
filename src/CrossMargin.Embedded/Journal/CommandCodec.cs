using CrossMargin.Model;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// A command as the journal has it. One byte: the kind, with bit 7 where the time changed; then the milliseconds since the record before
/// (only with bit 7), the receiver's number, and the difference to the command id before, as variable-length integers; then the body with
/// its zero bytes left out (<see cref="WordPacking"/>). Each batch starts from time 0 and id 0, so that it can be read alone. A limit
/// order takes about 25 bytes.
/// </summary>
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
        return at + WordPacking.Pack(message.BodyBytes, target[at..]);
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
        int packed = WordPacking.Unpack(source[at..], body);
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
