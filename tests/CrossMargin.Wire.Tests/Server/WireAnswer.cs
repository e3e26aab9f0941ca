using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CrossMargin.Wire.Tests.Server;

/// <summary>A whole answer of the server.</summary>
public sealed record WireAnswer(int Status, string Text, HttpResponseHeaders Headers)
{
    private JsonElement? _body;

    public bool IsSuccess => Status is >= 200 and < 300;

    public JsonElement Body => _body ??= JsonDocument.Parse(Text).RootElement;

    /// <summary>Binance's error code; 0 for none.</summary>
    public int Code => !IsSuccess && Text.StartsWith('{') && Body.TryGetProperty("code", out JsonElement code) ? code.GetInt32() : 0;

    public string? Header(string name) => Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    public override string ToString() => $"{Status} {Text}";
}

internal static class JsonReading
{
    public static string Word(this JsonElement at, string name) => at.GetProperty(name).GetString()!;

    /// <summary>A number that is sent as text.</summary>
    public static decimal Number(this JsonElement at, string name) =>
        decimal.Parse(at.GetProperty(name).GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture);

    public static long Whole(this JsonElement at, string name) => at.GetProperty(name).GetInt64();
}
