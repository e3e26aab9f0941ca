using System.Diagnostics;
using CrossMargin.Benchmarks.WholePath;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Benchmarks.History;

/// <summary>
/// History: its thread alone, fed with recorded events (what one core writes), and the whole path with journal and history, until the last
/// row is committed. The baseline of the first is a transaction a command.
/// </summary>
internal static class HistoryBenchmark
{
    private const int Accounts = 10_000;
    private const long Orders = 1_000_000;

    public static IReadOnlyList<BenchmarkRow> Run()
    {
        string folder = Directory.CreateTempSubdirectory("crossmargin-benchmark").FullName;
        try
        {
            var rows = new List<BenchmarkRow>();
            (double single, _, _) = Writer(Path.Combine(folder, "single"), 5_000, everyCommand: true);
            (double orders, double perSecond, double bytes) = Writer(Path.Combine(folder, "writer"), Orders, everyCommand: false);
            rows.Add(new("history alone, orders with their fills", orders, "orders/s", single, orders / single, "≥ 60,000"));
            rows.Add(new("history alone, events", perSecond, "events/s", null, null, ""));
            rows.Add(new("history, file per order", bytes, "bytes", null, null, ""));
            double all = WholePath(Path.Combine(folder, "all"), HistoryMode.All);
            double trades = WholePath(Path.Combine(folder, "trades"), HistoryMode.Trades);
            rows.Add(new("whole path, journal FULL, history all", all, "orders/s", null, null, "≥ 60,000"));
            rows.Add(new("whole path, journal FULL, history trades", trades, "orders/s", null, null, ""));
            return rows;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double Orders, double Rows, double Bytes) Writer(string folder, long orders, bool everyCommand)
    {
        Directory.CreateDirectory(folder);
        VenueProfile profile = CrossingTraders.Profile;
        var engine = new ExchangeEngine(profile);
        using ExchangeHistory history = ExchangeHistory.Open(folder, profile, new HistoryOptions()).OrThrow();
        var recorded = new List<Event[]>();
        Action<Command> record = c =>
        {
            engine.Execute(c);
            recorded.Add(engine.Events.ToArray());
        };
        var traders = new CrossingTraders(engine, Accounts, 1, record);
        long sequence = 0;
        long placed = 0;
        double seconds = 0;
        while (placed < orders)
        {
            // Recorded in pieces, so that memory stays small; only the telling and writing is measured.
            long piece = Math.Min(250_000, orders - placed);
            traders.Place(piece);
            placed += piece;
            long start = Stopwatch.GetTimestamp();
            foreach (Event[] events in recorded)
            {
                history.Append(events, ++sequence);
                if (everyCommand) history.CatchUpTo(sequence);
            }

            history.Flush();
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            recorded.Clear();
        }

        long bytes = Directory.GetFiles(folder).Sum(file => new FileInfo(file).Length);
        return (orders / seconds, history.EventsWritten / seconds, (double)bytes / orders);
    }

    private static double WholePath(string folder, HistoryMode mode)
    {
        Directory.CreateDirectory(folder);
        VenueProfile profile = CrossingTraders.Profile;
        var engine = new ExchangeEngine(profile);
        JournalResult created = ExchangeJournal.Create(folder, profile.Source, "{}", new JournalOptions { GatherBytes = 1 << 18 });
        using ExchangeJournal journal = created.OrThrow();
        var options = new HistoryOptions { Mode = mode, WaitForJournal = journal.WaitForCommit };
        using ExchangeHistory history = ExchangeHistory.Open(folder, profile, options).OrThrow();
        var traders = new CrossingTraders(engine, Accounts, 1, c =>
        {
            journal.Append(c);
            engine.Execute(c);
            history.Append(engine.Events, engine.Sequence);
        });
        history.Flush();
        long start = Stopwatch.GetTimestamp();
        traders.Place(Orders);
        journal.WaitForCommit(journal.AppendedSequence);
        history.Flush();
        return Orders / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
