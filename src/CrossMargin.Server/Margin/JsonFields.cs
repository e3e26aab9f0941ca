using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Server.Margin;

/// <summary>
/// Strict access to one JSON object: every field is asked for by name, and <see cref="Finish"/> refuses those nobody asked for.
/// A field given twice is refused at once.
/// </summary>
internal sealed class JsonFields
{
    private readonly string _path;
    private readonly List<JsonProperty> _left;

    public JsonFields(JsonElement element, string path)
    {
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new MarginInputException($"{(path.Length == 0 ? "the input" : path)}: {Shown(element)} is not an object");
        }

        _left = [.. element.EnumerateObject()];
        for (int i = 1; i < _left.Count; i++)
        {
            if (_left.FindIndex(p => p.Name == _left[i].Name) < i) throw new MarginInputException($"{PathOf(_left[i].Name)}: given twice");
        }
    }

    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    public JsonElement? Find(string name)
    {
        int i = _left.FindIndex(p => p.Name == name);
        if (i < 0) return null;
        JsonElement value = _left[i].Value;
        _left.RemoveAt(i);
        return value;
    }

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw Wrong(name, value, "a string");
        string text = value.GetString()!;
        return text.Length > 0 ? text : throw Wrong(name, value, "a string that is not empty");
    }

    /// <summary>A decimal string; what it must fit is checked where the market is known.</summary>
    public string Decimal(string name) => OptionalDecimal(name) ?? throw Missing(name);

    public string? OptionalDecimal(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw Wrong(name, value, "a decimal string");
        return value.GetString()!;
    }

    public Amount Money(string name) => OptionalMoney(name) ?? throw Missing(name);

    public Amount? OptionalMoney(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String || !DecimalText.TryParse(value.GetString(), 8, out long e8))
        {
            throw Wrong(name, value, "a decimal string with at most 8 decimals, within ±92233720368");
        }

        return new Amount(e8);
    }

    /// <summary>A whole number from 1 to 1000, as a string or a JSON number.</summary>
    public int? OptionalLeverage(string name)
    {
        if (Find(name) is not { } value) return null;
        string text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        };
        if (!DecimalText.TryParse(text, 0, out long number) || number is < 1 or > 1000)
        {
            throw Wrong(name, value, "a whole number from 1 to 1000");
        }

        return (int)number;
    }

    public bool OptionalFlag(string name)
    {
        if (Find(name) is not { } value) return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        throw Wrong(name, value, "true or false");
    }

    public T OneOf<T>(string name, string first, T firstValue, string second, T secondValue)
    {
        if (Find(name) is not { } value) throw Missing(name);
        string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (text == first) return firstValue;
        return text == second ? secondValue : throw Wrong(name, value, $"\"{first}\" or \"{second}\"");
    }

    public List<JsonElement>? OptionalList(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Wrong(name, value, "a list");
    }

    public void Finish()
    {
        if (_left.Count > 0) throw new MarginInputException($"{PathOf(_left[0].Name)}: unknown field");
    }

    public MarginInputException Missing(string name) => new($"{PathOf(name)}: missing");

    public MarginInputException Wrong(string name, JsonElement value, string expected) =>
        new($"{PathOf(name)}: {Shown(value)} is not {expected}");

    private static string Shown(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Object) return "an object";
        if (value.ValueKind is JsonValueKind.Array) return "a list";
        string text = value.GetRawText();
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
