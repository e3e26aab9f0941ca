using System.Diagnostics;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Benchmarks.Risk;

/// <summary>
/// A tick over a million accounts: what it costs when nothing happens, and in the hour of a crash, against judging that market's holders
/// anew at each tick. A tick's time ends when every pool it woke is judged and boxed again; liquidated accounts drop out.
/// </summary>
public sealed class RiskBenchmark
{
    private const int BaselineEvery = 101;
    private readonly CrashHour _hour;
    private readonly PriceTable _prices;
    private readonly RiskMonitor _monitor;
    private readonly RiskPopulation _population;
    private readonly MessageQueue _queue = new();
    private readonly bool _equalityIsSafe;
    private long _sequence;

    private RiskBenchmark(int accounts)
    {
        _hour = CrashHour.Load();
        _equalityIsSafe = _hour.Profile.Liquidation.EqualityIsSafe;
        _prices = new PriceTable(_hour.Profile.Markets.Count);
        _monitor = new RiskMonitor(_hour.Profile, _prices);
        for (int m = 0; m < _hour.Prices.Length; m++) _monitor.Receive(TickOf(m, _hour.Prices[m][0]));
        _population = RiskPopulation.BuildAccounts(_hour.Profile, m => new Price(_hour.Prices[m][0]), accounts, seed: 1);
    }

    public static IReadOnlyList<BenchmarkRow> Run(int accounts = 1_000_000)
    {
        new RiskBenchmark(accounts / 20).Measure(); // lets the runtime compile the hot methods before anything counts
        return new RiskBenchmark(accounts).Measure();
    }

    private List<BenchmarkRow> Measure()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < _population.Count; i++) Judge(i);
        double boxing = Stopwatch.GetElapsedTime(started).TotalMicroseconds / _population.Count;
        double bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / _population.Count;
        int alive = _population.Count - _population.ClosedCount;
        Walk(200_000, reach: 0);
        (double quiet, _) = Walk(1_000_000, reach: 0);
        double quietBaseline = ScanMicroseconds(0);
        (double walk, double woken) = Walk(1_000_000, reach: 100);
        Crash crash = RunCrash();
        double after = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / _population.Count;
        string hour = _hour.IsRecorded ? "crash hour of 2021-05-19" : "synthetic crash hour (recording not found)";
        string size = $"{_population.Count:N0} accounts";
        return
        [
            new($"risk index: quiet tick, {size}, 3 of 20 markets each", quiet, "µs", quietBaseline, quietBaseline / quiet, "≤ 1 µs"),
            new("risk index: tick of a calm random walk within ±1 %", walk, "µs", quietBaseline, quietBaseline / walk, ""),
            new("risk index: pools woken per 1,000 ticks of that walk", woken * 1000, "pools", null, null, ""),
            new($"risk index: tick in the {hour}", crash.Mean, "µs", crash.Baseline, crash.Baseline / crash.Mean,
                "≥ 10 × re-judging the market's holders"),
            new("risk index: longest tick of that hour", crash.Longest / 1000, "ms", null, null, ""),
            new("risk index: pools woken in that tick", crash.LongestWoken, "pools", null, null, ""),
            new("risk index: judgements an account in that hour", crash.Judged / alive, "judgements", null, null, "≤ 10"),
            new("risk index: accounts liquidated in that hour", 100.0 * crash.Liquidated / alive, "%", null, null, ""),
            new("risk index: to judge and box a pool for the first time", boxing, "µs", null, null, ""),
            new("risk index: memory an account, all boxed", bytes, "bytes", null, null, "part of ≤ 1,024 bytes"),
            new("risk index: memory an account, after that hour", after, "bytes", null, null, "part of ≤ 1,024 bytes"),
        ];
    }

    /// <summary>
    /// Ticks of up to half a basis point, as most ticks are, around a place that wanders no farther than <paramref name="reach"/> basis
    /// points from the start. Time and pools woken a tick.
    /// </summary>
    private (double Microseconds, double Woken) Walk(int ticks, int reach)
    {
        var random = new CounterRandom(3, (ulong)reach);
        var places = new long[_hour.Prices.Length]; // in 1/200 of a basis point
        long woken = 0;
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < ticks; i++)
        {
            int market = i % places.Length;
            long start = _hour.Prices[market][0];
            long place = places[market] + random.Between((ulong)i, -100, 100);
            if (reach > 0) places[market] = Math.Clamp(place, -reach * 200, reach * 200);
            woken += Take(market, start + (long)((Int128)start * place / 2_000_000));
        }

        return (Stopwatch.GetElapsedTime(started).TotalMicroseconds / ticks, (double)woken / ticks);
    }

    private Crash RunCrash()
    {
        double total = 0;
        double longest = 0;
        double scan = 0;
        int scans = 0;
        int longestWoken = 0;
        int ticks = 0;
        long judged = _monitor.Counters.Judged;
        int closed = _population.ClosedCount;
        for (int step = 0; step < _hour.Steps; step++)
        {
            for (int market = 0; market < _hour.Prices.Length; market++, ticks++)
            {
                long started = Stopwatch.GetTimestamp();
                int woken = Take(market, _hour.Prices[market][step]);
                double took = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
                total += took;
                if (took > longest) (longest, longestWoken) = (took, woken);
                if (ticks % BaselineEvery != 0) continue;
                scan += ScanMicroseconds(market);
                scans++;
            }
        }

        return new Crash(
            total / ticks, scan / scans, longest, longestWoken, _monitor.Counters.Judged - judged, _population.ClosedCount - closed);
    }

    /// <summary>A tick with everything that follows from it; how many pools it woke.</summary>
    private int Take(int market, long price)
    {
        _monitor.Receive(TickOf(market, price));
        int woken = 0;
        while (_monitor.Flush(_queue) > 0)
        {
            while (_queue.Count > 0)
            {
                Judge(_queue.Take().To.Number - 1);
                woken++;
            }
        }

        return woken;
    }

    private void Judge(int account)
    {
        PoolId pool = PoolId.Cross(new AccountId(account + 1));
        PoolView view = _population.View(account);
        if (view.Judge(_hour.Profile, _prices.Marks, _prices.Indexes).IsLiquidatable(_equalityIsSafe))
        {
            _monitor.Unwatch(pool);
            _population.Close(account);
            return;
        }

        _monitor.Watch(pool, view);
    }

    /// <summary>The baseline, which must find nobody whom the index has missed.</summary>
    private double ScanMicroseconds(int market)
    {
        long started = Stopwatch.GetTimestamp();
        int missed = 0;
        foreach (int account in _population.Holders[market])
        {
            if (_population.IsClosed(account)) continue;
            if (_population.View(account).Judge(_hour.Profile, _prices.Marks, _prices.Indexes).IsLiquidatable(_equalityIsSafe)) missed++;
        }

        double took = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        return missed == 0 ? took : throw new InvalidOperationException($"the risk index missed {missed} liquidatable pools");
    }

    private PriceTick TickOf(int market, long price) => new()
    {
        Market = new MarketId(market + 1),
        Sequence = ++_sequence,
        Mark = new Price(price),
        Index = new Price(price),
        Last = new Price(price),
    };

    private readonly record struct Crash(
        double Mean, double Baseline, double Longest, int LongestWoken, double Judged, int Liquidated);
}
