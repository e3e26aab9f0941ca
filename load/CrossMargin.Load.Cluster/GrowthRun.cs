using System.Diagnostics;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Gateway;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Load.Cluster;

/// <summary>
/// Orders against a running cluster of silo processes, and the processor time that they took of it: run with one silo and with three, it
/// says what more silos cost and bring.
/// </summary>
internal static class GrowthRun
{
    private static long s_commands = DateTime.UtcNow.Ticks;

    public static async Task RunAsync(int inFlight, int accounts, double seconds, int rounds, int[] silos)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient();
        using IHost host = builder.Build();
        await host.StartAsync();
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        VenueProfile profile = VenueProfiles.Simple;
        var gateway = new ClusterGateway(profile, new ClusterCalls(grains), () => new CommandId(Interlocked.Increment(ref s_commands)));
        using var end = new CancellationTokenSource();
        Task pushing = new PriceHand(grains, profile, "100").RunAsync(end.Token);
        Process[] processes = [.. silos.Select(Process.GetProcessById)];
        int first = 1 + (int)(DateTime.UtcNow.Ticks / TimeSpan.TicksPerSecond % 1_000_000 * 1_000); // accounts that no run before has used
        await Task.WhenAll(Enumerable.Range(first, accounts).Select(async a =>
        {
            await DoAsync(gateway, a, new OpenAccount { MakerFee = new Rate(20_000), TakerFee = new Rate(50_000) });
            await DoAsync(gateway, a, new Deposit { Amount = new Amount(10_000_000_00000000) });
            while ((await DoAsync(gateway, a, OrderOf(profile, Side.Buy))).Refusal.Reason == RejectReason.PriceUnavailable) await Task.Delay(100);
        }));
        for (int round = 0; round <= rounds; round++) // the first one warms up
        {
            TimeSpan[] before = Cpu(processes);
            long start = Stopwatch.GetTimestamp();
            double[] times = await OrdersAsync(gateway, profile, first, accounts, inFlight, seconds);
            double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double[] each = [.. Cpu(processes).Zip(before, (now, then) => (now - then).TotalMicroseconds / times.Length)];
            if (round == 0) continue;
            Console.WriteLine(
                $"{silos.Length} silos: {times.Length / elapsed:f0} orders/s, p50 {times[times.Length / 2]:f1} ms,"
                + $" p99 {times[(int)(times.Length * 0.99)]:f1} ms,"
                + $" CPU of the silos {each.Sum():f0} µs an order ({string.Join(" + ", each.Select(c => c.ToString("f0")))})");
        }

        await end.CancelAsync();
        await pushing;
    }

    private static async Task<double[]> OrdersAsync(ClusterGateway gateway, VenueProfile profile, int first, int accounts, int inFlight, double seconds)
    {
        var times = new List<double>[inFlight];
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(i => Task.Run(async () =>
        {
            List<double> mine = times[i] = [];
            for (int n = 0; Stopwatch.GetTimestamp() < end; n++)
            {
                long at = Stopwatch.GetTimestamp();
                CommandAnswer answer = await DoAsync(gateway, first + (i % accounts), OrderOf(profile, (i + n) % 2 == 0 ? Side.Buy : Side.Sell));
                if (!answer.Refusal.IsNone || answer.Unavailable is not null) throw new InvalidOperationException($"{answer.Refusal} {answer.Unavailable}");
                mine.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }
        })));
        return [.. times.SelectMany(t => t).Order()];
    }

    private static async Task<CommandAnswer> DoAsync<T>(ClusterGateway gateway, int account, T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        (await gateway.SubmitAsync([Message.Of(ActorId.Client, ActorId.Of(new AccountId(account)), CommandId.None, body)]))[0];

    private static PlaceOrder OrderOf(VenueProfile profile, Side side) => InProcessSilo.Order(profile, 1, side, 1_000, "100");

    private static TimeSpan[] Cpu(Process[] processes)
    {
        foreach (Process process in processes) process.Refresh();
        return [.. processes.Select(p => p.TotalProcessorTime)];
    }
}
