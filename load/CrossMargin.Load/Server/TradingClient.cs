using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrossMargin.Load.Generator;

namespace CrossMargin.Load.Server;

/// <summary>One account's client: signed and public calls as ccxt sends them. Not for measuring rates; <see cref="SignedRequest"/> is.</summary>
internal sealed class TradingClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly byte[] _secret;

    public TradingClient(Uri server, ApiKey? key = null)
    {
        _http = new HttpClient { BaseAddress = server };
        _secret = Encoding.UTF8.GetBytes(key?.Secret ?? "");
        if (key is not null) _http.DefaultRequestHeaders.Add("X-MBX-APIKEY", key.Key);
    }

    public async Task<JsonElement> GetAsync(string pathAndQuery) =>
        (await SendAsync(new HttpRequestMessage(HttpMethod.Get, pathAndQuery))).Value;

    /// <summary>A signed call. A refusal is an answer: its status and code.</summary>
    public Task<Answer> SignedAsync(HttpMethod method, string path, string parameters)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{parameters}&recvWindow=60000&timestamp={DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}");
        text += "&signature=" + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(text)));
        if (method != HttpMethod.Post) return SendAsync(new HttpRequestMessage(method, $"{path}?{text}"));
        var content = new StringContent(text);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return SendAsync(new HttpRequestMessage(method, path) { Content = content });
    }

    /// <summary>The key of the account's user data stream.</summary>
    public async Task<string> ListenKeyAsync()
    {
        Answer answer = await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/fapi/v1/listenKey"));
        return answer.Value.GetProperty("listenKey").GetString()!;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage response = await _http.SendAsync(request);
            JsonElement value = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
            bool refused = response.StatusCode != HttpStatusCode.OK;
            return new Answer((int)response.StatusCode, refused ? value.GetProperty("code").GetInt64() : 0, value);
        }
    }

    internal readonly record struct Answer(int Status, long Code, JsonElement Value);
}
