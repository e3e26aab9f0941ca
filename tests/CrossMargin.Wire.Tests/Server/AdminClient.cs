using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CrossMargin.Wire.Tests.Server;

/// <summary>What an operator does over /admin/v1. A refusal throws.</summary>
public sealed class AdminClient(HttpClient http)
{
    /// <summary>A new account with a deposit of the settlement asset and one key that may do everything.</summary>
    public async Task<TestAccount> OpenAsync(string name, decimal deposit)
    {
        object terms = new { scopes = (string[])["Read", "Trade", "Withdraw"] };
        JsonElement made = await SendAsync(HttpMethod.Post, "/accounts", new { name, deposit = Text(deposit), key = terms });
        JsonElement key = made.GetProperty("key");
        return new TestAccount(made.GetProperty("account").Whole("number"), name, key.Word("apiKey"), key.Word("secret"), deposit);
    }

    /// <summary>One more key of an account, under terms of its own.</summary>
    public async Task<TestAccount> WithKeyAsync(TestAccount account, object terms)
    {
        JsonElement key = await SendAsync(HttpMethod.Post, $"/accounts/{account.Number}/keys", terms);
        return account with { Key = key.Word("apiKey"), Secret = key.Word("secret") };
    }

    /// <summary>The price of a market stays where it is now, in whole units; returns it.</summary>
    public async Task<decimal> HoldAsync(string symbol)
    {
        using JsonDocument now = JsonDocument.Parse(await http.GetStringAsync($"/fapi/v1/premiumIndex?symbol={symbol}"));
        decimal price = decimal.Round(now.RootElement.Number("indexPrice"));
        await SendAsync(HttpMethod.Put, $"/markets/{symbol}/price", new { kind = "Hold", price = Text(price) });
        return price;
    }

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, "/admin/v1" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.Token);
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An account as its owner knows it.</summary>
/// <param name="Deposit">What it was opened with.</param>
public sealed record TestAccount(long Number, string Name, string Key, string Secret, decimal Deposit);
