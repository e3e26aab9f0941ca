using System.Globalization;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Limits;

/// <summary>Request weight and order count as a client meets them: headers that count, then 429, then 418; others go on.</summary>
public sealed class LimitTests : IDisposable
{
    private const int MostTries = 5_000;

    private readonly DataFolder _folder = new();
    private readonly ServerProcess _server;
    private readonly HttpClient _http;
    private decimal _far;

    public LimitTests()
    {
        _server = ServerProcess.Start(_folder.Path, 0, "--traders", "0");
        _http = new HttpClient { BaseAddress = _server.Address };
    }

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Limits_CountInHeaders_Refuse_ThenBan_OthersGoOn()
    {
        var admin = new AdminClient(_http);
        _far = decimal.Round(await admin.HoldAsync("BTCUSDT") * 0.98m);
        TestAccount busy = await admin.OpenAsync("busy", 10_000);
        TestAccount calm = await admin.OpenAsync("calm", 10_000);
        TestAccount free = await admin.WithKeyAsync(calm, new { scopes = (string[])["Read", "Trade"], unlimited = true });
        await OrdersAsync(new BinanceClient(_http, busy.Key, busy.Secret), new BinanceClient(_http, calm.Key, calm.Secret));
        await WeightAsync(new BinanceClient(_http, busy.Key, busy.Secret), new BinanceClient(_http, free.Key, free.Secret));
        await admin.GetAsync("/accounts");
    }

    private async Task OrdersAsync(BinanceClient busy, BinanceClient calm)
    {
        int before = 0;
        bool counted = false;
        for (int i = 0; i < MostTries; i++)
        {
            WireAnswer answer = await OrderAsync(busy);
            if (answer.Status == 429)
            {
                Assert.Equal(-1015, answer.Code);
                Assert.InRange(Number(answer, "Retry-After"), 1, 60);
                Assert.True(counted, "the order count was never told");
                Assert.Equal(200, (await OrderAsync(calm)).Status);
                return;
            }

            Assert.True(answer.IsSuccess, $"{answer}");
            int now = Number(answer, "X-MBX-ORDER-COUNT-10S");
            Assert.True(now == before + 1 || now == 1, $"{now} orders after {before}");
            Assert.True(Number(answer, "X-MBX-ORDER-COUNT-1M") >= now);
            counted |= now > 1;
            before = now;
        }

        Assert.Fail($"{MostTries} orders and no 429");
    }

    // Immediate or cancel, far from the market: nothing stays.
    private Task<WireAnswer> OrderAsync(BinanceClient client) => client.SignedAsync(
        HttpMethod.Post, "/fapi/v1/order", ("symbol", "BTCUSDT"), ("side", "BUY"), ("type", "LIMIT"), ("timeInForce", "IOC"),
        ("quantity", 0.01m), ("price", _far));

    private static async Task WeightAsync(BinanceClient busy, BinanceClient free)
    {
        int refused = 0;
        for (int i = 0; i < MostTries; i++)
        {
            WireAnswer answer = await busy.GetAsync("/fapi/v1/openOrders");
            if (answer.Status == 418)
            {
                Assert.True(refused > 0, "banned without a warning");
                Assert.InRange(Number(answer, "Retry-After"), 1, 3600);
                Assert.Equal(200, (await free.GetAsync("/fapi/v1/openOrders")).Status);
                return;
            }

            if (answer.Status == 429)
            {
                refused++;
                Assert.Equal(-1003, answer.Code);
                Assert.InRange(Number(answer, "Retry-After"), 1, 60);
                Assert.Equal(200, (await free.GetAsync("/fapi/v1/openOrders")).Status);
                continue;
            }

            Assert.True(answer.IsSuccess, $"{answer}");
            Assert.InRange(Number(answer, "X-MBX-USED-WEIGHT-1M"), 1, 2_400);
        }

        Assert.Fail($"{MostTries} requests and no ban");
    }

    private static int Number(WireAnswer answer, string header) =>
        int.Parse(answer.Header(header) ?? throw new InvalidOperationException($"no {header}: {answer}"), CultureInfo.InvariantCulture);
}
