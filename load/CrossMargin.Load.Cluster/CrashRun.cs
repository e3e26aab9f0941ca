using System.Diagnostics;
using System.Globalization;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Load.Cluster;

/// <summary>
/// Many accounts with positions on a cluster of processes, a price that falls until most longs are liquidated, and silos that die
/// meanwhile, while others place orders. At the end all money, all positions and the acknowledged orders are counted.
/// </summary>
internal static class CrashRun
{
    private const long LotsOfAMaker = 990_000;
    private const long Deposit = 1_000_00000000;

    private static long s_commands = DateTime.UtcNow.Ticks;

    public static async Task<int> RunAsync(int accounts, string[] health, string[] during)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient();
        using IHost host = builder.Build();
        await host.StartAsync();
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();
        var calls = new ClusterCalls(grains);
        VenueProfile profile = VenueProfiles.Simple;
        int makers = 1 + (accounts / 15); // each longs' 30,000 to 80,000 lots find a maker's
        using var end = new CancellationTokenSource();
        var price = new PriceHand(grains, profile, "100");
        Task pushing = price.RunAsync(end.Token);

        long at = Stopwatch.GetTimestamp();
        long acknowledged = await FillAsync(calls, profile, accounts, makers);
        Console.WriteLine($"{accounts} longs opened against {makers} makers in {Seconds(at)} s");
        using var watch = new WatchReport(health, profile.Markets.Count);
        await watch.ReportAsync(Stopwatch.GetTimestamp());
        at = Stopwatch.GetTimestamp();
        Task falling = price.FallAsync([.. Enumerable.Range(1, 25).Select(i => (100m - (i * 1.2m)).ToString(CultureInfo.InvariantCulture))]);
        using var stop = new CancellationTokenSource();
        var meanwhile = new OrdersMeanwhile(calls, profile, accounts + makers + 1, 64);
        Task ordering = meanwhile.RunAsync(stop.Token);
        foreach (string command in during)
        {
            await Task.Delay(TimeSpan.FromSeconds(6));
            long killed = Stopwatch.GetTimestamp();
            using (Process process = Process.Start("/bin/sh", ["-c", command])) await process.WaitForExitAsync();
            Console.WriteLine($"{Seconds(at)} s: {command}");
            await watch.ReportAsync(killed);
        }

        await falling;
        await stop.CancelAsync();
        await ordering;
        AuditFigures figures = await UntilAtRestAsync(calls, profile, accounts + makers);
        await end.CancelAsync();
        await pushing;
        Console.WriteLine($"at rest {Seconds(at)} s after the fall began: {figures}");
        (int lost, int unknown) = await meanwhile.CheckAsync();
        Console.WriteLine(
            $"orders acknowledged before {acknowledged}, while silos died {meanwhile.Acknowledged} ({meanwhile.Unanswered} without an answer):"
            + $" {lost} lost, {unknown} unknown");
        bool right = figures.IsRight((accounts + makers) * (Int128)Deposit + makers * (Int128)(Deposit * 9_999) + profile.Fund.InitialBalance.E8);
        right &= lost == 0 && unknown == 0;
        Console.WriteLine(right ? "all sums are exact and no order is lost" : "A SUM IS WRONG OR AN ORDER LOST");
        return right ? 0 : 1;
    }

    /// <summary>Counts all money and positions of a cluster as it stands, once.</summary>
    public static async Task AuditAsync(int accounts)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient();
        using IHost host = builder.Build();
        await host.StartAsync();
        var calls = new ClusterCalls(host.Services.GetRequiredService<IGrainFactory>());
        Console.WriteLine(await AuditFigures.ReadAsync(calls, VenueProfiles.Simple, accounts));
    }

    // Every account goes long one order that a maker stands against.
    private static async Task<long> FillAsync(ClusterCalls calls, VenueProfile profile, int accounts, int makers)
    {
        long acknowledged = 0;
        await Task.WhenAll(Enumerable.Range(1, makers).Select(async m =>
        {
            await OpenAsync(calls, m, Deposit * 10_000);
            CommandAnswer answer;
            do answer = await DoAsync(calls, m, InProcessSilo.Order(profile, 1, Side.Sell, LotsOfAMaker, "100"));
            while (answer.Refusal.Reason == RejectReason.PriceUnavailable);
            if (!answer.Refusal.IsNone || answer.Unavailable is not null) throw new InvalidOperationException($"{answer.Refusal} {answer.Unavailable}");
            Interlocked.Increment(ref acknowledged);
        }));
        int next = makers;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                int a = Interlocked.Increment(ref next);
                if (a > accounts + makers) return;
                await OpenAsync(calls, a, Deposit);
                while (true)
                {
                    PlaceOrder order = InProcessSilo.Order(profile, 1, Side.Buy, 30_000 + (a * 37L % 50_000), "100", TimeInForce.Ioc);
                    CommandAnswer answer = await DoAsync(calls, a, order);
                    if (answer.Refusal.Reason == RejectReason.PriceUnavailable) continue;
                    if (answer.Refusal.IsNone && answer.Unavailable is null) Interlocked.Increment(ref acknowledged);
                    else throw new InvalidOperationException(answer.Refusal.ToString());
                    break;
                }
            }
        })));
        return acknowledged;
    }

    private static async Task OpenAsync(ClusterCalls calls, int account, long deposit)
    {
        await DoAsync(calls, account, new OpenAccount { MakerFee = new Rate(20_000), TakerFee = new Rate(50_000) });
        await DoAsync(calls, account, new Deposit { Amount = new Amount(deposit) });
        await DoAsync(calls, account, new SetLeverage { Market = new MarketId(1), Leverage = 20 });
    }

    private static async Task<CommandAnswer> DoAsync<T>(ClusterCalls calls, int account, T body)
        where T : unmanaged, IPayload<T, MessageKind>
    {
        Message command = Message.Of(ActorId.Client, ActorId.Of(new AccountId(account)), new CommandId(Interlocked.Increment(ref s_commands)), body);
        return await AgainAsync(() => calls.SubmitAsync(command, []));
    }

    internal static async Task<T> AgainAsync<T>(Func<Task<T>> call)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Exception) when (tries < 600)
            {
                await Task.Delay(100); // a silo is dead and not yet declared so
            }
        }
    }

    private static async Task<AuditFigures> UntilAtRestAsync(ClusterCalls calls, VenueProfile profile, int accounts)
    {
        AuditFigures last = await AuditFigures.ReadAsync(calls, profile, accounts);
        long at = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(at) < TimeSpan.FromMinutes(15))
        {
            await Task.Delay(1_000);
            AuditFigures now = await AuditFigures.ReadAsync(calls, profile, accounts);
            if (now != last) Console.WriteLine($"  {now}");
            if (now == last && now.Lots == 0 && now.InLiquidation == 0) return now;
            last = now;
        }

        throw new TimeoutException($"not at rest after 15 minutes: {last}");
    }

    private static string Seconds(long at) => Stopwatch.GetElapsedTime(at).TotalSeconds.ToString("f1", CultureInfo.InvariantCulture);
}
