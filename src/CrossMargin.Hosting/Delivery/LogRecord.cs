using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>
/// One record of a market's log: inputs in the order in which they are applied, all at one time. A record without inputs and
/// acknowledgements is the opening of an epoch.
/// </summary>
internal sealed record LogRecord(
    string EngineVersion, long Number, int Epoch, Timestamp Time, IReadOnlyList<LoggedAcknowledgement> Acknowledgements, IReadOnlyList<LoggedInput> Inputs)
{
    private const byte Format = 1;

    public void Write(StateWriter writer)
    {
        writer.WriteByte(Format);
        writer.WriteString(EngineVersion);
        writer.WriteInt64(Number);
        writer.WriteInt32(Epoch);
        writer.WriteTimestamp(Time);
        writer.WriteInt32(Acknowledgements.Count);
        foreach (LoggedAcknowledgement a in Acknowledgements)
        {
            WriteActor(a.Peer, writer);
            writer.WriteInt64(a.Through);
        }

        writer.WriteInt32(Inputs.Count);
        foreach (LoggedInput input in Inputs)
        {
            WriteActor(input.Message.From, writer);
            writer.WriteInt64(input.Number);
            MessageCodec.WriteBody(input.Message, writer);
        }
    }

    public static LogRecord Read(ReadOnlyMemory<byte> bytes, ActorId self)
    {
        var reader = new StateReader(bytes);
        byte format = reader.ReadByte();
        if (format != Format) throw reader.Fault($"the log record has format {format}, this release reads format {Format}");
        string version = reader.ReadString();
        long number = reader.ReadInt64();
        int epoch = reader.ReadInt32();
        Timestamp time = reader.ReadTimestamp();
        var acknowledgements = new LoggedAcknowledgement[reader.ReadCount(5 + 8)];
        for (int i = 0; i < acknowledgements.Length; i++) acknowledgements[i] = new LoggedAcknowledgement(ReadActor(reader), reader.ReadInt64());
        var inputs = new LoggedInput[reader.ReadCount(5 + 8 + MessageCodec.LeastBytes)];
        for (int i = 0; i < inputs.Length; i++)
        {
            ActorId from = ReadActor(reader);
            long n = reader.ReadInt64();
            inputs[i] = new LoggedInput(MessageCodec.ReadBody(reader, from, self), n);
        }

        reader.ExpectEnd();
        return new LogRecord(version, number, epoch, time, acknowledgements, inputs);
    }

    /// <summary>The number of the record in these bytes.</summary>
    public static long NumberOf(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StateReader(bytes);
        reader.ReadByte();
        reader.ReadString();
        return reader.ReadInt64();
    }

    private static void WriteActor(ActorId actor, StateWriter writer)
    {
        writer.WriteByte((byte)actor.Kind);
        writer.WriteInt32(actor.Number);
    }

    private static ActorId ReadActor(StateReader reader) => new((ActorKind)reader.ReadByte(), reader.ReadInt32());
}

/// <param name="Number">Its number from its sender; 0 for a command.</param>
internal readonly record struct LoggedInput(Message Message, long Number);

internal readonly record struct LoggedAcknowledgement(ActorId Peer, long Through);
