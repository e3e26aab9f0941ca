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
    public const string LimitAdvice = "the server limits requests of this address: wait, or start it with `--limits off`";

    private readonly HttpClient _http;
    private readonly byte[] _secret;

    public TradingClient(Uri server, ApiKey? key = null)
    {
        _http = new HttpClient { BaseAddress = server };
        _secret = Encoding.UTF8.GetBytes(key?.Secret ?? "");
        if (key is not null) _http.DefaultRequestHeaders.Add("X-MBX-APIKEY", key.Key);
    }

    /// <summary>What a public call gives. Throws <see cref="InvalidOperationException"/>, with what is to be done, where it is refused.</summary>
    public async Task<JsonElement> GetAsync(string pathAndQuery) =>
        Given(await SendAsync(new HttpRequestMessage(HttpMethod.Get, pathAndQuery)), pathAndQuery);

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

    /// <summary>The key of the account's user data stream; a refusal throws as at <see cref="GetAsync"/>.</summary>
    public async Task<string> ListenKeyAsync()
    {
        const string Path = "/fapi/v1/listenKey";
        return Given(await SendAsync(new HttpRequestMessage(HttpMethod.Post, Path)), Path).GetProperty("listenKey").GetString()!;
    }

    private static JsonElement Given(Answer answer, string what)
    {
        if (answer.Status == 200) return answer.Value;
        string text = $"{what} was refused: {answer.Status} {answer.Value}";
        throw new InvalidOperationException(IsLimited(answer.Status) ? $"{text}; {LimitAdvice}" : text);
    }

    /// <summary>Refused by request limits, or banned for going on after that.</summary>
    public static bool IsLimited(int status) => status is 418 or 429;

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
