using System.Text.Json;

namespace CrossMargin.Model;

/// <summary>Reads the lists that name the fields without a public source.</summary>
internal static class AssumedFields
{
    /// <summary>The names in the object's own list, or in its defaults' list.</summary>
    public static List<string> Read(ProfileSection section, string field, bool own, Func<string, bool> isField)
    {
        var names = new List<string>();
        JsonElement? list = own ? section.FindOwn(field, out string path) : section.FindDefault(field, out path);
        if (list is not { } value) return names;
        if (value.ValueKind != JsonValueKind.Array)
        {
            section.Errors.Wrong(path, value, "an array of field names");
            return names;
        }

        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && isField(item.GetString()!)) names.Add(item.GetString()!);
            else section.Errors.Wrong($"{path}[{index}]", item, "the name of a field");
            index++;
        }

        return names;
    }
}
