using CrossMargin.Model;
using CrossMargin.Nodes.Wire;

namespace CrossMargin.Nodes.Directory;

/// <summary>How a gateway calls a shard of the directory, wherever it is active. Thread-safe. A call that fails throws and is tried again.</summary>
public interface IDirectoryCalls
{
    /// <summary>See <see cref="DirectoryShard.AnswerAsync"/>.</summary>
    /// <param name="shard">0 to <see cref="SettingsKeys.Shards"/> − 1.</param>
    Task<ReadOnlyMemory<byte>> AskAsync(int shard, ReadOnlyMemory<byte> question);
}

/// <summary>What is asked of a shard: which pages have changed since some versions, after (or without) a change of one key.</summary>
internal sealed record DirectoryQuestion(IReadOnlyList<long> Known)
{
    /// <summary>Null: nothing is to be changed.</summary>
    public string? Key { get; init; }

    public bool IsConditional { get; init; }
    public string? Expected { get; init; }
    public string? Value { get; init; }

    public ReadOnlyMemory<byte> ToBytes()
    {
        var writer = new StateWriter(128);
        writer.WriteList(Known, static (version, to) => to.WriteVar(version));
        writer.WriteBool(IsConditional);
        WriteText(Key, writer);
        WriteText(Expected, writer);
        WriteText(Value, writer);
        return writer.WrittenMemory;
    }

    public static DirectoryQuestion Read(StateReader reader) => new(reader.ReadList(static from => from.ReadVar()))
    {
        IsConditional = reader.ReadBool(),
        Key = ReadText(reader),
        Expected = ReadText(reader),
        Value = ReadText(reader),
    };

    private static void WriteText(string? text, StateWriter writer)
    {
        writer.WriteBool(text is not null);
        if (text is not null) writer.WriteString(text);
    }

    private static string? ReadText(StateReader reader) => reader.ReadBool() ? reader.ReadString() : null;
}

/// <summary>Whether the change was made, and the pages that are newer than what was known, with their places.</summary>
internal sealed record DirectoryAnswer(bool IsDone, IReadOnlyList<(int Place, SettingsPage Page)> Pages)
{
    public ReadOnlyMemory<byte> ToBytes()
    {
        var writer = new StateWriter(256);
        writer.WriteBool(IsDone);
        writer.WriteList(Pages, static (page, to) =>
        {
            to.WriteVar(page.Place);
            page.Page.Write(to);
        });
        return writer.WrittenMemory;
    }

    public static DirectoryAnswer Read(StateReader reader) =>
        new(reader.ReadBool(), reader.ReadList(static from => (from.ReadVarInt(), SettingsPage.Read(from))));
}
