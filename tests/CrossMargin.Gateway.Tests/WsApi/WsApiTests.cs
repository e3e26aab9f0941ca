using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrossMargin.Gateway.Tests.Streams;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.WsApi;

public sealed class WsApiTests
{
    [Theory]
    [InlineData("\"7\"", false)]
    [InlineData("42", true)]
    [InlineData("\"0123456789abcdef0123456789abcdef\"", true)]
    public async Task Order_PlacedQueriedAndCancelled_AnswersWithTheIdAsSent(string id, bool encoded)
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        MarketSpec spec = server.World.Profile.Markets[0];
        using ClientWebSocket socket = await server.ConnectAsync("/ws-fapi/v1");
        MarketSnapshot market = await server.World.Exchange.ReadMarketAsync(spec.Id);
        string price = spec.Format(spec.TickDown(new Price(market.Mark.Units * 97 / 100)));
        JsonElement placed = await CallAsync(socket, id, "order.place", 1, encoded, ("symbol", spec.Symbol), ("side", "BUY"), ("type", "LIMIT"),
            ("timeInForce", "GTC"), ("quantity", "1"), ("price", price), ("newClientOrderId", "x-cvBPrNm9:a/b.c"), ("positionSide", "BOTH"));
        Assert.Equal(id, placed.GetProperty("id").GetRawText());
        if (placed.GetProperty("status").GetInt32() != 200)
        {
            // The random accounts may be in hedge mode or without means: then the refusal is Binance's.
            Assert.True(placed.GetProperty("error").GetProperty("code").GetInt32() < 0);
            return;
        }

        JsonElement order = placed.GetProperty("result");
        Assert.Equal("x-cvBPrNm9:a/b.c", order.GetProperty("clientOrderId").GetString());
        Assert.Equal(3, placed.GetProperty("rateLimits").GetArrayLength());
        JsonElement cancelled = await CallAsync(socket, id, "order.cancel", 1, encoded, ("symbol", spec.Symbol),
            ("orderId", order.GetProperty("orderId").GetInt64().ToString(CultureInfo.InvariantCulture)));
        Assert.Equal("CANCELED", cancelled.GetProperty("result").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Signature_OfAnotherOrNone_IsRefused()
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        using ClientWebSocket socket = await server.ConnectAsync("/ws-fapi/v1");
        Assert.Equal(200, (await CallAsync(socket, "1", "account.balance", 1, false)).GetProperty("status").GetInt32());
        JsonElement wrong = await CallAsync(socket, "2", "account.balance", 1, false, ("apiKey", "key2"));
        Assert.Equal((400, -1022), (wrong.GetProperty("status").GetInt32(), Code(wrong)));
        Assert.Equal(-2015, Code(await CallAsync(socket, "3", "account.balance", 1, false, ("apiKey", "nokey"))));
        JsonElement none = await AskAsync(socket, """{"id":4,"method":"account.balance","params":{"apiKey":"key1","timestamp":1}}""");
        Assert.Equal(-1102, Code(none));
        Assert.Equal(-1130, Code(await AskAsync(socket, """{"id":5,"method":"session.logon","params":{}}""")));
        Assert.Equal(-5000, Code(await AskAsync(socket, """{"id":6,"method":"order.nothing"}""")));
        JsonElement broken = await AskAsync(socket, "{\"id\":7,");
        Assert.Equal((JsonValueKind.Null, -1135), (broken.GetProperty("id").ValueKind, Code(broken)));
    }

    [Fact]
    public async Task PublicCalls_NeedNoKey_AndLimitsMayBeLeftOut()
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        string symbol = server.World.Profile.Markets[0].Symbol;
        using ClientWebSocket socket = await server.ConnectAsync("/ws-fapi/v1");
        string text = $$$"""{"id":"a","method":"depth","params":{"symbol":"{{{symbol}}}","limit":5,"returnRateLimits":false}}""";
        JsonElement depth = await AskAsync(socket, text);
        Assert.Equal(200, depth.GetProperty("status").GetInt32());
        Assert.True(depth.GetProperty("result").GetProperty("lastUpdateId").GetInt64() > 0);
        Assert.False(depth.TryGetProperty("rateLimits", out _));
        JsonElement key = await AskAsync(socket, """{"id":"b","method":"userDataStream.start","params":{"apiKey":"key2"}}""");
        string listenKey = key.GetProperty("result").GetProperty("listenKey").GetString()!;
        Assert.Equal(new AccountId(2), server.World.Keys.Find(listenKey)!.Account.Account);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("?returnRateLimits=false", "", false)]
    [InlineData("?returnRateLimits=false", ",\"returnRateLimits\":true", true)]
    [InlineData("?returnRateLimits=true", ",\"returnRateLimits\":false", false)]
    public async Task Limits_OfTheConnection_HoldUnlessTheRequestSaysOtherwise(string query, string more, bool shown)
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        using ClientWebSocket socket = await server.ConnectAsync("/ws-fapi/v1" + query);
        JsonElement answer = await AskAsync(socket, $$$"""{"id":1,"method":"ticker.price","params":{}{{{more}}}}""");
        Assert.Equal((200, shown), (answer.GetProperty("status").GetInt32(), answer.TryGetProperty("rateLimits", out _)));
    }

    private static int Code(JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetInt32();

    private static async Task<JsonElement> AskAsync(ClientWebSocket socket, string text)
    {
        await StreamServer.SendAsync(socket, text);
        return (await StreamServer.ReceiveAsync(socket))!.Value;
    }

    private static Task<JsonElement> CallAsync(
        ClientWebSocket socket, string id, string method, int account, bool encoded, params (string Name, string Value)[] parameters)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["apiKey"] = $"key{account}",
            ["timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ["recvWindow"] = "10000",
        };
        foreach ((string name, string value) in parameters) all[name] = value;
        string text = string.Join('&', all.Select(p => $"{p.Key}={(encoded ? Uri.EscapeDataString(p.Value) : p.Value)}"));
        byte[] hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes($"secret{account}"), Encoding.UTF8.GetBytes(text));
        all["signature"] = Convert.ToHexStringLower(hash);
        return AskAsync(socket, $"{{\"id\":{id},\"method\":\"{method}\",\"params\":{JsonSerializer.Serialize(all)}}}");
    }
}
