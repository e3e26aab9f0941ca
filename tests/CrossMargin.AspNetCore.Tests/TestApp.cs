using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CrossMargin.Gateway;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrossMargin.AspNetCore.Tests;

/// <summary>An application with the exchange in it, on a test server; exchange time is the test's own unless it asks otherwise.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-0123456789";

    public static readonly MarketId Market = new(1);

    private TestApp(WebApplication app)
    {
        App = app;
        Admin = app.GetTestClient();
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public WebApplication App { get; }

    /// <summary>Sends the operator's token.</summary>
    public HttpClient Admin { get; }

    public CrossMarginHost Host => App.Services.GetRequiredService<CrossMarginHost>();

    public static VenueProfile NewProfile() => TestProfiles.Simple("""{"defaults":{"house":{"enabled":true}}}""");

    public static async Task<TestApp> StartAsync(Action<CrossMarginOptions>? configure = null, ILoggerProvider? log = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        if (log is not null) builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddCrossMargin(o =>
        {
            (o.Profile, o.AdminToken) = (NewProfile(), Token);
            o.Clock = new Embedded.Serving.VirtualClock();
            configure?.Invoke(o);
        });
        WebApplication app = builder.Build();
        app.MapCrossMargin();
        await app.StartAsync();
        return new TestApp(app);
    }

    public Task PriceAsync(string price, MarketId? market = null)
    {
        MarketId id = market ?? Market;
        Assert.True(Host.Exchange.Profile[id].TryParsePrice(price, DecimalRounding.Exact, out Price index));
        return CommandAsync(ActorId.Of(id), new SetIndexPrice { Market = id, Index = index });
    }

    public async Task<CommandAnswer> CommandAsync<T>(ActorId to, T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Message message = Message.Of(ActorId.Client, to, App.Services.GetRequiredService<CommandIds>().Next(), body);
        return (await Host.Exchange.SubmitAsync([message]))[0];
    }

    public async Task<JsonNode> AdminAsync(HttpMethod method, string path, object? body = null, int status = 200)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        return await ReadAsync(await Admin.SendAsync(request), status, $"{method} {path}");
    }

    /// <summary>A new account, and a client with its key.</summary>
    public async Task<TestTrader> NewTraderAsync(string deposit = "10000", object? key = null)
    {
        JsonNode made = await AdminAsync(HttpMethod.Post, "/admin/v1/accounts", new { name = "somebody", deposit, key }, 201);
        return new TestTrader(
            App.GetTestClient(), (long)made["account"]!["number"]!, (string)made["key"]!["apiKey"]!, (string)made["key"]!["secret"]!);
    }

    public static async Task<JsonNode> ReadAsync(HttpResponseMessage response, int status, string what)
    {
        using (response)
        {
            string text = await response.Content.ReadAsStringAsync();
            Assert.True(status == (int)response.StatusCode, $"{what}: {(int)response.StatusCode} {text}");
            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        }
    }

    /// <summary>Waits until something in the background has happened; fails after ten seconds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> done, string what)
    {
        for (int i = 0; i < 1_000; i++)
        {
            if (await done()) return;
            await Task.Delay(10);
        }

        Assert.Fail($"not within ten seconds: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}

/// <summary>A client of Binance's dialect that signs.</summary>
internal sealed record TestTrader(HttpClient Client, long Number, string ApiKey, string Secret)
{
    public async Task<JsonNode> SignedAsync(HttpMethod method, string path, string query = "", int status = 200)
    {
        string signed = $"{query}{(query.Length > 0 ? "&" : "")}timestamp={DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}&recvWindow=60000";
        string signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed)));
        using var request = new HttpRequestMessage(method, $"{path}?{signed}&signature={signature}");
        request.Headers.Add("X-MBX-APIKEY", ApiKey);
        return await TestApp.ReadAsync(await Client.SendAsync(request), status, $"{method} {path}");
    }

    public Task<JsonNode> OrderAsync(string side, string quantity, string symbol = "AAAUSDT") =>
        SignedAsync(HttpMethod.Post, "/fapi/v1/order", $"symbol={symbol}&side={side}&type=MARKET&quantity={quantity}&newOrderRespType=RESULT");
}
