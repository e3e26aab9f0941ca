using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using CrossMargin.Embedded.Serving;
using Microsoft.AspNetCore.TestHost;

namespace CrossMargin.AspNetCore.Tests;

public sealed class UserStreamTests
{
    private const string Kind = "crossmargin.ws.connections kind=/ws/{**streams}";

    [Fact]
    public async Task Alert_OnTheAccountsOwnStream_IsToldThereAndOnNobodyElses()
    {
        await using TestApp app = await TestApp.StartAsync();
        using var metrics = new MetricLog(app);
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync();
        TestTrader other = await app.NewTraderAsync();
        using WebSocket stream = await ListenAsync(app, trader);
        using WebSocket others = await ListenAsync(app, other);
        Assert.Equal(2, metrics[Kind]);

        JsonNode made = await trader.SignedAsync(HttpMethod.Post, "/account/v1/alerts", "kind=MarkPrice&symbol=AAAUSDT&threshold=10500");
        await app.PriceAsync("10600");
        JsonNode told = await NextAsync(stream);
        Assert.Equal("CROSSMARGIN_ALERT", (string)told["e"]!);
        Assert.Equal((string)made["alert"]!["id"]!, (string)told["alertId"]!);
        Assert.Equal(("MarkPrice", "Above", "AAAUSDT"), ((string)told["alertKind"]!, (string)told["alertDirection"]!, (string)told["alertSymbol"]!));
        Assert.Equal(("10500", "10600"), ((string)told["threshold"]!, (string)told["value"]!));
        Assert.Equal(((VirtualClock)app.Host.Clock).Now.Milliseconds, (long)told["E"]!);
        await other.OrderAsync("BUY", "0.1");
        Assert.NotEqual("CROSSMARGIN_ALERT", (string)(await NextAsync(others))["e"]!);

        // What a client sends too much of is cut off, which the metrics tell by its reason.
        await others.SendAsync(new byte[10_000], WebSocketMessageType.Text, true, CancellationToken.None);
        await TestApp.UntilAsync(() => Task.FromResult(metrics[Kind] == 1), "one connection is left");
        Assert.Contains(metrics.Names, n => n.StartsWith("crossmargin.ws.dropped reason=", StringComparison.Ordinal));
        await stream.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        await TestApp.UntilAsync(() => Task.FromResult(metrics[Kind] == 0), "no connection is left");
        Assert.Equal(1, metrics["crossmargin.alerts kind=MarkPrice"]);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("expired")]
    [InlineData("reads no more")]
    public async Task ListenKey_OneOfItsApiKeysIsNoLongerGood_EndsWithItsStreams(string change)
    {
        await using TestApp app = await TestApp.StartAsync();
        TestTrader trader = await app.NewTraderAsync();
        string keys = $"/admin/v1/accounts/{trader.Number}/keys";
        JsonNode made = await app.AdminAsync(HttpMethod.Post, keys, new { label = "lent" }, 201);
        TestTrader lent = trader with { ApiKey = (string)made["apiKey"]!, Secret = (string)made["secret"]! };
        using WebSocket stream = await ListenAsync(app, trader);
        string key = (string)(await lent.SignedAsync(HttpMethod.Post, "/fapi/v1/listenKey"))["listenKey"]!;
        Assert.Equal(key, (string)(await trader.SignedAsync(HttpMethod.Put, "/fapi/v1/listenKey"))["listenKey"]!);

        await app.AdminAsync(
            change == "removed" ? HttpMethod.Delete : HttpMethod.Put, $"{keys}/{lent.ApiKey}",
            change switch
            {
                "removed" => null,
                "expired" => new { expires = 1 },
                _ => new { scopes = new[] { "Trade" } },
            },
            change == "removed" ? 204 : 200);
        JsonNode told = await NextAsync(stream);
        Assert.Equal(("listenKeyExpired", key), ((string)told["e"]!, (string)told["listenKey"]!));
        await trader.SignedAsync(HttpMethod.Put, "/fapi/v1/listenKey", status: 400);
        string fresh = (string)(await trader.SignedAsync(HttpMethod.Post, "/fapi/v1/listenKey"))["listenKey"]!;
        Assert.NotEqual(key, fresh);
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(app, key));
        using WebSocket again = await ConnectAsync(app, fresh);
    }

    [Fact]
    public async Task Equity_JsonAndCsv_ArePointsOfTheMinutesThatEndAtTheAccountsEquity()
    {
        await using TestApp app = await TestApp.StartAsync();
        var clock = (VirtualClock)app.Host.Clock;
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync("1000");
        await app.NewTraderAsync("7");
        await trader.OrderAsync("BUY", "0.1");
        clock.Advance(TimeSpan.FromSeconds(61));
        await PointsAsync(app, clock);
        await app.PriceAsync("10100");
        clock.Advance(TimeSpan.FromSeconds(61));
        JsonArray points = await PointsAsync(app, clock);

        JsonNode figures = (await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1"))["figures"]!;
        Assert.Equal((string)figures["equity"]!, (string)points[^1]!["equity"]!);
        Assert.Equal((string)figures["wallet"]!, (string)points[^1]!["wallet"]!);
        Assert.NotEqual((string)points[^1]!["wallet"]!, (string)points[^1]!["equity"]!);
        long[] times = [.. points.Select(p => (long)p!["time"]!)];
        Assert.Equal(60_000, times[^1] - times[^2]);
        Assert.All(times, t => Assert.Equal(0, t % 60_000));

        string csv = await app.Admin.GetStringAsync("/admin/v1/accounts/1/equity?format=csv");
        string[] lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] rows = [.. points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{(long)p!["time"]!},{p["wallet"]},{p["equity"]}"))];
        Assert.Equal(["time,wallet,equity", .. rows], lines);
        JsonNode late = await app.AdminAsync(HttpMethod.Get, $"/admin/v1/accounts/1/equity?from={times[^1]}");
        Assert.Equal(times[^1], (long)Assert.Single(late["points"]!.AsArray())!["time"]!);
        await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/9/equity", null, 404);
    }

    // Up to the clock's minute.
    private static async Task<JsonArray> PointsAsync(TestApp app, VirtualClock clock)
    {
        JsonArray points = [];
        await TestApp.UntilAsync(
            async () =>
            {
                points = (await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1/equity"))["points"]!.AsArray();
                return points.Count > 0 && (long)points[^1]!["time"]! == clock.Now.Milliseconds / 60_000 * 60_000;
            },
            "the minute's point");
        return points;
    }

    private static async Task<WebSocket> ListenAsync(TestApp app, TestTrader trader)
    {
        string key = (string)(await trader.SignedAsync(HttpMethod.Post, "/fapi/v1/listenKey"))["listenKey"]!;
        return await ConnectAsync(app, key);
    }

    private static Task<WebSocket> ConnectAsync(TestApp app, string key) =>
        app.App.GetTestServer().CreateWebSocketClient().ConnectAsync(new Uri($"ws://localhost/ws/{key}"), CancellationToken.None);

    private static async Task<JsonNode> NextAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[1 << 16];
        WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, limit.Token);
        Assert.True(result is { MessageType: WebSocketMessageType.Text, EndOfMessage: true }, $"{result.MessageType} {result.CloseStatusDescription}");
        return JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, result.Count))!;
    }
}
