using CrossMargin.Model;
using YamlDotNet.RepresentationModel;

namespace CrossMargin.Traders;

/// <summary>A fault of a mix file at a 1-based line.</summary>
internal sealed class MixFault(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}

/// <summary>A YAML mapping whose keys are all known, each at most once; its values are read as text.</summary>
internal sealed class MixMapping
{
    private readonly string _what;
    private readonly List<(string Key, YamlNode Value)> _entries = [];

    private MixMapping(string what, int line)
    {
        _what = what;
        Line = line;
    }

    public int Line { get; }

    public static int LineOf(YamlNode node) => (int)node.Start.Line;

    public static MixMapping Of(YamlNode node, string what, string[] known)
    {
        if (node is not YamlMappingNode mapping) throw new MixFault(LineOf(node), $"{what}: keys and values expected");
        var result = new MixMapping(what, LineOf(node));
        foreach ((YamlNode keyNode, YamlNode value) in mapping)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? "";
            if (Array.IndexOf(known, key) < 0)
            {
                throw new MixFault(LineOf(keyNode), $"{what}: unknown key \"{key}\"; known: {string.Join(", ", known)}");
            }

            result._entries.Add((key, value));
        }

        return result;
    }

    public bool Has(string key) => Optional(key) is not null;

    public YamlNode? Optional(string key)
    {
        foreach ((string name, YamlNode value) in _entries)
        {
            if (name == key) return value;
        }

        return null;
    }

    public YamlNode Required(string key) => Optional(key) ?? throw new MixFault(Line, $"{_what}: \"{key}\" is missing");

    public string Text(string key) => (Required(key) as YamlScalarNode)?.Value ?? throw Fault(key, $"\"{key}\" is no text");

    /// <summary>A decimal number × 10^decimals within bounds, both included.</summary>
    public long Number(string key, int decimals, long min, long max) => Parse(key, Text(key), decimals, min, max);

    /// <summary>A number, or two joined by "..".</summary>
    public ParameterRange Range(string key, int decimals, long min, long max)
    {
        string text = Text(key);
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
        {
            long value = Parse(key, text, decimals, min, max);
            return new ParameterRange(value, value);
        }

        long low = Parse(key, text[..dots], decimals, min, max);
        long high = Parse(key, text[(dots + 2)..], decimals, min, max);
        return low <= high ? new ParameterRange(low, high) : throw Fault(key, $"\"{key}\": the range \"{text}\" runs backwards");
    }

    public MixFault Fault(string key, string message) => new(Optional(key) is { } node ? LineOf(node) : Line, $"{_what}: {message}");

    private long Parse(string key, string text, int decimals, long min, long max)
    {
        if (!DecimalText.TryParse(text, decimals, out long value))
        {
            throw Fault(key, $"\"{key}\": \"{text}\" is no number{(decimals == 0 ? " without decimals" : "")}");
        }

        if (value >= min && value <= max) return value;
        throw Fault(key, $"\"{key}\": {text} is not in {DecimalText.Format(min, decimals)}..{DecimalText.Format(max, decimals)}");
    }
}
