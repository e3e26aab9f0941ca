using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CrossMargin.Gateway.Accounts;
using CrossMargin.Gateway.Alerts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrossMargin.AspNetCore.Tests;

public sealed class AlertTests : IDisposable
{
    private static readonly WebhookOptions s_local = new() { AllowPrivate = true, Pauses = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20)] };

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task PriceAlert_CameAndWent_FiresOnceAlsoAfterARestartAndIsSigned()
    {
        await using Listener listener = await Listener.StartAsync(failures: 1);
        string id;
        await using (TestApp app = await TestApp.StartAsync(o => (o.DataDirectory, o.Webhooks) = (_folder.Path, s_local)))
        {
            await app.PriceAsync("10000");
            TestTrader trader = await app.NewTraderAsync();
            JsonNode made = await trader.SignedAsync(
                HttpMethod.Post, "/account/v1/alerts", $"kind=MarkPrice&symbol=AAAUSDT&threshold=10500&webhook={Uri.EscapeDataString(listener.Address)}");
            (id, string secret) = ((string)made["alert"]!["id"]!, (string)made["webhookSecret"]!);
            await app.PriceAsync("10400");
            await app.PriceAsync("10600");
            await app.PriceAsync("10000");
            await TestApp.UntilAsync(() => Task.FromResult(listener.Taken.Count == 2), "two attempts, the first of them refused");
            Assert.All(listener.Taken, t => Assert.True(IsSigned(t, secret)));
            JsonNode body = JsonNode.Parse(listener.Taken.First().Body)!;
            Assert.Equal("CROSSMARGIN_ALERT", (string)body["e"]!);
            Assert.Equal((id, "10500"), ((string)body["alertId"]!, (string)body["threshold"]!));
            await app.PriceAsync("10700");
        }

        await using TestApp again = await TestApp.StartAsync(o => (o.DataDirectory, o.Webhooks) = (_folder.Path, s_local));
        await again.PriceAsync("10800");
        JsonNode alert = (await again.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1/alerts"))["alerts"]![0]!;
        Assert.Equal((true, 1), ((bool)alert["isOver"]!, (int)alert["fired"]!));
        Assert.Equal(2, listener.Taken.Count);
        await again.AdminAsync(HttpMethod.Delete, $"/admin/v1/accounts/1/alerts/{id}", null, 204);
    }

    [Fact]
    public async Task RatioAlert_Repeating_FiresEachTimeItBegins()
    {
        await using TestApp app = await TestApp.StartAsync();
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync("1000");
        await app.AdminAsync(
            HttpMethod.Post, $"/admin/v1/accounts/{trader.Number}/alerts", new { kind = "MarginRatio", threshold = "0.1", repeats = true }, 201);
        await trader.OrderAsync("BUY", "1");
        await FiredAsync(app, 0, armed: true);
        await app.PriceAsync("9300");
        await FiredAsync(app, 1, armed: false);
        await app.PriceAsync("10000");
        await FiredAsync(app, 1, armed: true);
        await app.PriceAsync("9300");
        await FiredAsync(app, 2, armed: false);
    }

    [Fact]
    public async Task Webhook_ToAPrivateAddress_IsNeverCalled()
    {
        await using Listener listener = await Listener.StartAsync(failures: 0);
        await using TestApp app = await TestApp.StartAsync(o => o.Webhooks = s_local with { AllowPrivate = false });
        using var metrics = new MetricLog(app);
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync();
        await trader.SignedAsync(
            HttpMethod.Post, "/account/v1/alerts", $"kind=MarkPrice&symbol=AAAUSDT&threshold=9000&webhook={Uri.EscapeDataString(listener.Address)}");
        await TestApp.UntilAsync(() => Task.FromResult(metrics["crossmargin.webhooks outcome=failed"] == 1), "the sender gave it up");
        Assert.Equal(0, metrics["crossmargin.webhooks outcome=delivered"]);
        Assert.Empty(listener.Taken);
        foreach (string bad in new[] { "ftp://x/", "file:///etc/passwd", "/relative", "http://user:word@x/" })
        {
            await trader.SignedAsync(
                HttpMethod.Post, "/account/v1/alerts", $"kind=MarkPrice&symbol=AAAUSDT&threshold=9000&webhook={Uri.EscapeDataString(bad)}", 400);
        }
    }

    [Fact]
    public async Task Webhook_ToAHostThatNoNameCanHave_FailsAndOthersAreStillPosted()
    {
        await using Listener listener = await Listener.StartAsync(failures: 0);
        using var log = new EveryLine();
        await using TestApp app = await TestApp.StartAsync(o => o.Webhooks = s_local, log);
        using var metrics = new MetricLog(app);
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync();

        // Letters that an address may have, but no name of the DNS: more of them than there are workers.
        const int Bad = 20;
        for (int i = 0; i < Bad; i++) await SetAsync($"http://xn--hook-of-mine-\u00e4.example/{i}");
        await SetAsync("http://hook-of-mine.invalid/");
        await TestApp.UntilAsync(() => Task.FromResult(metrics["crossmargin.webhooks outcome=failed"] == Bad + 1), "the sender gave them up");
        await SetAsync(listener.Address);
        await TestApp.UntilAsync(() => Task.FromResult(listener.Taken.Count == 1), "the good one was posted");
        string[] own = [.. log.Lines.Where(l => l.StartsWith("CrossMargin", StringComparison.Ordinal))];
        Assert.Contains(own, l => l.Contains("given up", StringComparison.Ordinal));
        Assert.DoesNotContain(own, l => l.Contains("hook-of-mine", StringComparison.Ordinal));

        Task SetAsync(string address) => trader.SignedAsync(
            HttpMethod.Post, "/account/v1/alerts", $"kind=MarkPrice&symbol=AAAUSDT&threshold=9000&webhook={Uri.EscapeDataString(address)}");
    }

    [Fact]
    public async Task Webhook_TooManyThatFail_AreDroppedNotKept()
    {
        await using Listener listener = await Listener.StartAsync(failures: int.MaxValue);
        await using TestApp app = await TestApp.StartAsync(o => o.Webhooks = s_local with { MostWaiting = 3, Pauses = [TimeSpan.FromHours(1)] });
        using var metrics = new MetricLog(app);
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync();
        for (int i = 0; i < 8; i++)
        {
            await trader.SignedAsync(
                HttpMethod.Post, "/account/v1/alerts", $"kind=MarkPrice&symbol=AAAUSDT&threshold=9000&webhook={Uri.EscapeDataString(listener.Address)}");
            await TestApp.UntilAsync(() => Task.FromResult(listener.Taken.Count == i + 1), "it was posted");
        }

        await TestApp.UntilAsync(() => Task.FromResult(metrics["crossmargin.webhooks outcome=dropped"] == 5), "three wait, five are dropped");
    }

    [Fact]
    public async Task OldState_LookedAt_TellsNobody()
    {
        await using Listener listener = await Listener.StartAsync(failures: 0);
        long until;
        await using (TestApp app = await TestApp.StartAsync(o => (o.DataDirectory, o.Webhooks) = (_folder.Path, s_local)))
        {
            await app.PriceAsync("10600");
            until = app.Host.Data.Journal!.AppendedSequence;
            await app.PriceAsync("10000");
            TestTrader trader = await app.NewTraderAsync();
            await trader.SignedAsync(
                HttpMethod.Post, "/account/v1/alerts", $"kind=MarkPrice&symbol=AAAUSDT&threshold=10500&webhook={Uri.EscapeDataString(listener.Address)}");
        }

        await using TestApp old = await TestApp.StartAsync(o => (o.DataDirectory, o.Webhooks, o.Until) = (_folder.Path, s_local, until));
        Assert.Equal("10600", (string)(await old.AdminAsync(HttpMethod.Get, "/admin/v1/markets/AAAUSDT"))["mark"]!);
        await old.App.Services.GetRequiredService<AlertWatcher>().ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(20));
        await old.App.Services.GetRequiredService<RetiredAccounts>().ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(20));
        JsonNode alert = (await old.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1/alerts"))["alerts"]![0]!;
        Assert.Equal((false, 0), ((bool)alert["isOver"]!, (int)alert["fired"]!));
        Assert.Empty(listener.Taken);
    }

    [Fact]
    public async Task Webhook_StillWaitingWhenTheServerStops_IsCountedAsDropped()
    {
        await using Listener listener = await Listener.StartAsync(failures: 1);
        await using TestApp app = await TestApp.StartAsync(o => o.Webhooks = s_local with { Pauses = [TimeSpan.FromHours(1)] });
        using var metrics = new MetricLog(app);
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync();
        await trader.SignedAsync(
            HttpMethod.Post, "/account/v1/alerts", $"kind=MarkPrice&symbol=AAAUSDT&threshold=9000&webhook={Uri.EscapeDataString(listener.Address)}");
        await TestApp.UntilAsync(() => Task.FromResult(listener.Taken.Count == 1), "a first attempt, which was refused");
        await app.App.StopAsync();
        await TestApp.UntilAsync(() => Task.FromResult(metrics["crossmargin.webhooks outcome=dropped"] == 1), "the second one was dropped");
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("1.1.1.1", false)]
    [InlineData("172.32.0.1", false)]
    [InlineData("2606:4700::1111", false)]
    public void IsInner_KnowsPrivateRanges(string address, bool inner) => Assert.Equal(inner, WebhookAddress.IsInner(IPAddress.Parse(address)));

    [Fact]
    public void IsOwn_EveryAddressOfThisMachine_AndNoOther()
    {
        IPAddress[] own = [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address)];
        Assert.Contains(IPAddress.Loopback, own);
        Assert.All(own, address => Assert.True(WebhookAddress.IsOwn(address)));
        Assert.True(WebhookAddress.IsOwn(IPAddress.Loopback.MapToIPv6()));
        Assert.False(WebhookAddress.IsOwn(IPAddress.Parse("1.1.1.1")));
    }

    public void Dispose() => _folder.Dispose();

    private static Task FiredAsync(TestApp app, int times, bool armed) => TestApp.UntilAsync(
        async () =>
        {
            await Task.Yield();
            AlertRecord alert = ((AlertBook)app.App.Services.GetService(typeof(AlertBook))!).Of(1)[0];
            return alert.Fired == times && alert.IsArmed == armed;
        },
        $"fired {times} times, armed {armed}");

    private static bool IsSigned((string Signature, string Body) taken, string secret)
    {
        string[] parts = taken.Signature.Split(',');
        byte[] signed = Encoding.UTF8.GetBytes($"{parts[0]["t=".Length..]}.{taken.Body}");
        return parts[1] == "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }

    /// <summary>A server of somebody who wants to be told; the first posts are answered with an error.</summary>
    private sealed class Listener(WebApplication app, ConcurrentQueue<(string Signature, string Body)> taken) : IAsyncDisposable
    {
        public ConcurrentQueue<(string Signature, string Body)> Taken => taken;

        public string Address => app.Urls.First() + "/hook";

        public static async Task<Listener> StartAsync(int failures)
        {
            var taken = new ConcurrentQueue<(string Signature, string Body)>();
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            WebApplication app = builder.Build();
            app.MapPost("/hook", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                taken.Enqueue((request.Headers[WebhookSender.SignatureHeader].ToString(), await reader.ReadToEndAsync()));
                return taken.Count <= failures ? Results.StatusCode(500) : Results.Ok();
            });
            await app.StartAsync();
            return new Listener(app, taken);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
