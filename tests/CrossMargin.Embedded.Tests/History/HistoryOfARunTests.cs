using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Tests.Engine;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Engine.Accounts;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Tests.History;

/// <summary>Histories of a real exchange under a random stream, with liquidations and funding.</summary>
public sealed class HistoryOfARunTests : IDisposable
{
    private const int Commands = 5_000;

    private readonly VenueProfile _profile = TestProfiles.Simple();
    private readonly TempDirectory _directory = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Prop_Income_OfEachAccount_IsItsWalletToTheLastUnit(ulong seed)
    {
        ExchangeEngine engine = Live(seed);
        using ExchangeHistory history = Open();
        long checkedRows = 0;
        foreach (AccountActor account in Accounts(engine))
        {
            IReadOnlyList<IncomeRecord> income = await history.Reader.IncomeAsync(account.Id, MarketId.None, [], HistoryPage.Last(int.MaxValue));
            checkedRows += income.Count;
            Assert.Equal(account.State.Wallet, income.Aggregate(Amount.Zero, (sum, row) => sum + row.Income));
            string sum = HistoryDump.One(
                _directory.Path, $"SELECT ifnull(sum(income_e8), 0) FROM income WHERE account = {account.Id.Value}");
            Assert.Equal($"{account.State.Wallet.E8}", sum);
        }

        Assert.True(checkedRows > 1_000, $"{checkedRows}");
    }

    [Fact]
    public async Task Prop_Orders_AreWhatTheAccountsHoldAndAddUpToTheFills()
    {
        ExchangeEngine engine = Live(3);
        using ExchangeHistory history = Open();
        foreach (AccountActor account in Accounts(engine))
        {
            IReadOnlyList<OrderRecord> orders = await history.Reader.OrdersAsync(account.Id, MarketId.None, HistoryPage.Last(int.MaxValue));
            var open = orders.Where(o => o.Status is OrderStatus.New or OrderStatus.PartiallyFilled).ToDictionary(o => o.Order);
            Assert.Equal(account.State.Orders.Count, open.Count);
            for (int i = 0; i < account.State.Orders.Count; i++)
            {
                OpenOrder held = account.State.Orders[i];
                OrderRecord shown = open[held.Id];
                Assert.Equal((held.Price, held.Quantity, held.Filled), (shown.Price, shown.Quantity, shown.Filled));
            }

            ILookup<OrderId, FillRecord> fills = (await history.Reader.FillsAsync(
                account.Id, MarketId.None, OrderId.None, HistoryPage.Last(int.MaxValue))).ToLookup(f => f.Order);
            foreach (OrderRecord order in orders)
            {
                Assert.Equal(order.Filled.Lots, fills[order.Order].Sum(f => f.Quantity.Lots));
                Assert.Equal(order.FilledQuote.E8, fills[order.Order].Sum(f => _profile[f.Market].Notional(f.Price, f.Quantity).E8));
            }
        }

        Assert.Equal(
            HistoryDump.One(_directory.Path, "SELECT count(*) FROM liquidations"),
            HistoryDump.One(_directory.Path, "SELECT count(*) FROM liquidation_steps WHERE step = 'LIQUIDATION_STARTED'"));
        Assert.NotEqual("0", HistoryDump.One(_directory.Path, "SELECT count(*) FROM liquidations WHERE outcome IS NOT NULL"));
    }

    [Fact]
    public void Prop_Positions_AreWhatTheAccountsHold()
    {
        ExchangeEngine engine = Live(4);
        string sum = HistoryDump.One(_directory.Path, "SELECT count(*) FROM positions WHERE account > 0");
        int held = Accounts(engine).Sum(a => a.State.Legs.Legs.ToArray().Count(leg => !leg.Quantity.IsZero));
        Assert.Equal($"{held}", sum);
    }

    [Theory]
    [InlineData(HistoryMode.All)]
    [InlineData(HistoryMode.Trades)]
    public void Reopen_AfterCrashesInTheMiddle_HasEveryRowOnce(HistoryMode mode)
    {
        var options = new HistoryOptions { Mode = mode, BufferEvents = 40, BuffersPerTransaction = 2 };
        Live(5, options);
        List<string> whole = HistoryDump.Everything(_directory.Path);
        Assert.Equal(mode == HistoryMode.All, whole.Exists(row => row.StartsWith("order_rows", StringComparison.Ordinal)));
        Assert.Contains(whole, row => row.StartsWith("fill_rows", StringComparison.Ordinal));

        var crashed = new TempDirectory();
        for (int stop = 700; stop < Commands; stop += 1_100)
        {
            // The file as a crash leaves it; the process after it tells everything again, and goes on a while.
            using ExchangeHistory history = ExchangeHistory.Open(crashed.Path, _profile, options).OrThrow();
            Tell(history, 5, stop);
            history.CatchUpTo(stop - 300);
            TempDirectory next = crashed.CrashCopy();
            history.Dispose();
            crashed.Dispose();
            crashed = next;
        }

        using (ExchangeHistory history = ExchangeHistory.Open(crashed.Path, _profile, options).OrThrow())
        {
            Assert.InRange(history.AppendedSequence, 1, Commands - 1);
            Tell(history, 5, Commands);
        }

        Assert.Equal(whole, HistoryDump.Everything(crashed.Path));
        crashed.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rebuild_OfAnOrDamagedHistory_GivesTheSameRows(bool oldCommandsDropped)
    {
        Live(6);
        using ExchangeJournal journal = ExchangeJournal.Open(_directory.Path).OrThrow();
        List<string> whole = HistoryDump.Everything(_directory.Path);
        using (ExchangeHistory history = Open())
        {
            history.AppendEquity(new AccountId(1), new Timestamp(5), new Amount(1), new Amount(2));
            history.Flush();
            whole = HistoryDump.Everything(_directory.Path);
        }

        string old = "DELETE FROM batches WHERE first + count - 1 <= (SELECT min(sequence) FROM snapshots)";
        if (oldCommandsDropped) Sql(JournalFormat.FileName, old);
        Sql("exchange.db", "DELETE FROM fill_rows WHERE id > (3000 << 23); UPDATE trade_rows SET price_units = 1 WHERE id > (3000 << 23)");
        Sql("exchange.db", "UPDATE order_rows SET status = 6, reason = 3 WHERE changed_id > (3000 << 23)");
        Assert.NotEqual(whole, HistoryDump.Everything(_directory.Path));
        using (ExchangeHistory history = Open())
        {
            Assert.Null(HistoryRebuild.Rebuild(history, journal, () => new ExchangeEngine(_profile)));
        }

        Assert.Equal(whole, HistoryDump.Everything(_directory.Path));
    }

    [Fact]
    public void CatchUp_HistoryBehindTheSnapshot_FillsTheGap()
    {
        Live(7);
        List<string> whole = HistoryDump.Everything(_directory.Path);
        using ExchangeJournal journal = ExchangeJournal.Open(_directory.Path).OrThrow();
        using (ExchangeHistory history = Open())
        {
            history.ForgetAfter(2_345);
            Assert.Equal(2_345, history.AppendedSequence);
            Assert.Null(HistoryRebuild.CatchUp(history, journal, () => new ExchangeEngine(_profile)));
            Assert.Equal(Commands, history.WrittenSequence);
        }

        Assert.Equal(whole, HistoryDump.Everything(_directory.Path));
    }

    [Fact]
    public void BeginAfter_EmptyHistoryOfAnOldExchange_TakesWhatFollows()
    {
        using ExchangeHistory history = Open();
        history.BeginAfter(1_000);
        Assert.Throws<InvalidOperationException>(() => history.BeginAfter(2_000));
        Tell(history, 1, 1_500);
        history.Flush();
        Assert.Equal("0", HistoryDump.One(_directory.Path, "SELECT count(*) FROM fills WHERE id >> 23 <= 1000"));
        Assert.NotEqual("0", HistoryDump.One(_directory.Path, "SELECT count(*) FROM fills"));
        Assert.Equal("1500", HistoryDump.One(_directory.Path, "SELECT value FROM meta WHERE key = 'applied_sequence'"));
    }

    [Fact]
    public async Task InMemory_Reader_SeesWhatWasAppendedBefore()
    {
        using ExchangeHistory history = ExchangeHistory.InMemory(_profile, new HistoryOptions()).OrThrow();
        Tell(history, 1, 2_000);
        var one = new AccountId(1);
        int fills = 0;
        for (int a = 1; a <= 60; a++)
        {
            fills += (await history.Reader.FillsAsync(new AccountId(a), MarketId.None, OrderId.None, HistoryPage.Last(10_000))).Count;
        }

        Assert.True(fills > 100, $"{fills}");
        IReadOnlyList<OrderRecord> last = await history.Reader.OrdersAsync(one, MarketId.None, HistoryPage.Last(3));
        IReadOnlyList<OrderRecord> all = await history.Reader.OrdersAsync(one, MarketId.None, HistoryPage.Last(10_000));
        Assert.Equal(all.TakeLast(3), last);
        Assert.Equal(all[0], await history.Reader.OrderAsync(one, all[0].Order, AlgoId.None, ""));
        Assert.Equal(all.Take(2), await history.Reader.OrdersAsync(one, MarketId.None, HistoryPage.Last(2) with { Newest = false }));
        Assert.All(
            await history.Reader.FillsAsync(one, MarketId.None, OrderId.None, new HistoryPage(all[5].Time, all[9].Time, 0, 100, true)),
            f => Assert.InRange(f.Time.Milliseconds, all[5].Time.Milliseconds, all[9].Time.Milliseconds));
    }

    public void Dispose() => _directory.Dispose();

    private static IEnumerable<AccountActor> Accounts(ExchangeEngine engine) => engine.Accounts.ToArray().Cast<AccountActor>();

    private ExchangeHistory Open() => ExchangeHistory.Open(_directory.Path, _profile, new HistoryOptions()).OrThrow();

    // A journalled run with snapshots and history, cleanly ended.
    private ExchangeEngine Live(ulong seed, HistoryOptions? options = null)
    {
        var engine = new ExchangeEngine(_profile);
        var commands = new RandomExchange(_profile, seed);
        using ExchangeJournal journal = ExchangeJournal.Create(_directory.Path, _profile.Source, "{}").OrThrow();
        options = (options ?? new HistoryOptions()) with { WaitForJournal = journal.WaitForCommit };
        using ExchangeHistory history = ExchangeHistory.Open(_directory.Path, _profile, options).OrThrow();
        for (int i = 1; i <= Commands; i++)
        {
            Command command = commands.Next(i - 1);
            journal.Append(command);
            engine.Execute(command);
            history.Append(engine.Events, engine.Sequence);
            if (i % 1_900 == 0) journal.SaveSnapshot(SnapshotImage.Of(engine));
        }

        history.Flush();
        Assert.Null(history.Failure);
        return engine;
    }

    private void Tell(ExchangeHistory history, ulong seed, int until)
    {
        var engine = new ExchangeEngine(_profile);
        var commands = new RandomExchange(_profile, seed);
        for (int i = 0; i < until; i++)
        {
            engine.Execute(commands.Next(i));
            history.Append(engine.Events, engine.Sequence);
        }
    }

    private void Sql(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory.Path, file)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
