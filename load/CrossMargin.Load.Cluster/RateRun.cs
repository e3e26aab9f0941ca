using System.Diagnostics;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Load.Cluster;

/// <summary>Orders a second on one silo against bare grain pings in the same process, in turns; with group commit and with a write for each.</summary>
internal static class RateRun
{
    public static async Task RunAsync(int inFlight, int accounts, int rounds, double seconds)
    {
        VenueProfile profile = VenueProfiles.Simple;
        double[] groups = await MeasureAsync(profile, inFlight, accounts, rounds, seconds, 256);
        double[] singles = await MeasureAsync(profile, inFlight, accounts, rounds, seconds, 1);
        Console.WriteLine($"group commit against one write for each input: {groups[0] / singles[0]:f2} times the orders/s");
    }

    private static async Task<double[]> MeasureAsync(VenueProfile profile, int inFlight, int accounts, int rounds, double seconds, int batchInputs)
    {
        await using InProcessSilo silo = await InProcessSilo.StartAsync(profile, batchInputs);
        Console.WriteLine($"storage {silo.StorageName}, {inFlight} in flight, {accounts} accounts, at most {batchInputs} inputs a write");
        await silo.PriceAsync(1, "100");
        await silo.UntilPricedAsync(1);
        for (int a = 1; a <= accounts; a++) await silo.OpenAsync(a, 10_000_000_00000000);
        var ratios = new List<double>();
        double best = 0;
        for (int round = 0; round <= rounds; round++) // the first one warms up
        {
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            double pings = await PingsAsync(silo, inFlight, seconds);
            double pingCpu = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / (pings * seconds);
            cpu = Environment.CpuUsage.TotalTime;
            (long writes, long messages) before = silo.Counts();
            (double rate, long orders, double p50, double p99) = await OrdersAsync(silo, inFlight, accounts, seconds);
            (long writes, long messages) after = silo.Counts();
            double orderCpu = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / orders;
            if (round == 0) continue;
            ratios.Add(rate / pings);
            best = Math.Max(best, rate);
            Console.WriteLine(
                $"  {rate,8:f0} orders/s  {pings,9:f0} pings/s  ratio 1/{pings / rate:f1}  CPU {orderCpu:f0} µs an order, {pingCpu:f2} a ping"
                + $"  p50 {p50:f2} ms  p99 {p99:f2} ms"
                + $"  {(after.writes - before.writes) / (double)orders:f2} writes"
                + $" and {(after.messages - before.messages) / (double)orders:f2} messages an order");
        }

        (long failed, long drops) = silo.Troubles();
        if (failed + drops > 0) Console.WriteLine($"  {failed} batches sent again, {drops} activations loaded anew");
        ratios.Sort();
        Console.WriteLine($"  median ratio 1/{1 / ratios[ratios.Count / 2]:f1}");
        return [best];
    }

    private static async Task<double> PingsAsync(InProcessSilo silo, int inFlight, double seconds)
    {
        long count = 0;
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(i => Task.Run(async () =>
        {
            IPingGrain grain = silo.Grains.GetGrain<IPingGrain>(i);
            while (Stopwatch.GetTimestamp() < end)
            {
                await grain.Ping(i);
                Interlocked.Increment(ref count);
            }
        })));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<(double Rate, long Orders, double P50, double P99)> OrdersAsync(InProcessSilo silo, int inFlight, int accounts, double seconds)
    {
        var times = new List<double>[inFlight];
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(i => Task.Run(async () =>
        {
            List<double> mine = times[i] = [];
            for (int n = 0; Stopwatch.GetTimestamp() < end; n++)
            {
                long at = Stopwatch.GetTimestamp();
                PlaceOrder order = InProcessSilo.Order(silo.Profile, 1, (i + n) % 2 == 0 ? Side.Buy : Side.Sell, 1_000, "100");
                Message command = Message.Of(ActorId.Client, ActorId.Of(new AccountId(1 + (i % accounts))), CommandId.None, order);
                CommandAnswer answer = (await silo.Gateway.SubmitAsync([command]))[0];
                if (!answer.Refusal.IsNone || answer.Unavailable is not null) throw new InvalidOperationException($"{answer.Refusal} {answer.Unavailable}");
                mine.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                if (n % 200 == 199 && i == 0) await silo.PriceAsync(1, "100"); // prices get stale
            }
        })));
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] all = [.. times.SelectMany(t => t).Order()];
        return (all.Length / elapsed, all.Length, all[all.Length / 2], all[(int)(all.Length * 0.99)]);
    }
}
