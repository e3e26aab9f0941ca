using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CrossMargin.Model;

/// <summary>Turns text into a JSON tree in which every name and string is valid text and no name stands twice in an object.</summary>
internal static class ProfileText
{
    private static readonly JsonDocumentOptions s_options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    public static bool TryParse(string json, ProfileErrors errors, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;

        // A lone surrogate cannot be written as UTF-8; raw or escaped, it would make the readers of strings throw later.
        if (HasLoneSurrogate(json))
        {
            errors.Add("", "the text holds half of a surrogate pair");
            return false;
        }

        try
        {
            document = JsonDocument.Parse(json, s_options);
        }
        catch (JsonException e)
        {
            errors.Add("", $"no valid JSON: {e.Message}");
            return false;
        }

        if (IsReadable(document.RootElement)) return true;
        document.Dispose();
        document = null;
        errors.Add("", "a string in the JSON holds an escape that is half of a surrogate pair");
        return false;
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return true;
            i++;
        }

        return false;
    }

    private static bool IsReadable(JsonElement value)
    {
        try
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.String:
                    _ = value.GetString();
                    break;
                case JsonValueKind.Array:
                    foreach (JsonElement item in value.EnumerateArray())
                    {
                        if (!IsReadable(item)) return false;
                    }

                    break;
                case JsonValueKind.Object:
                    foreach (JsonProperty property in value.EnumerateObject())
                    {
                        _ = property.Name;
                        if (!IsReadable(property.Value)) return false;
                    }

                    break;
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return true;
    }
}
