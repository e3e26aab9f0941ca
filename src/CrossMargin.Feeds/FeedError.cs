using CrossMargin.Model;

namespace CrossMargin.Feeds;

/// <summary>Why recorded data cannot be used: one line for a person, naming file, row and value.</summary>
/// <param name="File">The file as the caller named it; empty when no single file is at fault.</param>
/// <param name="Row">Line number in the (unpacked) file, the first line is 1; 0 when no single row is at fault.</param>
/// <param name="Problem">What is wrong, with the value; one line.</param>
public sealed record FeedError(string File, long Row, string Problem)
{
    private const int LongestShown = 40;

    /// <summary>"prices.csv: row 17: low 5.2 is above open 5.1".</summary>
    public override string ToString() => (File, Row) switch
    {
        ("", _) => Problem,
        (_, 0) => $"{File}: {Problem}",
        _ => $"{File}: row {Row}: {Problem}",
    };

    /// <summary>A value of a file as it can stand in a message: quoted, without control characters, cut where it is long.</summary>
    internal static string Show(ReadOnlySpan<char> value)
    {
        Span<char> shown = stackalloc char[Math.Min(value.Length, LongestShown)];
        for (int i = 0; i < shown.Length; i++) shown[i] = char.IsControl(value[i]) ? '?' : value[i];
        return value.Length > LongestShown ? $"'{shown}…'" : $"'{shown}'";
    }

    /// <summary>A time as written in files and as people read it.</summary>
    internal static string Show(Timestamp time) => $"{time.Milliseconds} ({time})";
}
