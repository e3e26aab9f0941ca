using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CrossMargin.Load.Generator;

namespace CrossMargin.Load.Server;

/// <summary>The little of the administration that a load test needs.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    public AdminClient(Uri server, string token)
    {
        _http = new HttpClient { BaseAddress = new Uri(server, "/admin/v1/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>A new account with a deposit of the settlement asset and one key that reads and trades, which no request limits hold up.</summary>
    public async Task<ApiKey> NewAccountAsync(string name, string deposit)
    {
        JsonElement made = await SendAsync(HttpMethod.Post, "accounts", new { name, deposit, key = new { unlimited = true } });
        JsonElement key = made.GetProperty("key");
        return new ApiKey(key.GetProperty("apiKey").GetString()!, key.GetProperty("secret").GetString()!);
    }

    /// <summary>The price of a market stays where it is put.</summary>
    public Task HoldAsync(string symbol, string price) =>
        SendAsync(HttpMethod.Put, $"markets/{symbol}/price", new { kind = "Hold", price });

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using HttpResponseMessage response = await _http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
