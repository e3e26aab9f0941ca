using System.Globalization;
using System.Text;
using System.Text.Json;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Hostile;

/// <summary>Hostile WebSocket sessions, by a seed: each is a connection, and some frames on it.</summary>
internal sealed class SocketForge(int seed, Uri address, TestAccount attacker, Victim victim)
{
    private const string End = "\"the-end\"";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string[] s_paths =
        ["/ws", "/ws/btcusdt@trade", "/public/ws/1", "/market/ws/1", "/stream", "/public/stream?streams=", "/market/stream?streams=btcusdt@kline_1m"];

    private readonly Random _random = new(seed);
    private readonly BinanceClient _right = new(null!, attacker.Key, attacker.Secret);
    private readonly BinanceClient _wrong = new(null!, attacker.Key, "not the secret");

    /// <summary>One session; returns how many frames and handshakes it sent. Throws where the server behaves wrongly.</summary>
    public async Task<int> NextAsync()
    {
        using var connection = new RawConnection(address);
        return _random.Next(10) switch
        {
            0 => await HandshakeAsync(connection),
            < 4 => await BreakAsync(connection),
            < 7 => await TalkAsync(connection, Poison.Any(_random, s_paths), StreamNonsense),
            _ => await TalkAsync(connection, "/ws-fapi/v1", ApiNonsense),
        };
    }

    private static byte[] Upgrade(string path) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    private async Task<int> HandshakeAsync(RawConnection connection)
    {
        string text = Encoding.ASCII.GetString(Upgrade("/ws"));
        string broken = _random.Next(6) switch
        {
            0 => text.Replace("Version: 13", "Version: 8", StringComparison.Ordinal),
            1 => text.Replace("dGhlIHNhbXBsZSBub25jZQ==", "short", StringComparison.Ordinal),
            2 => text.Replace("/ws", "/nothing/ws", StringComparison.Ordinal),
            3 => text.Replace("GET", "POST", StringComparison.Ordinal),
            4 => text.Replace("/ws", "/private/ws?listenKey=" + new string('x', 3000), StringComparison.Ordinal),
            _ => text.Replace("/ws", "/ws/" + Poison.Of(ValueKind.Word, _random).Replace("%", "%25", StringComparison.Ordinal), StringComparison.Ordinal),
        };
        RawAnswer answer = await connection.ExchangeAsync(Encoding.ASCII.GetBytes(broken), endsThere: false);
        Assert.True(answer.Status < 500, $"a broken handshake: {answer}{Environment.NewLine}{broken}");
        return 1;
    }

    // The protocol is broken: the server ends the connection.
    private async Task<int> BreakAsync(RawConnection connection)
    {
        using var patience = new CancellationTokenSource(s_patience);
        string path = Poison.Any(_random, [.. s_paths, "/ws-fapi/v1"]);
        await OpenAsync(connection, path);
        int sent = _random.Next(4);
        for (int i = 0; i < sent; i++) await connection.SendAsync(Frames.OfText("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}"), patience.Token);
        byte[] broken = Frames.Broken(_random);
        await TrySendAsync(connection, broken, patience.Token);
        int told = 0;
        try
        {
            while (await connection.FillAsync(1, patience.Token))
            {
                told += connection.Unread.Length;
                connection.Take(connection.Unread.Length);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{path} was not closed after {sent} frames and {Convert.ToHexString(broken[..Math.Min(20, broken.Length)])}; it sent {told} bytes");
        }

        return sent + 1;
    }

    // Whole frames with hostile contents: an error, or a clear end; then the connection, where it is still there, still works.
    private async Task<int> TalkAsync(RawConnection connection, string path, Func<byte[]> next)
    {
        using var patience = new CancellationTokenSource(s_patience);
        await OpenAsync(connection, path);
        int count = _random.Next(1, 40);
        bool isOpen = true;
        for (int i = 0; i < count && isOpen; i++)
        {
            isOpen = await TrySendAsync(connection, next(), patience.Token);
            if (!isOpen) count = i + 1;
        }

        string method = path == "/ws-fapi/v1" ? "no.such.method" : "LIST_SUBSCRIPTIONS";
        if (isOpen) await TrySendAsync(connection, Frames.OfText($"{{\"method\":\"{method}\",\"id\":{End}}}"), patience.Token);
        await ReadToEndAsync(connection, patience.Token);
        return count + 1;
    }

    private static async Task OpenAsync(RawConnection connection, string path)
    {
        RawAnswer answer = await connection.ExchangeAsync(Upgrade(path), endsThere: false);
        Assert.True(answer.Status == 101, $"{path}: {answer}");
    }

    private static async Task<bool> TrySendAsync(RawConnection connection, byte[] frame, CancellationToken stop)
    {
        try
        {
            await connection.SendAsync(frame, stop);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false; // cut off
        }
    }

    private static async Task ReadToEndAsync(RawConnection connection, CancellationToken stop)
    {
        while (true)
        {
            (int opcode, string payload, int bytes) = Frames.Read(connection.Unread);
            if (bytes == 0)
            {
                if (!await connection.FillAsync(connection.Unread.Length + 1, stop)) return;
                continue;
            }

            connection.Take(bytes);
            if (opcode == Frames.Close) return;
            if (opcode != Frames.Text) continue;
            Check(payload);
            if (payload.Contains(End, StringComparison.Ordinal)) return;
        }
    }

    private static void Check(string payload)
    {
        Assert.DoesNotContain("   at ", payload, StringComparison.Ordinal);
        if (!payload.StartsWith("{\"id\"", StringComparison.Ordinal)) return;
        using JsonDocument answer = JsonDocument.Parse(payload);
        if (!answer.RootElement.TryGetProperty("status", out JsonElement status)) return;
        Assert.True(status.GetInt32() is >= 400 and < 500, $"a hostile request was answered with {payload}");
    }

    private byte[] StreamNonsense() => _random.Next(14) switch
    {
        0 => Frames.OfText("not json"),
        1 => Frames.OfText(new string('[', _random.Next(1, 3000))),
        2 => Frames.OfText("{\"method\":\"SUBSCRIBE\",\"params\":[\"" + Poison.Of(ValueKind.Word, _random) + "\"],\"id\":1}"),
        3 => Frames.OfText("{\"method\":\"SUBSCRIBE\",\"params\":\"btcusdt@trade\",\"id\":{}}"),
        4 => Frames.OfText("{\"method\":\"NOTHING\",\"params\":[],\"id\":-1}"),
        5 => Frames.OfText($"{{\"method\":\"SUBSCRIBE\",\"params\":[{Flood()}],\"id\":2}}"),
        6 => Frames.OfText($"{{\"method\":\"UNSUBSCRIBE\",\"params\":[{Flood()}],\"id\":3}}"),
        7 => Frames.Of(Frames.Binary, [0, 1, 2, 255]),
        8 => Frames.Of(Frames.Text, [0xFF, 0xFE, 0xC0]),
        9 => Frames.OfText($"{{\"method\":\"SUBSCRIBE\",\"params\":[\"{victim.ListenKey[..^1]}x\"],\"id\":4}}"),
        10 => Frames.OfText("{\"method\":\"SUBSCRIBE\",\"params\":[null,1,{},[]],\"id\":\"" + new string('i', _random.Next(500)) + "\"}"),
        11 => Frames.OfText("{\"id\":99999999999999999999999999,\"method\":\"LIST_SUBSCRIPTIONS\"}"),
        12 => Frames.Of(Frames.Ping, new byte[_random.Next(126)]),
        _ => Frames.OfText("{\"method\":\"SUBSCRIBE\",\"params\":[\"" + new string('s', _random.Next(1, 30_000)) + "\"],\"id\":5}"),
    };

    private string Flood()
    {
        int from = _random.Next(1000);
        return string.Join(',', Enumerable.Range(from, _random.Next(1, 400)).Select(i => $"\"s{i}usdt@depth{i}\""));
    }

    private byte[] ApiNonsense()
    {
        string method = Poison.Any(
            _random, ["order.place", "order.modify", "order.cancel", "order.status", "algoOrder.place", "algoOrder.cancel",
                "account.status", "session.logon", "x"]);
        return _random.Next(7) switch
        {
            0 => Frames.OfText("{\"id\":1}"),
            1 => Frames.OfText($"{{\"id\":\"{new string('i', _random.Next(200))}\",\"method\":\"{method}\",\"params\":[]}}"),
            2 => Frames.OfText($"{{\"id\":{{}},\"method\":\"{method}\",\"params\":{{}}}}"),
            3 => Frames.OfText($"{{\"id\":1,\"method\":{new string('[', _random.Next(1, 900))}"),
            4 => ApiCall(method, _wrong, Poison.Any(_random, CallShape.All), poisoned: false),
            5 => ApiCall("order.place", _right, CallShape.All[0], poisoned: true),
            _ => ApiCall("order.place", _right, CallShape.All[1], poisoned: true),
        };
    }

    private byte[] ApiCall(string method, BinanceClient signer, CallShape shape, bool poisoned)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["apiKey"] = attacker.Key,
            ["timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ["recvWindow"] = "60000",
        };
        foreach (Part part in shape.Parts) values[part.Name] = part.Value;
        if (poisoned)
        {
            Part part = shape.Parts[_random.Next(shape.Parts.Length)];
            values[part.Name] = Poison.Of(part.Kind, _random);
        }

        values["signature"] = signer.Sign(string.Join('&', values.Select(v => $"{v.Key}={v.Value}")));
        return Frames.OfText(JsonSerializer.Serialize(new { id = "api", method, @params = values }));
    }
}
