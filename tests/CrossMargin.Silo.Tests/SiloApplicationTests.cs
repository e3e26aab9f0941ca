using System.Text.Json;
using CrossMargin.Silo.Hosting;
using CrossMargin.Silo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace CrossMargin.Silo.Tests;

/// <summary>The silo's program on memory storage, as it starts without any configuration but its ports.</summary>
public sealed class SiloApplicationTests
{
    [Fact]
    public async Task Health_OneSiloOnMemory_GetsHealthyAndSeesItself()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var measured = new Measurements();
        await using WebApplication silo = SiloApplication.Build(Ports());
        await silo.StartAsync(deadline.Token);
        using var http = new HttpClient { BaseAddress = new Uri(silo.Urls.First()) };
        JsonElement exchange;
        string status;
        do
        {
            using JsonDocument health = JsonDocument.Parse(await http.GetStringAsync("/health", deadline.Token));
            exchange = health.RootElement.GetProperty("checks").GetProperty("exchange").Clone();
            status = health.RootElement.GetProperty("status").GetString()!;
            await Task.Delay(100, deadline.Token);
        }
        while (status != "Healthy" || exchange.GetProperty("data").GetProperty("unwatchedHolders").GetInt32() < 0); // prices and looks are on their way

        Assert.Equal(1, exchange.GetProperty("data").GetProperty("silos").GetInt32());
        Assert.Equal(12, exchange.GetProperty("data").GetProperty("markets").GetInt32());
        Assert.Equal(0, exchange.GetProperty("data").GetProperty("unwatchedHolders").GetInt32());
        IReadOnlyDictionary<string, double> sums = measured.Sums();
        Assert.All(["crossmargin.ticks", "crossmargin.writes", "crossmargin.writes.bytes", "crossmargin.write.duration"], name => Assert.True(sums[name] > 0));
        Assert.Equal(0, sums["crossmargin.unwatched"]);
        Assert.Contains("crossmargin.outbox", sums.Keys);
        Assert.Equal("Healthy", await http.GetStringAsync("/health/live", deadline.Token));
        await silo.StopAsync(deadline.Token);
    }

    [Fact]
    public void Build_ProviderThatIsNotThere_SaysWhichInOneLine()
    {
        Exception e = Assert.ThrowsAny<Exception>(() => SiloApplication.Build([.. Ports(), "--Orleans:Clustering:ProviderType=Nowhere"]));
        string line = SiloFaults.Say(e)!;
        Assert.Contains("'Nowhere'", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void Build_UnknownFeed_SaysWhichInOneLine()
    {
        Exception e = Assert.ThrowsAny<Exception>(() => SiloApplication.Build([.. Ports(), "--CrossMargin:Feed=tea"]));
        Assert.Contains("\"tea\"", SiloFaults.Say(e), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateTables_NoConnectionString_SaysWhatToSet()
    {
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => SiloTables.CreateAsync(new ConfigurationBuilder().Build()));
        Assert.Contains("ConnectionStrings__crossmargin", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateTables_NobodyListens_NamesTheServerAndNoPassword()
    {
        string text = $"Host=127.0.0.1;Port={FreePorts.Pair()};Database=x;Username=u;Password=hunter2;Timeout=5";
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new KeyValuePair<string, string?>("ConnectionStrings:crossmargin", text)]).Build();
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => SiloTables.CreateAsync(configuration));
        Assert.DoesNotContain("hunter2", e.Message, StringComparison.Ordinal);
    }

    private static string[] Ports()
    {
        int port = FreePorts.Pair();
        return
        [
            "--urls=http://127.0.0.1:0", "--Orleans:Endpoints:AdvertisedIPAddress=127.0.0.1",
            $"--Orleans:Endpoints:SiloPort={port}", $"--Orleans:Endpoints:GatewayPort={port + 1}", "--Logging:LogLevel:Default=Warning",
        ];
    }
}
