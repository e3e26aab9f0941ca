using System.Text.Json;
using CrossMargin.Gateway.Binance.Streams;

namespace CrossMargin.Gateway.Binance.WsApi;

/// <summary>A request of the WebSocket API; its parameters are in the call that it was read into.</summary>
/// <param name="Id">As it was sent, JSON text.</param>
/// <param name="WithLimits">Null where it does not say; then the connection's own wish holds.</param>
internal sealed record WsApiRequest(string Method, string Id, bool? WithLimits, BinanceError? Fault)
{
    private static readonly BinanceError s_invalid = new(-1135, "Invalid JSON Request");

    public static WsApiRequest Read(ReadOnlyMemory<byte> message, CallParameters parameters)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 8 });
            return Read(document.RootElement, parameters);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Bad(StreamRequest.NoId, s_invalid);
        }
    }

    private static WsApiRequest Read(JsonElement root, CallParameters parameters)
    {
        if (root.ValueKind != JsonValueKind.Object || StreamRequest.ReadId(root) is not { } id) return Bad(StreamRequest.NoId, s_invalid);
        if (!root.TryGetProperty("method", out JsonElement method) || method.ValueKind != JsonValueKind.String)
            return Bad(id, BinanceError.Missing("method"));
        bool hasParameters = root.TryGetProperty("params", out JsonElement values) && values.ValueKind != JsonValueKind.Null;
        if (hasParameters && !JsonParameters.Read(values, parameters)) return Bad(id, s_invalid);

        // Some clients send it beside the parameters, some among them.
        bool? withLimits = null;
        if (root.TryGetProperty("returnRateLimits", out JsonElement flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False)
            withLimits = flag.GetBoolean();
        if (parameters.TryGet("returnRateLimits", out ReadOnlySpan<char> text)) withLimits = text is not "false";
        return new WsApiRequest(method.GetString()!, id, withLimits, null);
    }

    private static WsApiRequest Bad(string id, BinanceError fault) => new("", id, null, fault);
}
