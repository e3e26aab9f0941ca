using CrossMargin.Load.Generator;
using CrossMargin.Load.Measuring;

namespace CrossMargin.Load.Parts;

/// <summary>How many signed orders a second, beside the bare endpoint, and how long each takes at half of that.</summary>
internal static class RateParts
{
    private const int WarmUpRequests = 60_000;

    /// <summary>How long after the end of a plan its last answers may come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Rounds of both in turn, so that what else the machine does hits both; the median of each and of the rounds' ratios.</summary>
    /// <returns>The rows, and the median rates of server and bare endpoint.</returns>
    public static (IReadOnlyList<ResultRow> Rows, double Server, double Bare) Rate(
        TestBench bench, OrderGenerator server, OrderGenerator bare, HttpOptions options, TextWriter log)
    {
        var seconds = TimeSpan.FromSeconds(options.Seconds);
        var serverMeter = new ProcessMeter(bench.Server.Process);
        var bareMeter = new ProcessMeter(bench.Bare.Process);
        WarmUp(bare);
        WarmUp(server);
        var rounds = new List<(double Server, double Bare, double ServerCpu, double BareCpu)>();
        var refusals = new Refusals();
        for (int round = 0; round < options.Rounds; round++)
        {
            bareMeter.Read();
            RunResult b = bare.RunClosed(seconds);
            double bareCpu = bareMeter.Read().Processor.TotalMicroseconds / b.Count;
            serverMeter.Read();
            RunResult s = server.RunClosed(seconds);
            double serverCpu = serverMeter.Read().Processor.TotalMicroseconds / s.Count;
            refusals.Add(s);
            rounds.Add((s.PerSecond, b.PerSecond, serverCpu, bareCpu));
            log.WriteLine($"round {round + 1}: bare {b.PerSecond:N0}/s, {bareCpu:N1} µs; server {s.PerSecond:N0}/s, {serverCpu:N1} µs of processor; "
                + $"p50 {s.Latency.At(0.5).TotalMilliseconds:N2} ms; refused {refusals}");
        }

        double server1 = Median(rounds.Select(r => r.Server));
        double bare1 = Median(rounds.Select(r => r.Bare));
        return (
        [
            new ResultRow($"signed order requests, {options.Connections} connections, closed loop; baseline: bare endpoint",
                server1, "a second", bare1, Median(rounds.Select(r => r.Server / r.Bare)), "≥ 1/2"),
            new ResultRow("processor time of the server a request; baseline: bare endpoint",
                Median(rounds.Select(r => r.ServerCpu)), "µs", Median(rounds.Select(r => r.BareCpu)),
                Median(rounds.Select(r => r.BareCpu / r.ServerCpu)), ""),
            new ResultRow("requests refused by request limits (`--limits off`)", refusals.Limited, "", Goal: "0"),
            new ResultRow($"requests refused otherwise, of {refusals.All:N0} ({refusals})", refusals.Count, ""),
        ], server1, bare1);
    }

    /// <summary>Open loop at half the greatest rate of each.</summary>
    public static IReadOnlyList<ResultRow> Latency(
        OrderGenerator server, OrderGenerator bare, double serverRate, double bareRate, HttpOptions options, TextWriter log)
    {
        double half = Math.Max(1, serverRate / 2);
        var seconds = TimeSpan.FromSeconds(2 * options.Seconds);
        server.RunOpen(SendSchedule.Poisson(half, TimeSpan.FromSeconds(1), 1), Patience);
        RunResult b = bare.RunOpen(SendSchedule.Poisson(Math.Min(half, bareRate / 2), seconds, 2), Patience);
        RunResult s = server.RunOpen(SendSchedule.Poisson(half, seconds, 2), Patience);
        log.WriteLine($"open loop at {half:N0}/s: {s.PerSecond:N0}/s answered, {s.Unanswered} not; sent late p50 "
            + $"{s.Lateness.At(0.5).TotalMilliseconds:N3} ms, p99 {s.Lateness.At(0.99).TotalMilliseconds:N3} ms; limited {s.Limited}");
        var rows = new List<ResultRow>();
        foreach ((string name, double share) in new[] { ("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999) })
        {
            rows.Add(new ResultRow($"{name} from the planned send time at half that rate, open loop; baseline: bare endpoint at the same rate",
                s.Latency.At(share).TotalMilliseconds, "ms", b.Latency.At(share).TotalMilliseconds));
        }

        rows.Add(new ResultRow("unanswered of the plan", s.Unanswered, "", Goal: "0"));
        return rows;
    }

    // Until the code that runs is compiled for good, however slow the machine is at that.
    private static void WarmUp(OrderGenerator generator)
    {
        for (long count = 0; count < WarmUpRequests;)
        {
            RunResult run = generator.RunClosed(TimeSpan.FromSeconds(1));
            if (run.Refusals.Keys.Any(r => r.Status >= 500)) throw new InvalidOperationException("the server fails: 5xx");
            count += run.Count;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private sealed class Refusals
    {
        private readonly SortedDictionary<(int Status, long Code), long> _counts = [];

        public long All { get; private set; }
        public long Limited { get; private set; }
        public long Count => _counts.Values.Sum() - Limited;

        public void Add(RunResult run)
        {
            foreach (((int Status, long Code) key, long count) in run.Refusals) _counts[key] = _counts.GetValueOrDefault(key) + count;
            All += run.Count;
            Limited += run.Limited;
        }

        public override string ToString() =>
            _counts.Count == 0 ? "none" : string.Join(", ", _counts.Select(c => $"{c.Key.Status} {c.Key.Code}: {c.Value}"));
    }
}
