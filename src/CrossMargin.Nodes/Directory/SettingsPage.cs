using CrossMargin.Model;
using CrossMargin.Nodes.Wire;

namespace CrossMargin.Nodes.Directory;

/// <summary>Some of the keys, as one record holds them. Immutable.</summary>
/// <param name="Version">Rises by one with each write of the record; 0: there is none yet.</param>
/// <param name="Texts">In ordinal order of the keys.</param>
internal sealed record SettingsPage(long Version, IReadOnlyList<KeyValuePair<string, string>> Texts)
{
    private const byte Format = 1;

    public static readonly SettingsPage Empty = new(0, []);

    public void Write(StateWriter writer)
    {
        writer.WriteByte(Format);
        writer.WriteVar(Version);
        writer.WriteList(Texts, static (pair, to) =>
        {
            to.WriteString(pair.Key);
            to.WriteString(pair.Value);
        });
    }

    public static SettingsPage Read(StateReader reader)
    {
        byte format = reader.ReadByte();
        if (format != Format) throw reader.Fault($"the settings have format {format}, this release reads format {Format}");
        return new SettingsPage(reader.ReadVar(), reader.ReadList(static from => KeyValuePair.Create(from.ReadString(), from.ReadString())));
    }
}
