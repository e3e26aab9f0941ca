using System.Diagnostics;
using CrossMargin.Grains.Contracts;
using CrossMargin.Model;

namespace CrossMargin.Load.Cluster;

/// <summary>A price to many active accounts, each with a position: what it costs against one call to each.</summary>
internal static class TickRun
{
    public static async Task RunAsync(int accounts, int ticks)
    {
        VenueProfile profile = VenueProfiles.Simple;
        await using InProcessSilo silo = await InProcessSilo.StartAsync(profile);
        await silo.PriceAsync(1, "100");
        await silo.UntilPricedAsync(1);
        long at = Stopwatch.GetTimestamp();
        await ForEachAsync(accounts, async a =>
        {
            await silo.OpenAsync(a, 10_000_00000000);
            if (a % 64 == 0) await silo.PriceAsync(1, "100");
            await silo.DoAsync(a, InProcessSilo.Order(profile, 1, a % 2 == 0 ? Side.Buy : Side.Sell, 1_000, "100"));
        });
        Console.WriteLine($"{accounts} accounts with orders after {Stopwatch.GetElapsedTime(at).TotalSeconds:f0} s, {silo.Node.Watch.BoxCount} pools watched");

        var quiet = new List<double>();
        long woken = silo.Node.JudgeCalls;
        for (int i = 0; i < ticks; i++)
        {
            at = Stopwatch.GetTimestamp();
            string price = i % 2 == 0 ? "100.01" : "100.00";
            await silo.PriceAsync(1, price);
            long units = InProcessSilo.Pushed(profile, 1, price).Index;
            while (silo.Node.Watch.Prices.Index(new MarketId(1)).Units != units) await Task.Yield();
            quiet.Add(Stopwatch.GetElapsedTime(at).TotalMicroseconds);
        }

        quiet.Sort();
        at = Stopwatch.GetTimestamp();
        await ForEachAsync(accounts, a => silo.Grains.GetGrain<IAccountGrain>(a).Announce(0));
        double calls = Stopwatch.GetElapsedTime(at).TotalMicroseconds;
        woken = silo.Node.JudgeCalls - woken;
        Console.WriteLine($"quiet tick p50 {quiet[quiet.Count / 2]:f0} µs, worst {quiet[^1]:f0} µs ({woken} pools woken in {ticks} ticks)");
        Console.WriteLine($"one call to each of {accounts} accounts: {calls / 1_000:f0} ms: {calls / quiet[quiet.Count / 2]:f0} times the tick");
    }

    private static async Task ForEachAsync(int accounts, Func<int, Task> work)
    {
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, 128).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                int a = Interlocked.Increment(ref next);
                if (a > accounts) return;
                await work(a);
            }
        })));
    }
}
