using System.Net.Http.Headers;
using System.Text.Json;
using CrossMargin.Load.Generator;
using CrossMargin.Load.Scenario;
using CrossMargin.Load.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CrossMargin.Load.Tests;

/// <summary>A scenario against a server that limits requests.</summary>
public sealed class RequestLimitTests
{
    private const string Token = "a-token-for-one-load-test-0123456789abcdef";

    [Fact]
    public async Task NewAccount_OfAServerWithLimits_HasAKeyThatTheyDoNotHoldUp()
    {
        using ChildServer server = ChildServer.Start(
            "CrossMargin.Server.dll",
            ["serve", "--port", "0", "--ephemeral", "--traders", "0", "--limits", "on"],
            new Dictionary<string, string> { ["CROSSMARGIN_ADMIN_TOKEN"] = Token });
        using var admin = new AdminClient(server.Address, Token);
        ApiKey key = await admin.NewAccountAsync("somebody", "1000");
        using var http = new HttpClient { BaseAddress = new Uri(server.Address, "/admin/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        JsonElement accounts = JsonDocument.Parse(await http.GetStringAsync("accounts")).RootElement;
        long number = accounts.GetProperty("accounts").EnumerateArray()
            .Single(a => a.GetProperty("name").GetString() == "somebody").GetProperty("number").GetInt64();
        JsonElement keys = JsonDocument.Parse(await http.GetStringAsync($"accounts/{number}/keys")).RootElement;
        JsonElement made = Assert.Single(keys.GetProperty("keys").EnumerateArray());
        Assert.Equal(key.Key, made.GetProperty("apiKey").GetString());
        Assert.True(made.GetProperty("unlimited").GetBoolean());
    }

    [Theory]
    [InlineData(429)]
    [InlineData(418)]
    public async Task Call_RefusedByLimits_SaysWhatToDo(int status)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        await using WebApplication server = builder.Build();
        server.MapFallback(() => Results.Json(new { code = -1003, msg = "Too many requests." }, statusCode: status));
        await server.StartAsync();
        using var client = new TradingClient(new Uri(server.Urls.First()), new ApiKey("k", "s"));
        foreach (Func<Task> call in new Func<Task>[] { () => client.GetAsync("/fapi/v1/exchangeInfo"), () => client.ListenKeyAsync() })
        {
            InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(call);
            Assert.Contains($"{status}", refused.Message);
            Assert.Contains("--limits off", refused.Message);
        }
    }

    [Fact]
    public void Figures_AnswersOfLimits_AreCountedApart()
    {
        var figures = new SwarmFigures();
        figures.Answered(200, 0, TimeSpan.Zero);
        figures.Answered(400, -2011, TimeSpan.Zero);
        figures.Answered(429, -1015, TimeSpan.Zero);
        figures.Answered(418, -1003, TimeSpan.Zero);
        Assert.Equal((4, 2), (figures.Answers, figures.Limited));
    }
}
