using System.Text.Json.Nodes;

namespace CrossMargin.AspNetCore.Tests;

public sealed class SecrecyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Logs_OfAWholeSession_HoldNoSecret()
    {
        using var log = new EveryLine();
        var secrets = new List<string> { TestApp.Token };
        await using (TestApp app = await TestApp.StartAsync(o => o.DataDirectory = _folder.Path, log))
        {
            await app.PriceAsync("10000");
            TestTrader trader = await app.NewTraderAsync();
            await trader.OrderAsync("BUY", "0.1");
            await (trader with { Secret = "wrong" }).SignedAsync(HttpMethod.Get, "/fapi/v2/account", "", 400);
            await (trader with { ApiKey = "wrong" }).SignedAsync(HttpMethod.Get, "/fapi/v2/account", "", 401);
            JsonNode alert = await trader.SignedAsync(
                HttpMethod.Post, "/account/v1/alerts", "kind=MarkPrice&symbol=AAAUSDT&threshold=10001&webhook=http%3A%2F%2F127.0.0.1%3A9%2Fhook-of-mine");
            JsonNode key = await app.AdminAsync(HttpMethod.Post, "/admin/v1/accounts/1/keys", new { label = "second" }, 201);
            await app.AdminAsync(HttpMethod.Delete, $"/admin/v1/accounts/1/keys/{key["apiKey"]}", null, 204);
            await app.AdminAsync(HttpMethod.Post, "/admin/v1/accounts", new { name = "x", deposit = "nonsense" }, 400);
            string listenKey = (string)(await trader.SignedAsync(HttpMethod.Post, "/fapi/v1/listenKey"))["listenKey"]!;
            await app.PriceAsync("10002");
            secrets.AddRange([trader.Secret, (string)key["secret"]!, (string)alert["webhookSecret"]!, listenKey, "hook-of-mine", "signature="]);
        }

        Assert.Contains(log.Lines, l => l.Contains("admin: POST", StringComparison.Ordinal));

        // ASP.NET Core's own request log shows paths and queries; the server switches it off, an application that embeds decides itself.
        string[] own = [.. log.Lines.Where(l => l.StartsWith("CrossMargin", StringComparison.Ordinal))];
        foreach (string secret in secrets) Assert.DoesNotContain(own, l => l.Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, l => l.Contains(secrets[0], StringComparison.Ordinal) || l.Contains(secrets[1], StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
