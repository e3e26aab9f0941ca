using System.Text.Json;

namespace CrossMargin.Gateway.Binance;

internal static class ErrorJson
{
    public static void Write(Utf8JsonWriter json, BinanceError error)
    {
        json.WriteStartObject();
        json.WriteNumber("code"u8, error.Code);
        json.WriteString("msg"u8, error.Message);
        json.WriteEndObject();
    }

    /// <summary>Binance's answer to what has no other: code 200.</summary>
    public static void WriteDone(Utf8JsonWriter json, string message = "success")
    {
        json.WriteStartObject();
        json.WriteNumber("code"u8, 200);
        json.WriteString("msg"u8, message);
        json.WriteEndObject();
    }
}
