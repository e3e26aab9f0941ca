using System.Diagnostics;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Benchmarks.WholePath;

/// <summary>
/// What an account with three positions and a resting order weigh in the whole exchange (account, holder tables, safe boxes, book), and
/// how long a restart from a snapshot takes.
/// </summary>
internal static class FootprintBenchmark
{
    private const int Accounts = 100_000;
    private const int OrdersEach = 4;

    public static IReadOnlyList<BenchmarkRow> Run()
    {
        var rows = new List<BenchmarkRow>();
        long empty = Heap();
        ExchangeEngine engine = NewEngine();
        long fresh = Heap();
        string folder = Directory.CreateTempSubdirectory("crossmargin-benchmark").FullName;
        Func<ExchangeEngine> restart = OpenWithJournal(engine, folder);
        long held = Heap();
        rows.Add(new("memory of an account with 3 positions", (double)(held - fresh) / Accounts, "bytes", null, null, "≤ 1,000"));
        rows.Add(new("memory of an engine without accounts", (fresh - empty) / 1e6, "MB", null, null, ""));
        rows.Add(new("restart: 100,000 accounts from a snapshot", Time(restart, engine.StateHash()), "s", null, null, "≤ 2"));
        Directory.Delete(folder, recursive: true);
        long before = Heap();
        Rest(engine);
        double each = (double)(Heap() - before) / (Accounts * OrdersEach);
        rows.Add(new("memory of a resting order, book and account", each, "bytes", null, null, "≤ 200"));
        GC.KeepAlive(engine);
        return rows;
    }

    private static long Heap()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    // A method of its own, so that nothing of the restarted exchange is alive when the next figure is taken.
    private static double Time(Func<ExchangeEngine> restart, string hash)
    {
        long start = Stopwatch.GetTimestamp();
        ExchangeEngine restored = restart();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return restored.StateHash() == hash ? seconds : throw new InvalidOperationException("the restarted exchange differs");
    }

    private static ExchangeEngine NewEngine()
    {
        VenueProfile profile = CrossingTraders.Profile;
        return new ExchangeEngine(profile, new ExchangeActors(profile));
    }

    /// <summary>Accounts trade in pairs, one long, one short in each market; the journal ends with a snapshot.</summary>
    private static Func<ExchangeEngine> OpenWithJournal(ExchangeEngine engine, string folder)
    {
        JournalResult created = ExchangeJournal.Create(folder, engine.Profile.Source, "{}", new JournalOptions { GatherBytes = 1 << 18 });
        using ExchangeJournal journal = created.Journal ?? throw new InvalidOperationException(created.Error?.ToString());
        void Execute(Command command)
        {
            journal.Append(command);
            engine.Execute(command);
        }

        Timestamp now = new(1_600_000_000_000);
        Execute(Command.AdvanceTo(now));
        foreach (MarketSpec spec in engine.Profile.Markets) Execute(Command.Index(now, spec.Id, Hundred(spec), Quantity.Zero));
        for (int i = 1; i <= Accounts; i++)
        {
            var id = new AccountId(i);
            Execute(Command.For(now, id, default, new OpenAccount { MakerFee = new Rate(20_000), TakerFee = new Rate(50_000) }));
            Execute(Command.For(now, id, default, new Deposit { Amount = Amount.FromWhole(10_000) }));
        }

        for (int i = 1; i <= Accounts; i += 2)
        {
            foreach (MarketSpec spec in engine.Profile.Markets)
            {
                Execute(Order(engine, spec, new AccountId(i), Side.Sell, Hundred(spec)));
                Execute(Order(engine, spec, new AccountId(i + 1), Side.Buy, Hundred(spec)));
            }
        }

        journal.WaitForCommit(journal.AppendedSequence);
        journal.SaveSnapshot(SnapshotImage.Of(engine));
        return () => Restore(folder);
    }

    private static ExchangeEngine Restore(string folder)
    {
        JournalResult opened = ExchangeJournal.Open(folder);
        using ExchangeJournal journal = opened.Journal ?? throw new InvalidOperationException(opened.Error?.ToString());
        ExchangeEngine engine = NewEngine();
        JournalError? error = JournalReplay.Replay(engine, journal);
        return error is null ? engine : throw new InvalidOperationException(error.ToString());
    }

    private static void Rest(ExchangeEngine engine)
    {
        MarketSpec spec = engine.Profile.Markets[0];
        for (int i = 1; i <= Accounts; i++)
        {
            for (int k = 0; k < OrdersEach; k++)
            {
                Price price = new(Hundred(spec).Units - (10 + (i + k) % 20) * spec.TickUnits);
                engine.Execute(Order(engine, spec, new AccountId(i), Side.Buy, price));
            }
        }
    }

    private static Command Order(ExchangeEngine engine, MarketSpec spec, AccountId account, Side side, Price price) =>
        Command.For(engine.Now, account, default, new PlaceOrder
        {
            Market = spec.Id,
            Side = side,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = new Quantity(Math.Max(spec.MinQuantity.Lots, Rounding.DivUp(spec.MinNotional.E8, spec.Notional(price, new Quantity(1)).E8))),
            Price = price,
        });

    private static Price Hundred(MarketSpec spec) =>
        spec.TryParsePrice("100", DecimalRounding.Exact, out Price price) ? price : throw new InvalidOperationException(spec.Symbol);
}
