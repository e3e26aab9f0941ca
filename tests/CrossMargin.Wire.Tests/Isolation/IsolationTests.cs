using System.Text.Json;
using CrossMargin.Gateway.Binance;
using CrossMargin.Wire.Tests.Hostile;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Isolation;

/// <summary>Every operation that needs a key, with every wrong one, over REST and the WebSocket API: nothing leaks, nothing changes.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private const decimal Deposit = 7_654.321m;
    private const string OwnersOrder = "the-owners-own-order";

    private readonly DataFolder _folder = new();
    private readonly ServerProcess _server;
    private readonly HttpClient _http;
    private TestAccount _owner = null!;
    private TestAccount _other = null!;
    private BinanceClient _client = null!;
    private long _orderId;
    private long _algoId;

    public IsolationTests()
    {
        _server = ServerProcess.Start(_folder.Path, 0, "--traders", "0", "--limits", "off");
        _http = new HttpClient { BaseAddress = _server.Address };
    }

    public async Task InitializeAsync()
    {
        var admin = new AdminClient(_http);
        decimal price = await admin.HoldAsync("BTCUSDT");
        _owner = await admin.OpenAsync("owner", Deposit);
        _other = await admin.OpenAsync("other", 1_000);
        _client = new BinanceClient(_http, _owner.Key, _owner.Secret);
        WireAnswer order = await _client.SignedAsync(
            HttpMethod.Post, "/fapi/v1/order", ("symbol", "BTCUSDT"), ("side", "BUY"), ("type", "LIMIT"), ("timeInForce", "GTC"), ("quantity", 0.01m),
            ("price", decimal.Round(price * 0.98m)), ("newClientOrderId", OwnersOrder));
        WireAnswer algo = await _client.SignedAsync(
            HttpMethod.Post, "/fapi/v1/algoOrder", ("algoType", "CONDITIONAL"), ("symbol", "BTCUSDT"), ("side", "SELL"), ("type", "STOP_MARKET"),
            ("quantity", 0.01m), ("triggerPrice", decimal.Round(price / 2)), ("clientAlgoId", "the-owners-own-algo"));
        Assert.True(order.IsSuccess && algo.IsSuccess, $"{order}{algo}");
        (_orderId, _algoId) = (order.Body.Whole("orderId"), algo.Body.Whole("algoId"));
    }

    public Task DisposeAsync()
    {
        _http.Dispose();
        _server.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task EveryOperation_WithEveryWrongKey_IsRefusedAndChangesNothing()
    {
        string before = await StateAsync();
        IReadOnlyList<WrongKey> keys = await WrongKeys.MakeAsync(_http, new AdminClient(_http), _owner, _other);
        int tried = 0;
        foreach (Operation operation in OperationTable.All.Where(o => o.Security != CallSecurity.None))
        {
            foreach (WrongKey key in keys.Where(k => k.IsWrongFor(operation)))
            {
                WireAnswer answer = await CallAsync(key.Client, operation);
                int status = key.Code == -1022 ? 400 : 401;
                Assert.True(answer.Status == status && answer.Code == key.Code, $"{operation.Method} {operation.Path}, key {key.Name}: {answer}");
                tried++;
            }
        }

        Assert.True(tried > 100, $"only {tried} calls");
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task EveryOperation_OverTheSocketWithEveryWrongKey_IsRefusedAndChangesNothing()
    {
        string before = await StateAsync();
        IReadOnlyList<WrongKey> keys = await WrongKeys.MakeAsync(_http, new AdminClient(_http), _owner, _other);
        using ApiSocket socket = await ApiSocket.OpenAsync(_server.Address);
        int tried = 0;
        foreach (Operation operation in OperationTable.All.Where(o => o.Security != CallSecurity.None))
        {
            foreach (string method in operation.WebSocketMethods)
            {
                foreach (WrongKey key in keys.Where(k => k.IsWrongFor(operation)))
                {
                    JsonElement answer = await socket.CallAsync(method, key.Key, key.Client, Parameters(operation));
                    Assert.True(answer.GetProperty("status").GetInt32() is 400 or 401, $"{method}, key {key.Name}: {answer}");
                    tried++;
                }
            }
        }

        Assert.True(tried > 30, $"only {tried} calls");
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task EveryOperation_WithAnothersKey_ShowsAndTouchesOnlyHisOwn()
    {
        string before = await StateAsync();
        var other = new BinanceClient(_http, _other.Key, _other.Secret);
        foreach (Operation operation in OperationTable.All.Where(o => o.Security != CallSecurity.None))
        {
            WireAnswer answer = await CallAsync(other, operation);
            Assert.True(answer.Status < 500, $"{operation.Method} {operation.Path}: {answer}");
            foreach (string secret in (string[])[OwnersOrder, "the-owners-own-algo", "7654.32", _owner.Key])
            {
                Assert.False(answer.Text.Contains(secret, StringComparison.Ordinal), $"{operation.Method} {operation.Path} shows {secret}: {answer}");
            }
        }

        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task ListenKey_OfAnother_IsNotGivenOutOrTouched()
    {
        WireAnswer mine = await _client.KeyedAsync(HttpMethod.Post, "/fapi/v1/listenKey");
        var other = new BinanceClient(_http, _other.Key, _other.Secret);
        WireAnswer his = await other.KeyedAsync(HttpMethod.Post, $"/fapi/v1/listenKey?listenKey={mine.Body.Word("listenKey")}");
        Assert.NotEqual(mine.Body.Word("listenKey"), his.Body.Word("listenKey"));
        await other.KeyedAsync(HttpMethod.Delete, $"/fapi/v1/listenKey?listenKey={mine.Body.Word("listenKey")}");
        WireAnswer again = await _client.KeyedAsync(HttpMethod.Put, "/fapi/v1/listenKey");
        Assert.True(again.IsSuccess && again.Body.Word("listenKey") == mine.Body.Word("listenKey"), $"{again}");
    }

    private Task<WireAnswer> CallAsync(BinanceClient client, Operation operation)
    {
        var method = new HttpMethod(operation.Method);
        (string, object)[] parameters = [.. Parameters(operation).Select(p => (p.Name, (object)p.Value))];
        return operation.Security == CallSecurity.Signed
            ? client.SignedAsync(method, operation.Path, parameters)
            : client.KeyedAsync(method, $"{operation.Path}?{BinanceClient.Form(parameters)}");
    }

    // With the right key each of these would show the owner's things or change them.
    private IEnumerable<(string Name, string Value)> Parameters(Operation operation)
    {
        CallShape? shape = CallShape.All.FirstOrDefault(s => s.Method == operation.Method && s.Path == operation.Path);
        foreach (Part part in shape?.Parts ?? []) yield return (part.Name, part.Name switch
        {
            "orderId" => $"{_orderId}",
            "algoId" => $"{_algoId}",
            _ => part.Value,
        });
        if (shape is not null || operation.Security == CallSecurity.Key) yield break;
        yield return ("symbol", "BTCUSDT");
        if (operation.Path.EndsWith("/openOrder", StringComparison.Ordinal)) yield return ("orderId", $"{_orderId}");
        if (operation.Path.EndsWith("/algoOrder", StringComparison.Ordinal)) yield return ("algoId", $"{_algoId}");
        if (!operation.Path.EndsWith("/batchOrders", StringComparison.Ordinal)) yield break;
        yield return ("orderIdList", $"[{_orderId}]");
        yield return ("batchOrders", $"[{{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"orderId\":{_orderId},\"quantity\":\"0.02\",\"price\":\"48000\"}}]");
    }

    private async Task<string> StateAsync()
    {
        var all = new List<string>();
        foreach (string path in (string[])["openOrders", "openAlgoOrders", "income", "symbolConfig", "accountConfig"])
        {
            WireAnswer answer = await _client.GetAsync("/fapi/v1/" + path);
            Assert.True(answer.IsSuccess, $"{path}: {answer}");
            all.Add(answer.Text);
        }

        foreach (JsonElement row in (await _client.GetAsync("/fapi/v3/balance")).Body.EnumerateArray()) all.Add(row.Word("balance"));
        return string.Join(Environment.NewLine, all);
    }
}
