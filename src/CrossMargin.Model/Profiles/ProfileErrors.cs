using System.Text;
using System.Text.Json;

namespace CrossMargin.Model;

/// <summary>Collects the faults of one profile, each as a single line whatever the input held.</summary>
internal sealed class ProfileErrors(string sourceName)
{
    private const int MaxErrors = 100;
    private const int MaxValueLength = 60;

    private readonly List<string> _lines = [];
    private int _reported;

    public bool Any => _reported > 0;

    /// <summary>How many faults were reported so far, repeats included: two such numbers tell whether a part had one.</summary>
    public int Reported => _reported;

    public IReadOnlyList<string> Lines => _lines;

    public void Add(string path, string fault)
    {
        string line = OneLine(path.Length == 0 ? $"{sourceName}: {fault}" : $"{sourceName}: {path}: {fault}");

        _reported++;

        // A fault in the defaults is met again by every market.
        if (_lines.Count < MaxErrors && !_lines.Contains(line)) _lines.Add(line);
    }

    public void Wrong(string path, JsonElement value, string expected) => Add(path, $"{Show(value)} is not {expected}");

    /// <summary>The value as it stands in the JSON, cut to a length that fits a line.</summary>
    public static string Show(JsonElement value)
    {
        string text = value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => value.GetRawText(),
        };
        return text.Length <= MaxValueLength ? text : text[..MaxValueLength] + "…";
    }

    private static string OneLine(string text)
    {
        if (!text.Any(char.IsControl)) return text;
        var line = new StringBuilder(text.Length);
        foreach (char c in text) line.Append(char.IsControl(c) ? ' ' : c);
        return line.ToString();
    }
}
