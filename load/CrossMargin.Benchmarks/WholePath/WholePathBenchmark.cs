using System.Diagnostics;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Benchmarks.WholePath;

/// <summary>
/// Orders through everything: margin, match, settlement of both sides, risk index, and the journal with a FULL synchronous commit. The
/// baseline of group commit is one transaction a command.
/// </summary>
internal static class WholePathBenchmark
{
    private const int Accounts = 2_000;
    private const long Orders = 1_500_000;
    private const long SingleOrders = 1_500;

    public static IReadOnlyList<BenchmarkRow> Run()
    {
        var rows = new List<BenchmarkRow>();
        Memory();
        (double bare, double allocated) = InMemory();
        rows.Add(new("whole path, no journal", bare, "orders/s", null, null, ""));
        rows.Add(new("whole path, allocated per order", allocated, "bytes", null, null, "0"));
        string folder = Directory.CreateTempSubdirectory("crossmargin-benchmark").FullName;
        try
        {
            (double single, _) = Journalled(Path.Combine(folder, "single"), SingleOrders, everyCommand: true);
            (double grouped, double replay) = Journalled(Path.Combine(folder, "grouped"), Orders, everyCommand: false);
            rows.Add(new("whole path, journal FULL", grouped, "orders/s", single, grouped / single, "≥ 500,000"));
            rows.Add(new("replay of that journal", replay, "orders/s", grouped, replay / grouped, "ratio ≥ 1"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return rows;
    }

    private static void Memory() => GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);

    private static (double Rate, double Allocated) InMemory()
    {
        ExchangeEngine engine = NewEngine();
        var traders = new CrossingTraders(engine, Accounts, 1, c => engine.Execute(c));
        traders.Place(300_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        traders.Place(Orders);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Orders;
        return (Orders / seconds, allocated);
    }

    private static (double Live, double Replay) Journalled(string folder, long orders, bool everyCommand)
    {
        Directory.CreateDirectory(folder);
        ExchangeEngine engine = NewEngine();
        JournalResult created = ExchangeJournal.Create(folder, engine.Profile.Source, "{}", new JournalOptions { GatherBytes = everyCommand ? 0 : 1 << 18 });
        ExchangeJournal journal = created.Journal ?? throw new InvalidOperationException(created.Error?.ToString());
        Action<Command> grouped = c =>
        {
            journal.Append(c);
            engine.Execute(c);
        };
        Action<Command> single = c =>
        {
            journal.Append(c);
            engine.Execute(c);
            journal.WaitForCommit(journal.AppendedSequence);
        };
        var traders = new CrossingTraders(engine, Accounts, 1, grouped);
        traders.Place(everyCommand ? 1_000 : 100_000);
        journal.WaitForCommit(journal.AppendedSequence);
        if (everyCommand) traders.Execute = single;
        long start = Stopwatch.GetTimestamp();
        traders.Place(orders);
        journal.WaitForCommit(journal.AppendedSequence);
        double live = orders / Stopwatch.GetElapsedTime(start).TotalSeconds;
        string hash = engine.StateHash();
        long total = traders.Orders;
        journal.Dispose();
        return everyCommand ? (live, 0) : (live, Replay(folder, hash, total));
    }

    private static double Replay(string folder, string hash, long orders)
    {
        JournalResult opened = ExchangeJournal.Open(folder);
        using ExchangeJournal journal = opened.Journal ?? throw new InvalidOperationException(opened.Error?.ToString());
        ExchangeEngine engine = NewEngine();
        long start = Stopwatch.GetTimestamp();
        JournalError? error = JournalReplay.Replay(engine, journal);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (error is not null || engine.StateHash() != hash) throw new InvalidOperationException($"replay: {error} {engine.StateHash()} {hash}");
        return orders / seconds;
    }

    private static ExchangeEngine NewEngine()
    {
        VenueProfile profile = CrossingTraders.Profile;
        return new ExchangeEngine(profile, new ExchangeActors(profile));
    }
}
