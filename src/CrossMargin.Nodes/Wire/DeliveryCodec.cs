using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Pumps;

namespace CrossMargin.Nodes.Wire;

/// <summary>What pumps, gateways and streams say to each other, as bytes. The fields in order, without tags.</summary>
public static class DeliveryCodec
{
    public static void Write(DeliveryBatch x, StateWriter writer)
    {
        writer.WriteActor(x.From);
        writer.WriteActor(x.To);
        writer.WriteVar(x.First);
        writer.WriteVar(x.Watcher.Value);
        writer.WriteBool(x.IsFaulted);
        writer.WriteList(x.Messages, static (message, to) => MessageCodec.WriteBody(message, to));
    }

    public static DeliveryBatch ReadBatch(StateReader reader)
    {
        ActorId from = reader.ReadActor();
        ActorId to = reader.ReadActor();
        long first = reader.ReadVar();
        var watcher = new NodeId(reader.ReadVar());
        bool isFaulted = reader.ReadBool();
        return new DeliveryBatch(from, to, first, reader.ReadList(r => MessageCodec.ReadBody(r, from, to)), watcher) { IsFaulted = isFaulted };
    }

    public static void Write(Acknowledgement x, StateWriter writer)
    {
        writer.WriteActor(x.From);
        writer.WriteActor(x.To);
        writer.WriteVar(x.Through);
        writer.WriteVar(x.Answered);
        writer.WriteVar(x.Forgotten);
    }

    public static Acknowledgement ReadAcknowledgement(StateReader reader) =>
        new(reader.ReadActor(), reader.ReadActor(), reader.ReadVar(), reader.ReadVar()) { Forgotten = reader.ReadVar() };

    public static void Write(EventCommit x, StateWriter writer)
    {
        writer.WriteActor(x.Actor);
        writer.WriteVar(x.Number);
        writer.WriteVar(x.Previous);
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteList(x.Events, static (e, to) => MessageCodec.WriteEvent(e, to));
    }

    public static EventCommit ReadCommit(StateReader reader)
    {
        ActorId actor = reader.ReadActor();
        long number = reader.ReadVar();
        long previous = reader.ReadVar();
        var time = new Timestamp(reader.ReadVar());
        return new EventCommit(actor, number, time, reader.ReadList(MessageCodec.ReadEvent)) { Previous = previous };
    }

    public static void Write(CommandAnswer x, StateWriter writer)
    {
        writer.WriteVar(x.Time.Milliseconds);
        writer.WriteList(x.Events, static (e, to) => MessageCodec.WriteEvent(e, to));
        writer.WriteBool(x.Unavailable is not null);
        if (x.Unavailable is not null) writer.WriteString(x.Unavailable);
    }

    public static CommandAnswer ReadAnswer(StateReader reader) => new(
        new Timestamp(reader.ReadVar()), reader.ReadList(MessageCodec.ReadEvent), reader.ReadBool() ? reader.ReadString() : null);

    public static void Write(in LeaseAnswer x, StateWriter writer)
    {
        MessageCodec.WriteBody(Message.Of(ActorId.Client, ActorId.Monitor, CommandId.None, x.Tick), writer);
        MessageCodec.WriteBody(Message.Of(ActorId.Client, ActorId.Monitor, CommandId.None, x.Brackets), writer);
    }

    public static LeaseAnswer ReadLease(StateReader reader) => new(
        MessageCodec.ReadBody(reader, ActorId.Client, ActorId.Monitor).Body<PriceTick>(),
        MessageCodec.ReadBody(reader, ActorId.Client, ActorId.Monitor).Body<BracketsTick>());

    /// <summary>A message with its addresses.</summary>
    public static void Write(in Message x, StateWriter writer)
    {
        writer.WriteActor(x.From);
        writer.WriteActor(x.To);
        MessageCodec.WriteBody(x, writer);
    }

    public static Message ReadMessage(StateReader reader)
    {
        ActorId from = reader.ReadActor();
        ActorId to = reader.ReadActor();
        return MessageCodec.ReadBody(reader, from, to);
    }
}
