using System.Text.Json;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// JSON from clients as parameters: numbers as their text, booleans as true and false, strings as they are; null counts as not sent. What is
/// no such JSON gives null.
/// </summary>
public static class JsonParameters
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 4 };

    /// <summary>A list of objects, read up to <paramref name="most"/> of them.</summary>
    public static List<CallParameters>? ReadArray(ReadOnlySpan<char> text, int most)
    {
        using JsonDocument? document = Parse(text);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Array) return null;
        var members = new List<CallParameters>();
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            if (members.Count == most) break;
            var parameters = new CallParameters();
            if (!Read(element, parameters)) return null;
            members.Add(parameters);
        }

        return members;
    }

    /// <summary>A list of numbers or strings, read up to <paramref name="most"/> of them.</summary>
    public static List<string>? ReadValues(ReadOnlySpan<char> text, int most)
    {
        using JsonDocument? document = Parse(text);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Array) return null;
        var values = new List<string>();
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            if (values.Count == most) break;
            if (Text(element) is not { } value) return null;
            values.Add(value);
        }

        return values;
    }

    /// <summary>
    /// The members of an object. Members that are objects or lists keep their JSON text. False where it is no object, one is there twice, or
    /// they are too many.
    /// </summary>
    public static bool Read(JsonElement element, CallParameters parameters)
    {
        if (element.ValueKind != JsonValueKind.Object) return false;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null) continue;
            if (NameOf(property) is not { } name || (Text(property.Value) ?? Raw(property.Value)) is not { } value) return false;
            if (parameters.Has(name) || !parameters.Add(name, value)) return false;
        }

        return true;
    }

    private static JsonDocument? Parse(ReadOnlySpan<char> text)
    {
        try
        {
            return JsonDocument.Parse(text.ToString(), s_options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    // Escapes such as half a surrogate pair are valid JSON, but no text.
    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString(),
                JsonValueKind.Number => element.GetRawText(),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Raw(JsonElement element) =>
        element.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? element.GetRawText() : null;
}
