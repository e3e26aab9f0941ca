using CrossMargin.Model;

namespace CrossMargin.Nodes.Wire;

/// <summary>Numbers in as few bytes as they need: seven bits a byte, the sign in the lowest bit. Small numbers of either sign are short.</summary>
internal static class VarNumbers
{
    private const int LongestBytes = 10;

    public static void WriteVar(this StateWriter writer, long value)
    {
        ulong rest = unchecked((ulong)((value << 1) ^ (value >> 63)));
        while (rest >= 0x80)
        {
            writer.WriteByte(unchecked((byte)(rest | 0x80)));
            rest >>= 7;
        }

        writer.WriteByte((byte)rest);
    }

    public static long ReadVar(this StateReader reader)
    {
        ulong value = 0;
        for (int i = 0; i < LongestBytes; i++)
        {
            byte next = reader.ReadByte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return unchecked((long)(value >> 1) ^ -(long)(value & 1));
        }

        throw reader.Fault("a number does not end");
    }

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
