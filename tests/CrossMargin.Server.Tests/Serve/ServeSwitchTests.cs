using System.Text.Json;
using CrossMargin.Server.Simulate;
using CrossMargin.Server.Tests.Simulate;

namespace CrossMargin.Server.Tests.Serve;

/// <summary>What the switches of `serve` switch, on the running program: metrics, form of the logs, house liquidity.</summary>
public sealed class ServeSwitchTests
{
    private const string Token = "a-token-of-the-switch-tests-0123456789";

    [Fact]
    public async Task Serve_MetricsLogsAndHouse_AreAsTheirSwitchesSay()
    {
        using var folder = new TempFolder();
        await using MetricsReceiver receiver = await MetricsReceiver.StartAsync();
        KeyValuePair<string, string>[] environment =
        [
            new("CROSSMARGIN_ADMIN_TOKEN", Token), new("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address),
            new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), new("OTEL_METRIC_EXPORT_INTERVAL", "200"),
        ];
        string[] options = ["--data", folder["data"]];
        using (ServedExchange served = await ServedExchange.StartAsync(environment, [.. options, "--house", "off", "--log-format", "json"]))
        {
            Assert.All(await HousesAsync(served), Assert.False);
            await served.AdminAsync(HttpMethod.Post, "/simulator/pause", Token);
            await served.AdminAsync(HttpMethod.Post, "/simulator/resume", Token);
            Assert.Equal(ExitCode.Done, await served.StopAsync());
            AssertJson(await served.ErrorAsync());
        }

        string[] measured =
        [
            "crossmargin.request.duration", "crossmargin.journal.commit", "crossmargin.journal.size", "crossmargin.journal.uncommitted",
            "crossmargin.history.lag", "crossmargin.events.lost", "crossmargin.sequencer.queue", "kestrel.active_connections", "dotnet.gc.collections",
        ];
        foreach (string name in measured) Assert.True(receiver.Has(name), name);

        using (ServedExchange served = await ServedExchange.StartAsync([environment[0]], options))
        {
            Assert.All(await HousesAsync(served), Assert.False);
            await served.AdminAsync(HttpMethod.Post, "/simulator/pause", Token);
            await served.StopAsync();
            Assert.Contains("admin: POST", await served.ErrorAsync(), StringComparison.Ordinal);
        }

        using (ServedExchange served = await ServedExchange.StartAsync([environment[0]], [.. options, "--house", "on"]))
        {
            Assert.All(await HousesAsync(served), Assert.True);
            await served.StopAsync();
        }
    }

    private static async Task<bool[]> HousesAsync(ServedExchange served)
    {
        JsonElement markets = (await served.AdminAsync(HttpMethod.Get, "/markets", Token)).GetProperty("markets");
        Assert.Equal(12, markets.GetArrayLength());
        return [.. markets.EnumerateArray().Select(m => m.GetProperty("house").GetProperty("enabled").GetBoolean())];
    }

    private static void AssertJson(string error)
    {
        string[] lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var seen = new List<(int Event, string Message)>();
        foreach (string line in lines)
        {
            JsonElement entry = JsonDocument.Parse(line).RootElement;
            Assert.True(DateTimeOffset.TryParse(entry.GetProperty("Timestamp").GetString(), out _), line);
            seen.Add((entry.GetProperty("EventId").GetInt32(), entry.GetProperty("Message").GetString()!));
        }

        Assert.True(seen.Count(s => s.Message.StartsWith("admin: POST", StringComparison.Ordinal)) >= 2, error);
        Assert.All(seen, s => Assert.True(s.Event > 0, s.Message));
    }
}
