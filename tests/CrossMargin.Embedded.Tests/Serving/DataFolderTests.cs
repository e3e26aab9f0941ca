using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Serving;
using CrossMargin.Embedded.Serving.Data;
using CrossMargin.Embedded.Tests.History;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.Serving;

public sealed class DataFolderTests : IDisposable
{
    private const long Start = 1_600_000_000_000;
    private const long Day = 86_400_000;

    private readonly TempDirectory _directory = new();
    private readonly HandClock _clock = new(Start);

    [Fact]
    public async Task Open_AfterACleanStopAndAfterAKill_GoesOnWithEverythingAcknowledged()
    {
        string copy = Path.Combine(_directory.Path, "killed");
        string hash;
        using (DataFolder folder = Open("a"))
        {
            Assert.True(folder.IsNew);
            folder.Settings.Set("clock/speed", "2");
            using EmbeddedExchange exchange = folder.Start(_clock);
            await Deposits(exchange, 1, 200);
            Copy(Folder("a"), copy); // what a kill leaves at this moment: every file as it is
            await Deposits(exchange, 201, 300);
            folder.Dispose();
            hash = folder.Engine.StateHash();
        }

        using (DataFolder again = Open("a"))
        {
            Assert.Equal(hash, again.Engine.StateHash());
            Assert.Equal("2", again.Settings.Get("clock/speed"));
            Assert.Equal(300, (await again.History!.Reader.IncomeAsync(new AccountId(1), MarketId.None, [], HistoryPage.Last(1_000))).Count);
        }

        using DataFolder killed = DataFolder.Open(Options(copy)).OrThrow();
        using EmbeddedExchange after = killed.Start(_clock);
        Assert.True((await after.ReadAccountAsync(new AccountId(1)))!.CrossWallet.E8 >= 200);
        Assert.True((await killed.History!.Reader.IncomeAsync(new AccountId(1), MarketId.None, [], HistoryPage.Last(1_000))).Count >= 200);
    }

    [Fact]
    public async Task Open_HistoryDeletedOrBehind_IsMadeAgain()
    {
        using (DataFolder folder = Open("a")) await Deposits(folder.Start(_clock), 1, 100);
        List<string> whole = HistoryDump.Everything(Folder("a"));
        foreach (string file in Directory.GetFiles(Folder("a"), "exchange.db*")) File.Delete(file);
        Open("a").Dispose();
        Assert.Equal(Without(whole, "equity_rows"), Without(HistoryDump.Everything(Folder("a")), "equity_rows"));
        using (ExchangeHistory history = ExchangeHistory.Open(Folder("a"), Profile, new HistoryOptions()).OrThrow()) history.ForgetAfter(40);
        Open("a").Dispose();
        Assert.Equal(Without(whole, "equity_rows"), Without(HistoryDump.Everything(Folder("a")), "equity_rows"));
    }

    [Fact]
    public async Task Backup_WhileRunning_RestoresIntoAnEmptyFolder()
    {
        string file = Path.Combine(_directory.Path, "backup");
        using DataFolder folder = Open("a");
        using EmbeddedExchange exchange = folder.Start(_clock);
        await Deposits(exchange, 1, 100);
        Assert.Null(folder.Backup(file));
        Assert.NotNull(folder.Backup(file)); // never over a file
        await Deposits(exchange, 101, 150);

        Directory.CreateDirectory(Folder("b"));
        File.Move(file, Path.Combine(Folder("b"), "exchange.journal"));
        using DataFolder restored = Open("b");
        using EmbeddedExchange other = restored.Start(_clock);
        Assert.Equal(5_050, (await other.ReadAccountAsync(new AccountId(1)))!.CrossWallet.E8);
        Assert.Equal(100, (await restored.History!.Reader.IncomeAsync(new AccountId(1), MarketId.None, [], HistoryPage.Last(1_000))).Count);
    }

    [Fact]
    public async Task OpenUntil_ACommand_ShowsThatStateAndRefusesAllElse()
    {
        using (DataFolder folder = Open("a")) await Deposits(folder.Start(_clock), 1, 100);
        long until;
        using (DataFolder folder = Open("a")) until = folder.Engine.Sequence - 10;
        Assert.Null(DataFolders.OpenUntil(Folder("a"), until, out OldState? view));
        using (view)
        {
            AccountSnapshot account = (await view!.Exchange.ReadAccountAsync(new AccountId(1)))!;
            Assert.Equal(until, account.Sequence);
            Assert.InRange(account.CrossWallet.E8, 1, 5_049);
            CommandAnswer answer = (await view.Exchange.SubmitAsync([Deposit(1, 999, 7)]))[0];
            Assert.StartsWith($"read-only: the state after command {until}", answer.Unavailable, StringComparison.Ordinal);
            await Assert.ThrowsAsync<ExchangeUnavailableException>(() => view.Exchange.OnSequencerAsync(x => x.Engine.Sequence));
            _clock.Move(10_000);
            Assert.Equal(account.CrossWallet, (await view.Exchange.ReadAccountAsync(new AccountId(1)))!.CrossWallet);
        }

        Assert.Contains("command 99999 is not in it", DataFolders.OpenUntil(Folder("a"), 99_999, out _), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upgrade_ByTheOldRelease_LetsTheNextOneGoOn()
    {
        DataFolderOptions old = Options(Folder("a")) with { Journal = new JournalOptions { EngineVersion = "0.0.1", KeepSnapshots = 1 } };
        using (DataFolder folder = DataFolder.Open(old).OrThrow())
        {
            EmbeddedExchange exchange = folder.Start(_clock);
            await Deposits(exchange, 1, 50);
            await exchange.SaveSnapshotAsync();
            await Deposits(exchange, 51, 60);
            exchange.Dispose();
            folder.History!.Dispose();
            folder.Journal!.Dispose(); // no clean stop: records behind the last snapshot
        }

        string? error = DataFolder.Open(Options(Folder("a"))).Error;
        Assert.Contains("run `upgrade` with release 0.0.1 first", error, StringComparison.Ordinal);
        Assert.Null(DataFolders.Upgrade(Folder("a"), old));
        using (DataFolder next = Open("a"))
        {
            using EmbeddedExchange exchange = next.Start(_clock);
            Assert.Equal(1_830, (await exchange.ReadAccountAsync(new AccountId(1)))!.CrossWallet.E8);
            await Deposits(exchange, 61, 70);
        }

        foreach (string file in Directory.GetFiles(Folder("a"), "exchange.db*")) File.Delete(file);
        using DataFolder without = Open("a"); // history begins where this release can read the journal
        Assert.Equal(10, (await without.History!.Reader.IncomeAsync(new AccountId(1), MarketId.None, [], HistoryPage.Last(1_000))).Count);
    }

    [Fact]
    public async Task KeepDays_OldCommandsWithASnapshotInTheirPlace_AreDropped()
    {
        DataFolderOptions options = Options(Folder("a")) with { KeepDays = 3, Journal = new JournalOptions { KeepSnapshots = 1 } };
        string hash;
        using (DataFolder folder = DataFolder.Open(options).OrThrow())
        {
            EmbeddedExchange exchange = folder.Start(_clock);
            for (int day = 0; day < 9; day++)
            {
                await Deposits(exchange, (day * 10) + 1, (day * 10) + 10);
                await exchange.SaveSnapshotAsync();
                _clock.Move(Day);
                await exchange.BeatAsync();
            }

            folder.History!.Flush();
            long dropped = DataCare.DropOld(folder.Journal!, folder.History, Profile, exchange.Now.AddMilliseconds(-3 * Day))!.Value;
            Assert.InRange(folder.Journal!.FirstSequence, 2, dropped + 1);
            Assert.True(folder.Journal.FirstSequence > 40, $"{folder.Journal.FirstSequence}");
            Assert.Null(DataCare.DropOld(folder.Journal!, folder.History, Profile, exchange.Now.AddMilliseconds(-20 * Day)));
            exchange.Dispose();
            hash = folder.Engine.StateHash();
        }

        using DataFolder again = DataFolder.Open(options).OrThrow();
        Assert.Equal(hash, again.Engine.StateHash());
        Assert.Equal(90, (await again.History!.Reader.IncomeAsync(new AccountId(1), MarketId.None, [], HistoryPage.Last(1_000))).Count);
    }

    [Fact]
    public async Task DiskNearlyFull_OrdersAreRefusedWithTheReasonBeforeTheJournalStops()
    {
        DataFolderOptions options = Options(Folder("a")) with { LeastFreeBytes = long.MaxValue };
        using DataFolder folder = DataFolder.Open(options).OrThrow();
        using EmbeddedExchange exchange = folder.Start(_clock);
        await exchange.BeatAsync();
        string? reason = null;
        for (int i = 1; i < 10_000 && reason is null; i++) reason = (await exchange.SubmitAsync([Deposit(1, i, 1)]))[0].Unavailable;
        Assert.StartsWith("the disk is nearly full", reason, StringComparison.Ordinal);
        Assert.Null(exchange.Unavailable);
        Message cancel = Message.Of(ActorId.Client, ActorId.Of(new AccountId(9)), new CommandId(1), new CancelAllOrders { Market = new MarketId(1) });
        Assert.Null((await exchange.SubmitAsync([cancel]))[0].Unavailable);
        var all = new CancelAccountOrders { Account = new AccountId(9) };
        Message byOperator = Message.Of(ActorId.Client, ActorId.Of(new MarketId(1)), new CommandId(2), all);
        Assert.Null((await exchange.SubmitAsync([byOperator]))[0].Unavailable);
        Assert.Equal(reason, exchange.OrderStop);
        Assert.False(await exchange.OnSequencerAsync(x => x.TakesOrders));
    }

    [Fact]
    public async Task Start_WithAJump_SkipsFundingAndStandsAtTheNewTime()
    {
        using (DataFolder folder = Open("a")) await Deposits(folder.Start(_clock), 1, 5);
        using DataFolder again = Open("a");
        Timestamp later = new(Start + (10 * Day));
        _clock.Move(10 * Day);
        using EmbeddedExchange exchange = again.Start(_clock, null, later);
        Assert.Equal(later, (await exchange.ReadFundAsync()).Time);
        IReadOnlyList<FundingRecord> funding = await again.History!.Reader.FundingAsync(MarketId.None, HistoryPage.Last(1_000));
        Assert.NotEmpty(funding);
        Assert.All(funding, f => Assert.True(f.Skipped));
    }

    [Fact]
    public async Task Care_WhileServing_TakesSnapshotsAndEquityPoints()
    {
        DataFolderOptions options = Options(Folder("a")) with { Care = TimeSpan.FromMilliseconds(2), SnapshotCommands = 10 };
        using DataFolder folder = DataFolder.Open(options).OrThrow();
        using EmbeddedExchange exchange = folder.Start(_clock);
        IReadOnlyList<EquityRecord> points = [];
        for (int i = 1; i < 5_000 && (points.Count < 2 || folder.Journal!.SnapshotAt(exchange.Now) is null); i++)
        {
            await Deposits(exchange, i, i);
            _clock.Move(60_000);
            points = await folder.History!.Reader.EquityAsync(new AccountId(1), HistoryPage.Last(100));
        }

        Assert.True(points.Count >= 2);
        Assert.Equal(0, points[^1].Time.Milliseconds % 900_000);
        Assert.NotNull(folder.Journal!.SnapshotAt(exchange.Now));
    }

    [Fact]
    public void Open_WithoutAFolderOrARunsFolder_IsInMemoryOrRefused()
    {
        using (DataFolder memory = DataFolder.Open(Options(Folder("a")) with { Directory = null }).OrThrow())
        {
            Assert.Null(memory.Journal);
            Assert.True(memory.History!.IsInMemory);
            memory.Settings.Set("a/b", "1");
            memory.Settings.Set("a/c", "2");
            memory.Settings.Remove("a/b");
            Assert.Equal([KeyValuePair.Create("a/c", "2")], memory.Settings.List("a/"));
        }

        ExchangeJournal.Create(Folder("run"), Profile.Source, """{"seed":"1"}""").OrThrow().Dispose();
        Assert.Contains("holds a run of `simulate`", DataFolder.Open(Options(Folder("run"))).Error, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static VenueProfile Profile { get; } = TestProfiles.Simple();

    private static DataFolderOptions Options(string directory) => new()
    {
        Directory = directory,
        Profile = Profile,
        Care = TimeSpan.FromHours(1),
        LeastFreeBytes = 0,
        HistoryWriting = new HistoryOptions { Idle = TimeSpan.FromMilliseconds(5) },
    };

    private string Folder(string name) => Path.Combine(_directory.Path, name);

    private DataFolder Open(string name) => DataFolder.Open(Options(Folder(name))).OrThrow();

    private static Message Deposit(int account, long id, long amount) =>
        Message.Of(ActorId.Client, ActorId.Of(new AccountId(account)), new CommandId(id), new Deposit { Amount = new Amount(amount) });

    // Deposit number n is of n units, to account 1.
    private static async Task Deposits(EmbeddedExchange exchange, int from, int to)
    {
        var one = new AccountId(1);
        if (from == 1) await exchange.SubmitAsync([Message.Of(ActorId.Client, ActorId.Of(one), new CommandId(1_000_000), default(OpenAccount))]);
        for (int i = from; i <= to; i++)
        {
            CommandAnswer answer = (await exchange.SubmitAsync([Deposit(1, i, i)]))[0];
            Assert.Null(answer.Unavailable);
            Assert.True(answer.Refusal.IsNone);
        }
    }

    private static IEnumerable<string> Without(IEnumerable<string> rows, string table) =>
        rows.Where(row => !row.StartsWith(table, StringComparison.Ordinal));

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            if (!file.EndsWith(".lock", StringComparison.Ordinal)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
