using System.Text.Json;

namespace CrossMargin.Model;

/// <summary>
/// One object of a profile, with the object that gives its defaults, if any. Every getter answers a value even when it reports a
/// fault, so that one reading finds all faults; what was built is thrown away if there was one.
/// </summary>
internal sealed class ProfileSection
{
    private readonly JsonElement? _own;
    private readonly JsonElement? _defaults;
    private readonly string _defaultsPath;
    private readonly ProfileErrors _errors;

    private ProfileSection(string path, JsonElement? own, string defaultsPath, JsonElement? defaults, ProfileErrors errors)
    {
        Path = path;
        _own = own;
        _defaults = defaults;
        _defaultsPath = defaultsPath;
        _errors = errors;
    }

    public string Path { get; }

    public ProfileErrors Errors => _errors;

    public static ProfileSection Root(JsonElement value, ProfileErrors errors) => Of("", value, "", null, errors);

    /// <summary>A section at a path; a value that is no object is reported and then read as an empty one.</summary>
    public static ProfileSection Of(string path, JsonElement? own, string defaultsPath, JsonElement? defaults, ProfileErrors errors) =>
        new(path, AsObject(path, own, errors), defaultsPath, AsObject(defaultsPath, defaults, errors), errors);

    /// <summary>Reports every field that is not in <paramref name="known"/>.</summary>
    public ProfileSection Only(params ReadOnlySpan<string> known)
    {
        CheckNames(Path, _own, known);
        CheckNames(_defaultsPath, _defaults, known);
        return this;
    }

    public string PathOf(string field) => Path.Length == 0 ? field : $"{Path}.{field}";

    /// <summary>Whether the object itself, not its defaults, states the field.</summary>
    public bool StatesItself(string field) => FindOwn(field, out _) is not null;

    /// <summary>The field's value and where it stands, the object's own before the default. Absent: null; if required, reported.</summary>
    public JsonElement? Find(string field, bool required, out string path)
    {
        if (FindOwn(field, out path) is { } own) return own;
        if (FindDefault(field, out string defaultPath) is { } given)
        {
            path = defaultPath;
            return given;
        }

        if (required) _errors.Add(path, "is missing");
        return null;
    }

    public JsonElement? FindOwn(string field, out string path)
    {
        path = PathOf(field);
        return _own is { } own && own.TryGetProperty(field, out JsonElement value) ? value : null;
    }

    public JsonElement? FindDefault(string field, out string path)
    {
        path = $"{_defaultsPath}.{field}";
        return _defaults is { } defaults && defaults.TryGetProperty(field, out JsonElement value) ? value : null;
    }

    /// <summary>A nested object; a field of it that is absent is looked for in the defaults' object of the same name.</summary>
    public ProfileSection Section(string field, bool required)
    {
        JsonElement? own = FindOwn(field, out string path);
        JsonElement? defaults = FindDefault(field, out string defaultsPath);
        if (required && own is null && defaults is null) _errors.Add(path, "is missing");
        return Of(path, own, defaultsPath, defaults, _errors);
    }

    public bool IsPresent => _own is not null || _defaults is not null;

    public string Text(string field, string otherwise = "", bool required = true)
    {
        if (Find(field, required, out string path) is not { } value) return otherwise;
        string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (text is { Length: > 0 and <= 32 } && text.All(IsNameCharacter)) return text;
        _errors.Wrong(path, value, "a name of 1 to 32 letters, digits, '-', '_' or '.'");
        return otherwise;
    }

    public bool Flag(string field)
    {
        if (Find(field, true, out string path) is not { } value) return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        _errors.Wrong(path, value, "true or false");
        return false;
    }

    public int Whole(string field, int min, int max)
    {
        if (Find(field, true, out string path) is not { } value) return min;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max) return number;
        _errors.Wrong(path, value, $"a whole number from {min} to {max}");
        return min;
    }

    public TEnum Choice<TEnum>(string field) where TEnum : struct, Enum
    {
        if (Find(field, true, out string path) is not { } value) return default;
        string[] names = Enum.GetNames<TEnum>();
        string? name = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (Array.IndexOf(names, name) >= 0) return Enum.Parse<TEnum>(name!);
        _errors.Wrong(path, value, "one of " + string.Join(", ", names));
        return default;
    }

    /// <summary>A fraction, exact in 1e-8, from <paramref name="min"/> to <paramref name="max"/>; the text says the range.</summary>
    public Rate Fraction(string field, long min, long max, string range)
    {
        if (Find(field, true, out string path) is not { } value) return new Rate(min);
        if (ProfileValues.TryE8(value, out long e8) && e8 >= min && e8 <= max) return new Rate(e8);
        _errors.Wrong(path, value, $"a decimal string {range}, exact in 1e-8");
        return new Rate(min);
    }

    /// <summary>An amount of the settlement asset, exact in 1e-8.</summary>
    public Amount Money(string field, long min, string range, long max = long.MaxValue)
    {
        if (Find(field, true, out string path) is not { } value) return new Amount(min);
        if (ProfileValues.TryE8(value, out long e8) && e8 >= min && e8 <= max) return new Amount(e8);
        _errors.Wrong(path, value, $"a decimal string {range}, exact in 1e-8");
        return new Amount(min);
    }

    /// <summary>A duration with its unit ("250ms", "5s", "30m", "8h") in milliseconds.</summary>
    public long Duration(string field, long min, long max)
    {
        if (Find(field, true, out string path) is not { } value) return min;
        if (ProfileValues.TryDuration(value, out long ms) && ms >= min && ms <= max) return ms;
        _errors.Wrong(path, value, $"a duration like \"250ms\", \"5s\", \"30m\" or \"8h\" from {min} ms to {max} ms");
        return min;
    }

    private static JsonElement? AsObject(string path, JsonElement? value, ProfileErrors errors)
    {
        if (value is not { ValueKind: not JsonValueKind.Object } wrong) return value;
        errors.Wrong(path, wrong, "an object");
        return null;
    }

    private void CheckNames(string path, JsonElement? value, ReadOnlySpan<string> known)
    {
        if (value is not { } section) return;
        foreach (JsonProperty property in section.EnumerateObject())
        {
            if (known.IndexOf(property.Name) < 0)
                _errors.Add(path, $"\"{property.Name}\" is not a known field; known: {string.Join(", ", known)}");
        }
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
