using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Gateway.Tests.Streams;

public sealed class StreamEndpointTests
{
    [Theory]
    [InlineData("/ws/SYMBOL@markPrice@1s", false)]
    [InlineData("/market/ws/SYMBOL@markPrice@1s", false)]
    [InlineData("/stream?streams=SYMBOL@markPrice@1s", true)]
    [InlineData("/market/stream?streams=SYMBOL@markPrice@1s/!bookTicker", true)]
    [InlineData("/public/stream?streams=SYMBOL%40markPrice%401s", true)]
    public async Task Connect_StreamsInTheUrl_GetsEventsBareOrWrapped(string path, bool combined)
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        string symbol = server.World.Profile.Markets[0].Symbol.ToLowerInvariant();
        using ClientWebSocket socket = await server.ConnectAsync(path.Replace("SYMBOL", symbol, StringComparison.Ordinal));
        await server.World.BeatAsync(20);
        JsonElement e = (await StreamServer.ReceiveAsync(socket))!.Value;
        if (combined)
        {
            while (e.GetProperty("stream").GetString() == "!bookTicker") e = (await StreamServer.ReceiveAsync(socket))!.Value;
            Assert.Equal($"{symbol}@markPrice@1s", e.GetProperty("stream").GetString());
            e = e.GetProperty("data");
        }

        Assert.Equal("markPriceUpdate", e.GetProperty("e").GetString());
    }

    [Theory]
    [InlineData("/ws")]
    [InlineData("/ws/7")]
    [InlineData("/public/ws/12")]
    [InlineData("/market/ws/12")]
    [InlineData("/stream")]
    [InlineData("/market/stream?streams=")]
    [InlineData("/private/stream?streams=")]
    [InlineData("/private/ws")]
    public async Task Connect_NoStream_SubscribesByRequest(string path)
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        string symbol = server.World.Profile.Markets[0].Symbol.ToLowerInvariant();
        bool combined = path.Contains("stream", StringComparison.Ordinal);
        using ClientWebSocket socket = await server.ConnectAsync(path);
        Assert.Equal("{\"result\":null,\"id\":1}", await StreamServer.AskAsync(socket,
            $$"""{"method":"SUBSCRIBE","params":["{{symbol}}@markPrice@1s","!forceOrder@arr"],"id":1}"""));
        Assert.Equal(
            $$"""{"result":["!forceOrder@arr","{{symbol}}@markPrice@1s"],"id":"ab12"}""",
            await StreamServer.AskAsync(socket, """{"method":"LIST_SUBSCRIPTIONS","id":"ab12"}"""));
        Assert.Equal($"{{\"result\":{(combined ? "true" : "false")},\"id\":5}}", await StreamServer.AskAsync(socket,
            """{"method":"GET_PROPERTY","params":["combined"],"id":5}"""));
        Assert.Equal("{\"result\":null,\"id\":6}", await StreamServer.AskAsync(socket,
            """{"method":"SET_PROPERTY","params":["combined",true],"id":6}"""));
        await server.World.BeatAsync(20);
        Assert.Equal($"{symbol}@markPrice@1s", (await StreamServer.ReceiveAsync(socket))!.Value.GetProperty("stream").GetString());
        Assert.Equal("{\"result\":null,\"id\":null}", await StreamServer.AskAsync(socket,
            $$"""{"method":"UNSUBSCRIBE","params":["{{symbol}}@markPrice@1s"]}"""));
        Assert.Equal("{\"result\":[\"!forceOrder@arr\"],\"id\":9}", await StreamServer.AskAsync(socket,
            """{"method":"LIST_SUBSCRIPTIONS","params":[],"id":9}"""));
    }

    [Fact]
    public async Task Subscribe_UnknownStream_IsRefusedByNameAndNothingOfItStays()
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        using ClientWebSocket socket = await server.ConnectAsync("/ws");
        Assert.Equal(
            """{"error":{"code":2,"msg":"Invalid request: unknown stream nosuchusdt@trade"},"id":3}""",
            await StreamServer.AskAsync(socket, """{"method":"SUBSCRIBE","params":["!ticker@arr","nosuchusdt@trade"],"id":3}"""));
        Assert.Equal("{\"result\":[],\"id\":4}", await StreamServer.AskAsync(socket, """{"method":"LIST_SUBSCRIPTIONS","id":4}"""));
        using var refused = new ClientWebSocket();
        refused.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => refused.ConnectAsync(new Uri(server.Address, "/ws/nosuchusdt@trade"), default));
        Assert.Equal(HttpStatusCode.BadRequest, refused.HttpStatusCode);
    }

    [Theory]
    [InlineData("{", 3)]
    [InlineData("""{"method":"SET_PROPERTY","params":["other",true],"id":1}""", 0)]
    [InlineData("""{"method":"SET_PROPERTY","params":["combined","yes"],"id":1}""", 1)]
    [InlineData("""{"method":"NOTHING","id":1}""", 2)]
    public async Task Request_Wrong_AnswersWithBinancesNumber(string text, int code)
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        using ClientWebSocket socket = await server.ConnectAsync("/ws");
        await StreamServer.SendAsync(socket, text);
        JsonElement answer = (await StreamServer.ReceiveAsync(socket))!.Value;
        Assert.Equal(code, answer.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("/private/ws?listenKey=KEY1&events=B/C", "B C ")]
    [InlineData("/private/ws/KEY1?events=C", "C ")]
    [InlineData("/private/ws?listenKey=KEY1", "A B C ")]
    [InlineData("/private/stream?listenKey=KEY1&events=A&listenKey=KEY2&events=B/C", "A B C ")]
    public async Task Connect_ListenKeyWithEvents_GetsOnlyThose(string path, string expected)
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        path = path.Replace("KEY1", server.World.OpenKey(1), StringComparison.Ordinal).Replace("KEY2", server.World.OpenKey(2), StringComparison.Ordinal);
        using ClientWebSocket socket = await server.ConnectAsync(path);
        foreach (string name in (string[])["A", "B", "C"])
        {
            foreach (int account in (int[])[1, 2])
                server.World.Streams.Users.Publish(account, Encoding.UTF8.GetBytes($$"""{"e":"{{name}}","E":1}"""));
        }

        server.World.Keys.Close(new AccountRecord(1, new AccountId(1), "t", AccountRecordStatus.Active, 0));
        await server.World.BeatAsync(20);
        string told = "";
        while (await StreamServer.ReceiveAsync(socket) is { } message)
        {
            JsonElement e = message.TryGetProperty("data", out JsonElement data) ? data : message;
            if (e.GetProperty("e").GetString() == "listenKeyExpired") break;
            told += e.GetProperty("e").GetString() + " ";
        }

        Assert.Equal(expected, told);
    }

    [Theory]
    [InlineData("/ws/KEY")]
    [InlineData("/private/ws/KEY")]
    [InlineData("/private/ws?listenKey=KEY")]
    [InlineData("/stream?streams=KEY")]
    [InlineData("/private/stream?listenKey=KEY")]
    public async Task Connect_ListenKey_NothingAfterTheHandshakeIsMissed(string path)
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        string key = server.World.OpenKey(1);
        using ClientWebSocket socket = await server.ConnectAsync(path.Replace("KEY", key, StringComparison.Ordinal));
        Message deposit = Message.Of(ActorId.Client, ActorId.Of(new AccountId(1)), new CommandId(77_777), new Deposit
        {
            Amount =
            Amount.FromWhole(5)
        });
        await server.World.Exchange.SubmitAsync([deposit]);
        JsonElement e = (await StreamServer.ReceiveAsync(socket))!.Value;
        if (path.Contains("stream", StringComparison.Ordinal))
        {
            Assert.Equal(key, e.GetProperty("stream").GetString());
            e = e.GetProperty("data");
        }

        JsonElement account = e.GetProperty("a");
        Assert.Equal("DEPOSIT", account.GetProperty("m").GetString());
        Assert.Equal("5.00000000", account.GetProperty("B")[0].GetProperty("bc").GetString());
    }

    [Fact]
    public async Task SlowReader_IsCutWithAReason_WhileOthersGetEverything()
    {
        var options = new StreamOptions { MaxQueuedBytes = 64 << 10, CloseGrace = TimeSpan.FromSeconds(30) };
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3, options: options));
        using ClientWebSocket slow = await server.ConnectAsync("/ws/!ticker@arr");
        using ClientWebSocket good = await server.ConnectAsync("/ws/!ticker@arr");
        StreamTopic topic = Find(server, "!ticker@arr");
        await StreamWorld.UntilAsync(() => topic.Topic.Listeners().Length == 2);
        byte[] frame = Encoding.UTF8.GetBytes($"\"{new string('x', 16 << 10)}\"");
        StreamConnection[] listeners = topic.Topic.Listeners();
        int received = 0;
        int sent = 0;
        while (!listeners.Any(l => l.IsEnding))
        {
            topic.Topic.Publish(frame);
            sent++;
            Assert.NotNull(await StreamServer.ReceiveAsync(good));
            received++;
            Assert.True(sent < 20_000, "the slow reader was never cut");
        }

        StreamConnection cut = Assert.Single(listeners, l => l.IsEnding);
        Assert.StartsWith("slow reader", cut.CloseReason, StringComparison.Ordinal);
        Assert.Equal(sent, received);

        // As soon as it reads again it finds the reason behind what was on its way.
        while (await StreamServer.ReceiveAsync(slow) is not null)
        {
        }

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, slow.CloseStatus);
        Assert.StartsWith("slow reader", slow.CloseStatusDescription, StringComparison.Ordinal);
        await slow.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", default);
        await StreamWorld.UntilAsync(() => topic.Topic.Listeners().Length == 1);
        topic.Topic.Publish("1"u8.ToArray());
        Assert.Equal("1", (await StreamServer.ReceiveAsync(good))!.Value.GetRawText());
    }

    [Fact]
    public async Task TooMuchFromAClient_IsCutWithItsReason()
    {
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(1, 3));
        await AssertCutAsync(server, s => StreamServer.SendAsync(s, new string('x', 5_000)), WebSocketCloseStatus.MessageTooBig);
        await AssertCutAsync(server, s => s.SendAsync(new byte[10], WebSocketMessageType.Binary, true, default),
            WebSocketCloseStatus.InvalidMessageType);
        await AssertCutAsync(
            server,
            async s =>
            {
                for (int i = 0; i < 40; i++) await StreamServer.SendAsync(s, """{"method":"LIST_SUBSCRIPTIONS","id":1}""");
            },
            WebSocketCloseStatus.PolicyViolation);
        await StreamWorld.UntilAsync(() => server.World.Streams.Connections.Count == 0);
    }

    [Fact]
    public async Task TooManyConnectionsOrStreams_AreRefused()
    {
        await using StreamServer server = await StreamServer.StartAsync(
            new StreamWorld(1, 3, options: new StreamOptions { MaxConnectionsPerAddress = 2, MaxStreams = 2 }));
        using ClientWebSocket one = await server.ConnectAsync("/ws");
        using ClientWebSocket two = await server.ConnectAsync("/ws");
        using var three = new ClientWebSocket();
        three.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => three.ConnectAsync(new Uri(server.Address, "/ws"), default));
        Assert.Equal(HttpStatusCode.TooManyRequests, three.HttpStatusCode);
        string answer = await StreamServer.AskAsync(one, """{"method":"SUBSCRIBE","params":["!ticker@arr","!bookTicker","!contractInfo"],"id":3}""");
        Assert.Contains("a connection may have 2 streams", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostileFrames_TenThousand_LeaveServerAndStateUnharmed()
    {
        var options = new StreamOptions { MessagesPerSecond = 1_000_000 };
        await using StreamServer server = await StreamServer.StartAsync(new StreamWorld(9, 3, TestProfiles.Simple(), options));
        AccountSnapshot before = (await server.World.Exchange.ReadAccountAsync(new AccountId(1)))!;
        var random = new CounterRandom(99, 1);
        ulong draw = 0;
        ClientWebSocket socket = await server.ConnectAsync("/stream");
        int answered = 0;
        for (int i = 0; i < 10_000; i++)
        {
            string text = Hostile(random, ref draw);
            await StreamServer.SendAsync(socket, text);
            JsonElement? answer = await StreamServer.ReceiveAsync(socket);
            if (answer is null)
            {
                // Only what is too large ends the connection.
                Assert.True(Encoding.UTF8.GetByteCount(text) > options.MaxMessageBytes, text);
                socket.Dispose();
                socket = await server.ConnectAsync("/stream");
                continue;
            }

            answered++;
            Assert.True(answer.Value.TryGetProperty("error", out _) || answer.Value.TryGetProperty("result", out _), answer.Value.GetRawText());
        }

        Assert.True(answered > 9_000);
        socket.Dispose();
        AccountSnapshot after = (await server.World.Exchange.ReadAccountAsync(new AccountId(1)))!;
        Assert.Equal(before.Sequence, after.Sequence);
        await StreamWorld.UntilAsync(() => server.World.Streams.Connections.Count == 0);
        using ClientWebSocket healthy = await server.ConnectAsync("/ws/!markPrice@arr@1s");
        await server.World.BeatAsync(20);
        Assert.Equal(JsonValueKind.Array, (await StreamServer.ReceiveAsync(healthy))!.Value.ValueKind);
    }

    private static string Hostile(in CounterRandom random, ref ulong draw)
    {
        string[] parts =
        [
            "{", "}", "[", "]", "\"", ":", ",", "\"id\"", "\"method\"", "\"params\"", "\"SUBSCRIBE\"", "\"UNSUBSCRIBE\"", "null", "-1", "1e999",
                "\\u0000",
            "\"!ticker@arr\"", "\"aaausdt@depth\"", "\"\\ud800\"", "true", " ", "\u00e9", new string('[', 200), new string('9', 400),
                "\"combined\"", "\"SET_PROPERTY\"",
        ];
        string[] whole =
        [
            """{"method":"SUBSCRIBE","params":["X"],"id":{"a":1}}""", """{"method":"SUBSCRIBE","params":[[[[["a"]]]]],"id":1}""",
            """{"method":"SUBSCRIBE","params":[""],"id":"\ud800"}""", """{"method":"SUBSCRIBE","params":["\u0000@depth","../../etc"],"id":1}""",
            """{"method":"SUBSCRIBE","params":["\ud800"],"id":1}""", """{"method":"\ud800","id":1}""",
                """{"method":"SET_PROPERTY","params":["combined","yes"],"id":1}""",
            """{"method":"SUBSCRIBE","params":null,"id":1}""", """{"method":"SUBSCRIBE","params":[1,null,{}],"id":1}""",
                """{"method":5,"id":true}""", "null", "[]", "0", "",
            """{"method":"LIST_SUBSCRIPTIONS","id":99999999999999999999999999999}""", """{"id":1}""",
                """{"method":"REQUEST","params":["@account"],"id":12}""",
        ];
        if (random.Below(draw++, 4) == 0) return whole[random.Below(draw++, whole.Length)];
        if (random.Below(draw++, 200) == 0) return new string('{', 4_097);
        var text = new StringBuilder();
        for (long n = random.Below(draw++, 9); n >= 0; n--) text.Append(parts[random.Below(draw++, parts.Length)]);
        return text.ToString();
    }

    private static StreamTopic Find(StreamServer server, string name)
    {
        Assert.True(server.World.Streams.Markets.Topics.TryFind(name, out StreamTopic topic));
        return topic;
    }

    private static async Task AssertCutAsync(StreamServer server, Func<ClientWebSocket, Task> send, WebSocketCloseStatus status)
    {
        using ClientWebSocket socket = await server.ConnectAsync("/ws");
        try
        {
            await send(socket);
        }
        catch (WebSocketException)
        {
            // Cut while it still sent.
        }

        while (await StreamServer.ReceiveAsync(socket) is not null)
        {
        }

        Assert.Equal(status, socket.CloseStatus);
        Assert.NotEqual("", socket.CloseStatusDescription);
    }
}
