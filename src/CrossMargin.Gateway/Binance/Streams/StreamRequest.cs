using System.Text;
using System.Text.Json;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>A client's request on a stream connection, read from JSON; or what is wrong with it.</summary>
/// <param name="Code">Of the fault, in Binance's numbers.</param>
internal sealed record StreamRequest(string Method, IReadOnlyList<string> Streams, bool? Flag, string Id, string? Fault, int Code = 2)
{
    private const int UnknownProperty = 0;
    private const int InvalidValue = 1;
    private const int InvalidJson = 3;

    /// <summary>The id as it was sent, JSON text: it is echoed with its type.</summary>
    public const string NoId = "null";

    private const int LongestId = 64;
    private const string Methods = "`SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`";

    public static StreamRequest Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 4 });
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            return Bad("Invalid JSON: expected value", NoId, InvalidJson);
        }
    }

    /// <summary>The id of a request as JSON text; null where it is none that can be echoed.</summary>
    public static string? ReadId(JsonElement root)
    {
        if (!root.TryGetProperty("id", out JsonElement id)) return NoId;
        string raw = id.GetRawText();
        return id.ValueKind is JsonValueKind.Number or JsonValueKind.String or JsonValueKind.Null && raw.Length <= LongestId ? raw : null;
    }

    private static StreamRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return Bad("Invalid request: expected an object", NoId);
        if (ReadId(root) is not { } id) return Bad("Invalid request: request ID must be a whole number, a text or null", NoId);
        if (!root.TryGetProperty("method", out JsonElement method) || method.ValueKind != JsonValueKind.String)
            return Bad("Invalid request: missing field `method`", id);
        string name = method.GetString()!;
        if (name == "LIST_SUBSCRIPTIONS") return new StreamRequest(name, [], null, id, null);
        if (name is not ("SUBSCRIBE" or "UNSUBSCRIBE" or "SET_PROPERTY" or "GET_PROPERTY"))
            return Bad($"Invalid request: unknown method `{Shorten(name)}`, expected one of {Methods}", id);
        if (!root.TryGetProperty("params", out JsonElement values) || values.ValueKind != JsonValueKind.Array)
            return Bad("Invalid request: `params` must be a list", id);
        return name is "SUBSCRIBE" or "UNSUBSCRIBE" ? ReadStreams(name, values, id) : ReadProperty(name, values, id);
    }

    private static StreamRequest ReadStreams(string name, JsonElement values, string id)
    {
        var streams = new List<string>();
        foreach (JsonElement value in values.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.String) return Bad("Invalid request: a stream's name must be a text", id);
            streams.Add(value.GetString()!);
        }

        return new StreamRequest(name, streams, null, id, null);
    }

    private static StreamRequest ReadProperty(string name, JsonElement values, string id)
    {
        JsonElement[] list = [.. values.EnumerateArray()];
        bool set = name == "SET_PROPERTY";
        bool known = list.Length == (set ? 2 : 1) && list[0].ValueKind == JsonValueKind.String && list[0].GetString() == "combined";
        if (!known) return Bad("Unknown property: the only one is `combined`", id, UnknownProperty);
        if (set && list[1].ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            return Bad("Invalid value type: expected Boolean", id, InvalidValue);
        return new StreamRequest(name, [], set ? list[1].GetBoolean() : null, id, null);
    }

    private static StreamRequest Bad(string fault, string id, int code = 2) => new("", [], null, id, fault, code);

    /// <summary>A client's text in an answer to it.</summary>
    public static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
