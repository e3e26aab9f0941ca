using CrossMargin.Model;

namespace CrossMargin.Nodes.Wire;

/// <summary>Items as they travel, their numbers in as few bytes as they need.</summary>
internal static class VarNumbers
{
    public static int ReadVarInt(this StateReader reader) => checked((int)reader.ReadVar());

    /// <summary>A number of items that are to follow, of at least one byte each.</summary>
    public static int ReadVarCount(this StateReader reader)
    {
        long count = reader.ReadVar();
        return count >= 0 && count <= reader.Remaining ? (int)count : throw reader.Fault($"{count} items cannot follow");
    }

    public static void WriteList<T>(this StateWriter writer, IReadOnlyList<T> items, Action<T, StateWriter> write)
    {
        writer.WriteVar(items.Count);
        for (int i = 0; i < items.Count; i++) write(items[i], writer);
    }

    public static T[] ReadList<T>(this StateReader reader, Func<StateReader, T> read)
    {
        var items = new T[reader.ReadVarCount()];
        for (int i = 0; i < items.Length; i++) items[i] = read(reader);
        return items;
    }

    public static void WriteActor(this StateWriter writer, ActorId actor)
    {
        writer.WriteByte((byte)actor.Kind);
        writer.WriteVar(actor.Number);
    }

    public static ActorId ReadActor(this StateReader reader) => new((ActorKind)reader.ReadByte(), reader.ReadVarInt());

    public static void WriteName(this StateWriter writer, in ClientOrderId name)
    {
        writer.WriteBool(!name.IsNone);
        for (int i = 0; !name.IsNone && i < ClientOrderId.Words; i++) writer.WriteUInt64(name[i]);
    }

    public static ClientOrderId ReadName(this StateReader reader)
    {
        ClientOrderId name = default;
        if (!reader.ReadBool()) return name;
        for (int i = 0; i < ClientOrderId.Words; i++) name[i] = reader.ReadUInt64();
        return name;
    }
}
