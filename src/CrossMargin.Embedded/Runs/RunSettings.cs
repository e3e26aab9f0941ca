using System.Text.Json;

namespace CrossMargin.Embedded.Runs;

/// <summary>
/// Everything that a run is a function of, as texts by name (seed, traders, mix, profile, ticks, period, SHA-256 of each price file …): the
/// journal's first record. A resumed run takes it from there.
/// </summary>
public sealed class RunSettings
{
    private readonly SortedDictionary<string, string> _options;

    public RunSettings(IEnumerable<KeyValuePair<string, string>> options) =>
        _options = new SortedDictionary<string, string>(options.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Null for an option that the run does not have.</summary>
    public string? this[string name] => _options.GetValueOrDefault(name);

    /// <summary>Options in the order of their names.</summary>
    public IEnumerable<KeyValuePair<string, string>> Options => _options;

    /// <summary>JSON with the options in the order of their names.</summary>
    public string ToJson() => JsonSerializer.Serialize(_options);

    /// <summary>Null for a text that <see cref="ToJson"/> did not write.</summary>
    public static RunSettings? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(json) is { Count: > 0 } options ? new RunSettings(options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The first option that was asked for and is not what the run was started with, or null.</summary>
    public RunError? Check(IEnumerable<KeyValuePair<string, string>> asked)
    {
        foreach ((string name, string value) in asked)
        {
            string? own = this[name];
            if (own == value) continue;
            string was = own is null ? "without it" : $"with {Shown(own)}";
            return new RunError(RunErrorKind.OptionDiffers, $"{name}: the run was started {was}, not with {Shown(value)}");
        }

        return null;
    }

    private static string Shown(string value)
    {
        string line = value.ReplaceLineEndings(" ");
        return line.Length <= 80 ? line : $"{line.AsSpan(0, 77)}...";
    }
}
