using CrossMargin.Model;

namespace CrossMargin.Hosting.Delivery;

/// <summary>The first byte of state records and of market snapshots: how delivery's own part of them is laid out.</summary>
internal static class RecordFormat
{
    /// <summary>Each answered command with its id, time and events; still read.</summary>
    public const byte AnswersOneByOne = 1;

    /// <summary>The present one, see <see cref="AnsweredCommands"/>.</summary>
    public const byte Present = 2;

    public static byte Read(StateReader reader)
    {
        byte format = reader.ReadByte();
        if (format is AnswersOneByOne or Present) return format;
        throw reader.Fault($"the record has format {format}, this release reads formats {AnswersOneByOne} and {Present}");
    }
}
