using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Serving;
using CrossMargin.Model;

namespace CrossMargin.AspNetCore.Tests.Releases;

/// <summary>What was true of a data folder when it was made.</summary>
/// <param name="Engine">The version that wrote it.</param>
/// <param name="StoppedHash">State hash of the folder that was stopped cleanly.</param>
/// <param name="CrashedHash">State hash of the copy that was taken while the exchange ran.</param>
/// <param name="Time">Exchange time of the last command, Unix milliseconds.</param>
/// <param name="Key">An API key of the first account, and its secret: of use in this folder only.</param>
internal sealed record ReleaseFacts(
    string Engine, long Sequence, string StoppedHash, long CrashedSequence, string CrashedHash, long Time, string Key, string Secret);

/// <summary>
/// A data folder as a release leaves it, kept as two archives and a file of facts in `Fixtures/`: `stopped` after a clean stop, `crashed`
/// as a crash of the machine leaves it, its last commands in the write-ahead log alone and no snapshot behind them.
/// </summary>
internal sealed class ReleaseFixture(string release)
{
    private const string Market = "BTCUSDT";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public ReleaseFacts Facts => JsonSerializer.Deserialize<ReleaseFacts>(File.ReadAllText(FileOf("json")))!;

    /// <summary>Unpacks one of the two into an empty folder.</summary>
    public void Unpack(string state, string folder) => ZipFile.ExtractToDirectory(FileOf($"{state}.zip"), folder);

    /// <summary>
    /// Makes the fixture of the release that runs: an exchange of Binance's rules in which a position is held, one was liquidated, orders
    /// and conditional orders rest, an account was reset and one closed, markets were changed, alerts set.
    /// </summary>
    public async Task MakeAsync()
    {
        using var folder = new TempFolder();
        using var crashed = new TempFolder();
        var clock = new VirtualClock();
        TestTrader alice;
        await using (TestApp app = await TestApp.StartAsync(o => (o.DataDirectory, o.Profile, o.Clock) = (folder.Path, VenueProfiles.Binance, clock)))
        {
            alice = await LiveAsync(app, clock);
            app.Host.Data.Journal!.WaitForCommit(app.Host.Data.Journal.AppendedSequence);
            foreach (string file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
            {
                // The -shm file is the running process's own; SQLite makes it anew from the log.
                string name = Path.GetRelativePath(folder.Path, file);
                if (name == "exchange.lock" || name.EndsWith("-shm", StringComparison.Ordinal)) continue;
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(crashed.Path, name))!);
                using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var target = new FileStream(Path.Combine(crashed.Path, name), FileMode.CreateNew);
                source.CopyTo(target);
            }

            await alice.OrderAsync("SELL", "0.01", Market);
        }

        Pack("crashed", crashed.Path);
        Pack("stopped", folder.Path);
        (long sequence, string hash, long time) = Look(folder.Path);
        (long crashedSequence, string crashedHash, _) = Look(crashed.Path);
        var facts = new ReleaseFacts(
            JournalFormat.EngineVersion, sequence, hash, crashedSequence, crashedHash, time, alice.ApiKey, alice.Secret);
        File.WriteAllText(FileOf("json"), JsonSerializer.Serialize(facts, s_json) + "\n");
    }

    private static async Task<TestTrader> LiveAsync(TestApp app, VirtualClock clock)
    {
        Assert.True(app.Host.Exchange.Profile.TryFind(Market, out MarketSpec market));
        await app.PriceAsync("50000", market.Id);
        TestTrader alice = await app.NewTraderAsync("100000");
        TestTrader bob = await app.NewTraderAsync("20000");
        TestTrader carol = await app.NewTraderAsync("1000");
        TestTrader dave = await app.NewTraderAsync("500");
        TestTrader erin = await app.NewTraderAsync("700");
        await bob.SignedAsync(HttpMethod.Post, "/fapi/v1/marginType", $"symbol={Market}&marginType=ISOLATED");
        await bob.SignedAsync(HttpMethod.Post, "/fapi/v1/leverage", $"symbol={Market}&leverage=7");
        await alice.OrderAsync("BUY", "0.05", Market);
        await bob.OrderAsync("SELL", "0.2", Market);
        await carol.OrderAsync("BUY", "0.15", Market);
        await dave.OrderAsync("BUY", "0.01", Market);
        await alice.SignedAsync(
            HttpMethod.Post, "/fapi/v1/order", $"symbol={Market}&side=BUY&type=LIMIT&timeInForce=GTC&price=40000&quantity=0.5&newClientOrderId=rests");
        await alice.SignedAsync(
            HttpMethod.Post, "/fapi/v1/algoOrder",
            $"algoType=CONDITIONAL&symbol={Market}&side=SELL&type=STOP_MARKET&triggerPrice=30000&quantity=0.05&reduceOnly=true&clientAlgoId=stops");
        await alice.SignedAsync(HttpMethod.Post, "/account/v1/alerts", $"kind=MarkPrice&symbol={Market}&threshold=90000");
        await app.AdminAsync(HttpMethod.Post, $"/admin/v1/markets/{Market}/funding", new { rate = "0.0002" });
        for (int price = 49_500; price >= 43_000; price -= 500)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await app.PriceAsync($"{price}", market.Id);
        }

        Assert.Single((await app.AdminAsync(HttpMethod.Get, $"/admin/v1/accounts/{carol.Number}/liquidations"))["liquidations"]!.AsArray());
        await app.AdminAsync(HttpMethod.Post, $"/admin/v1/accounts/{dave.Number}/reset", new { deposit = "600" });
        await app.AdminAsync(HttpMethod.Post, $"/admin/v1/accounts/{erin.Number}/close");
        await app.AdminAsync(HttpMethod.Put, $"/admin/v1/markets/{Market}/house", new { enabled = true, halfSpread = "0.0002" });
        await app.AdminAsync(HttpMethod.Post, "/admin/v1/markets/ETHUSDT/halt");
        return alice;
    }

    private static (long Sequence, string Hash, long Time) Look(string folder)
    {
        using var copy = new TempFolder();
        foreach (string file in Directory.EnumerateFiles(folder, "exchange.*"))
        {
            if (!file.EndsWith(".lock", StringComparison.Ordinal)) File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        }

        using var data = Embedded.Serving.Data.DataFolder.Open(new() { Directory = copy.Path }).OrThrow();
        return (data.Engine.Sequence, data.Engine.StateHash(), data.Engine.Now.Milliseconds);
    }

    private void Pack(string state, string folder)
    {
        File.Delete(FileOf($"{state}.zip"));
        File.Delete(Path.Combine(folder, "exchange.lock"));
        ZipFile.CreateFromDirectory(folder, FileOf($"{state}.zip"), CompressionLevel.SmallestSize, includeBaseDirectory: false);
    }

    private string FileOf(string kind, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "Fixtures", $"release-{release}.{kind}"));
}
