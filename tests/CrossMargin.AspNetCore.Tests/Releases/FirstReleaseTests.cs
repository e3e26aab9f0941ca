using System.Globalization;
using System.Text.Json.Nodes;
using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Serving;
using CrossMargin.Embedded.Serving.Data;
using CrossMargin.Model;
using Microsoft.Data.Sqlite;

namespace CrossMargin.AspNetCore.Tests.Releases;

/// <summary>
/// A data folder of release 0.2.0 opens, for good. Where a later release changes a format it must still read this one, so these archives
/// stay as they are; the later release gets archives of its own beside them (<see cref="ReleaseFixture.MakeAsync"/>, by
/// CROSSMARGIN_FIXTURE=1 and its own name) and these tests a line for them. The crashed folder may be refused by a release with other
/// rules, but only in one line that names the release which can `upgrade` it. Only while 0.2.0 is not yet released may its archives be made anew.
/// </summary>
public sealed class FirstReleaseTests : IDisposable
{
    private const string Release = "0.2";

    private readonly TempFolder _folder = new();
    private readonly ReleaseFixture _fixture = new(Release);

    [Fact]
    public async Task Make_WhenAsked_WritesTheFixture()
    {
        if (Environment.GetEnvironmentVariable("CROSSMARGIN_FIXTURE") == Release) await _fixture.MakeAsync();
        Assert.NotEmpty(_fixture.Facts.StoppedHash);
    }

    [Fact]
    public void Open_AfterACleanStop_SameHashAndExactBooks()
    {
        _fixture.Unpack("stopped", _folder.Path);
        using DataFolder data = Open().OrThrow();
        AssertState(data, _fixture.Facts.Sequence, _fixture.Facts.StoppedHash);
    }

    [Fact]
    public void Open_AfterACrash_SameHashOrTheReleaseToUpgradeWith()
    {
        _fixture.Unpack("crashed", _folder.Path);
        DataFolderResult result = Open();
        if (JournalFormat.EngineVersion != _fixture.Facts.Engine)
        {
            Assert.Contains($"run `upgrade` with release {_fixture.Facts.Engine} first", OneLine(result.Error), StringComparison.Ordinal);
            return;
        }

        using DataFolder data = result.OrThrow();
        Assert.True(_fixture.Facts.CrashedSequence < _fixture.Facts.Sequence);
        AssertState(data, _fixture.Facts.CrashedSequence, _fixture.Facts.CrashedHash);
    }

    [Fact]
    public async Task Serve_AfterACleanStop_KnowsItsAccountsAndGoesOnTrading()
    {
        ReleaseFacts facts = _fixture.Facts;
        _fixture.Unpack("stopped", _folder.Path);
        var clock = new VirtualClock(new Timestamp(facts.Time + 1_000));
        await using (TestApp app = await TestApp.StartAsync(o => (o.DataDirectory, o.Clock) = (_folder.Path, clock)))
        {
            var alice = new TestTrader(app.Admin, 1, facts.Key, facts.Secret);
            Assert.Equal(0.04m, await PositionAsync(alice));
            JsonNode resting = Assert.Single((await alice.SignedAsync(HttpMethod.Get, "/fapi/v1/openOrders")).AsArray())!;
            Assert.Equal("rests", (string)resting["clientOrderId"]!);
            Assert.Single((await alice.SignedAsync(HttpMethod.Get, "/fapi/v1/openAlgoOrders")).AsArray());
            Assert.Single((await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/1/alerts"))["alerts"]!.AsArray());
            Assert.Single((await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/3/liquidations"))["liquidations"]!.AsArray());
            Assert.Equal("Closed", (string)(await app.AdminAsync(HttpMethod.Get, "/admin/v1/accounts/5"))["account"]!["status"]!);
            Assert.Equal("Halted", (string)(await app.AdminAsync(HttpMethod.Get, "/admin/v1/markets/ETHUSDT"))["status"]!);
            await app.AdminAsync(HttpMethod.Post, "/admin/v1/markets/ETHUSDT/resume");

            Assert.Equal("FILLED", (string)(await alice.OrderAsync("BUY", "0.02", "BTCUSDT"))["status"]!);
            Assert.Equal(0.06m, await PositionAsync(alice));
            await alice.SignedAsync(HttpMethod.Delete, "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=rests");
            await (await app.NewTraderAsync()).OrderAsync("SELL", "0.02", "BTCUSDT");
        }

        using DataFolder data = Open().OrThrow();
        Assert.True(data.Engine.Sequence > facts.Sequence);
        InvariantAudit.Check(data.Engine);
    }

    [Theory]
    [InlineData("stopped")]
    [InlineData("crashed")]
    public void Upgrade_OfTheFolder_LeavesASnapshotAtTheLastCommand(string state)
    {
        _fixture.Unpack(state, _folder.Path);
        string? error = DataFolders.Upgrade(_folder.Path);
        if (state == "crashed" && JournalFormat.EngineVersion != _fixture.Facts.Engine)
        {
            OneLine(error);
            return;
        }

        Assert.Null(error);
        using ExchangeJournal journal = ExchangeJournal.Open(_folder.Path).Journal!;
        Assert.Equal("1", journal.GetMeta("generation"));
        SnapshotImage image = journal.LoadSnapshot()!;
        Assert.Equal((journal.AppendedSequence, JournalFormat.EngineVersion), (image.Sequence, image.EngineVersion));
        Assert.Equal(state == "stopped" ? _fixture.Facts.StoppedHash : _fixture.Facts.CrashedHash, image.Hash());
    }

    [Theory]
    [InlineData("exchange.journal", "journal format 99 is unknown")]
    [InlineData("exchange.db", "history format 99 is unknown")]
    public void Open_OfALaterFormat_IsRefusedInOneLine(string file, string expected)
    {
        _fixture.Unpack("stopped", _folder.Path);
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, file)};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE meta SET value = 99 WHERE key = 'format'";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        Assert.Contains(expected, OneLine(Open().Error), StringComparison.Ordinal);
        Assert.Contains(expected, OneLine(DataFolders.Upgrade(_folder.Path)), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<decimal> PositionAsync(TestTrader trader) => (await trader.SignedAsync(
        HttpMethod.Get, "/fapi/v2/positionRisk", "symbol=BTCUSDT")).AsArray()
        .Sum(p => decimal.Parse((string)p!["positionAmt"]!, CultureInfo.InvariantCulture));

    private static void AssertState(DataFolder data, long sequence, string hash)
    {
        Assert.Equal((sequence, hash), (data.Engine.Sequence, data.Engine.StateHash()));
        InvariantAudit.Check(data.Engine);
    }

    private static string OneLine(string? error)
    {
        Assert.NotNull(error);
        return Assert.Single(error.TrimEnd().Split('\n'));
    }

    private DataFolderResult Open() => DataFolder.Open(new DataFolderOptions { Directory = _folder.Path });
}
