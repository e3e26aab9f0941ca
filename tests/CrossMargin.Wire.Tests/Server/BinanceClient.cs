using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CrossMargin.Wire.Tests.Server;

/// <summary>A small client of the Binance dialect: signs, sends, gives the answer back whatever it is. Thread-safe.</summary>
public sealed class BinanceClient(HttpClient http, string key, string secret)
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    public HttpClient Http => http;

    public Task<WireAnswer> GetAsync(string path, params (string Name, object Value)[] parameters) => SignedAsync(HttpMethod.Get, path, parameters);

    public Task<WireAnswer> SignedAsync(HttpMethod method, string path, params (string Name, object Value)[] parameters)
    {
        string text = Form(parameters);
        string signed = string.Create(
            CultureInfo.InvariantCulture,
            $"{text}{(text.Length > 0 ? "&" : "")}recvWindow=60000&timestamp={DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}");
        return SendAsync(method, $"{path}?{signed}&signature={Sign(signed)}");
    }

    /// <summary>With the key header only.</summary>
    public Task<WireAnswer> KeyedAsync(HttpMethod method, string path) => SendAsync(method, path);

    /// <summary>Lower-case hex of HMAC-SHA256.</summary>
    public string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(text)));

    public static string Form(params (string Name, object Value)[] parameters) => string.Join(
        '&', parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(Convert.ToString(p.Value, CultureInfo.InvariantCulture)!)}"));

    private async Task<WireAnswer> SendAsync(HttpMethod method, string target)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Headers.TryAddWithoutValidation("X-MBX-APIKEY", key);
        using HttpResponseMessage answer = await http.SendAsync(request);
        return new WireAnswer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers);
    }
}
