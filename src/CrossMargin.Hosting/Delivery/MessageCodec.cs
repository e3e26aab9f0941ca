using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>Messages and events as bytes: in state records, log records and between machines.</summary>
public static class MessageCodec
{
    /// <summary>No message takes fewer.</summary>
    public const int LeastBytes = 2 + 8 + 1;

    /// <summary>Kind, cause and body; the addresses are known from where it stands.</summary>
    public static void WriteBody(in Message message, StateWriter writer)
    {
        writer.WriteUInt16((ushort)message.Kind);
        writer.WriteInt64(message.Cause.Value);
        writer.WritePacked(message.BodyBytes);
    }

    public static Message ReadBody(StateReader reader, ActorId from, ActorId to)
    {
        var message = new Message { From = from, To = to, Kind = (MessageKind)reader.ReadUInt16() };
        if (!MessageLayout.IsKnown(message.Kind)) throw reader.Fault($"{(int)message.Kind} is no message");
        message.Cause = new CommandId(reader.ReadInt64());
        Span<byte> body = stackalloc byte[PayloadBytes.Capacity];
        body = body[..MessageLayout.SizeOf(message.Kind)];
        reader.ReadPacked(body);
        message.SetBodyBytes(body);
        return message;
    }

    public static void WriteEvent(in Event e, StateWriter writer)
    {
        writer.WriteUInt16((ushort)e.Kind);
        writer.WriteTimestamp(e.Time);
        writer.WriteInt64(e.Cause.Value);
        writer.WriteInt32(e.Account.Value);
        writer.WriteInt32(e.Market.Value); // a refusal names whatever was asked for
        writer.WritePacked(e.BodyBytes);
    }

    public static Event ReadEvent(StateReader reader)
    {
        Event e = default;
        e.Kind = (EventKind)reader.ReadUInt16();
        if (!EventLayout.IsKnown(e.Kind)) throw reader.Fault($"{(int)e.Kind} is no event");
        e.Time = reader.ReadTimestamp();
        e.Cause = new CommandId(reader.ReadInt64());
        e.Account = new AccountId(reader.ReadInt32());
        e.Market = new MarketId(reader.ReadInt32());
        Span<byte> body = stackalloc byte[PayloadBytes.Capacity];
        body = body[..EventLayout.SizeOf(e.Kind)];
        reader.ReadPacked(body);
        e.SetBodyBytes(body);
        return e;
    }
}
