using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CrossMargin.AspNetCore.Tests;

public sealed class EmbeddingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task MapCrossMargin_ExchangeInfoAndASignedOrder_Answer()
    {
        await using TestApp app = await TestApp.StartAsync();
        await app.PriceAsync("10000");
        TestTrader trader = await app.NewTraderAsync();
        JsonNode info = await TestApp.ReadAsync(await trader.Client.GetAsync("/fapi/v1/exchangeInfo"), 200, "exchangeInfo");
        Assert.Contains(info["symbols"]!.AsArray(), s => (string)s!["symbol"]! == "AAAUSDT");
        JsonNode order = await trader.OrderAsync("BUY", "0.1");
        Assert.Equal("FILLED", (string)order["status"]!);
    }

    [Fact]
    public async Task Restart_AccountKeyAndPositionAreThere()
    {
        TestTrader trader;
        await using (TestApp app = await TestApp.StartAsync(o => o.DataDirectory = _folder.Path))
        {
            await app.PriceAsync("10000");
            trader = await app.NewTraderAsync();
            await trader.OrderAsync("BUY", "0.1");
        }

        await using TestApp again = await TestApp.StartAsync(o => o.DataDirectory = _folder.Path);
        JsonNode positions = await (trader with { Client = again.Admin }).SignedAsync(HttpMethod.Get, "/fapi/v2/positionRisk", "symbol=AAAUSDT");
        Assert.Equal("0.100", (string)positions[0]!["positionAmt"]!);
        Assert.False(again.Host.Data.IsNew);
    }

    [Fact]
    public async Task Simulator_PauseStepAndPrices_WorkThroughTheOperator()
    {
        await using TestApp app = await TestApp.StartAsync(o => (o.Clock, o.Feed) = (null, new FeedChoice(FeedKind.Push, null, 1)));
        JsonNode state = await app.AdminAsync(HttpMethod.Post, "/admin/v1/simulator/pause");
        Assert.True((bool)state["isPaused"]!);
        await app.AdminAsync(HttpMethod.Post, "/admin/v1/simulator/prices", new { prices = new Dictionary<string, string> { ["AAAUSDT"] = "123.5" } });

        // The first step also takes up what the exchange lagged behind its clock.
        long before = (long)(await app.AdminAsync(HttpMethod.Post, "/admin/v1/simulator/step", new { milliseconds = 1 }))["now"]!;
        state = await app.AdminAsync(HttpMethod.Post, "/admin/v1/simulator/step", new { milliseconds = 5_000 });
        Assert.Equal(before + 5_000, (long)state["now"]!);
        JsonNode held = await app.AdminAsync(HttpMethod.Put, "/admin/v1/markets/AAAUSDT/price", new { kind = "Hold", price = "200" });
        Assert.Equal("200", (string)held["index"]!);
        JsonNode problem = await app.AdminAsync(HttpMethod.Put, "/admin/v1/simulator/speed", new { speed = "0" }, 400);
        Assert.Equal("speed", (string)problem["field"]!);
        Assert.Equal("0.5", (string)(await app.AdminAsync(HttpMethod.Put, "/admin/v1/simulator/speed", new { speed = "0.5" }))["speed"]!);
        await app.AdminAsync(HttpMethod.Put, "/admin/v1/simulator/feed", new { kind = "Replay", file = "/nowhere.csv" }, 400);
        state = await app.AdminAsync(HttpMethod.Put, "/admin/v1/simulator/traders", new { count = 5 });
        Assert.Equal(5, (int)state["traders"]!["count"]!);
    }

    [Fact]
    public async Task Simulator_AReplayThatHasEnded_SaysSo()
    {
        string file = Path.Combine(_folder.Path, "prices.csv");
        await File.WriteAllLinesAsync(file,
        [
            "time,symbol,open,high,low,close,volume", "1600000000000,AAAUSDT,100,101,99,100,5", "1600000060000,AAAUSDT,100,102,99,101,5",
        ]);
        await using TestApp app = await TestApp.StartAsync(o => o.Clock = null);
        await app.AdminAsync(HttpMethod.Post, "/admin/v1/simulator/pause");
        JsonNode state = await app.AdminAsync(HttpMethod.Put, "/admin/v1/simulator/feed", new { kind = "Replay", file });
        Assert.Null(state["feed"]!["note"]);
        state = await app.AdminAsync(HttpMethod.Post, "/admin/v1/simulator/step", new { milliseconds = 300_000 });
        Assert.Contains("the replay ended at", (string)state["feed"]!["note"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_PlacesForWebSockets_AreRefusedByTheStreamsOwnBound()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseCrossMarginLimits();
        using WebApplication app = builder.Build();
        long? most = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxConcurrentUpgradedConnections;
        Assert.True(most is null || most >= new StreamOptions().MaxConnections, $"{most}");
    }

    [Fact]
    public async Task OldState_LookedAt_LeavesTheFolderAsItIs()
    {
        await using (TestApp app = await TestApp.StartAsync(o => o.DataDirectory = _folder.Path)) await app.PriceAsync("10000");
        Directory.Delete(Path.Combine(_folder.Path, "keys"), recursive: true);
        Dictionary<string, string> before = Contents();
        await using (TestApp old = await TestApp.StartAsync(o => (o.DataDirectory, o.Until, o.AdminToken) = (_folder.Path, 1, null)))
        {
            Assert.True(old.Host.IsReadOnly);
            Assert.False(old.Host.IsFirstStart);
        }

        Assert.Equal(before, Contents());

        Dictionary<string, string> Contents() => Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).ToDictionary(
            f => f, f => File.Exists(f) ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))) : "");
    }

    [Fact]
    public async Task OwnClock_SimulatorControls_Are501()
    {
        await using TestApp app = await TestApp.StartAsync();
        JsonNode problem = await app.AdminAsync(HttpMethod.Post, "/admin/v1/simulator/pause", null, 501);
        Assert.Contains("no simulator controls", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
