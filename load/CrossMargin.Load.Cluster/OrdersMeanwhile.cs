using System.Collections.Concurrent;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Gateway;

namespace CrossMargin.Load.Cluster;

/// <summary>
/// Accounts that place resting orders far from the price while silos die, as a gateway does it, and remember each that was acknowledged: at the
/// end each of them, and no other than those whose answer never came, must be open.
/// </summary>
internal sealed class OrdersMeanwhile(ClusterCalls calls, VenueProfile profile, int first, int accounts)
{
    private const int MostOrders = 150; // an account may have 200 open

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250); // so that orders are under way at every death

    private static long s_commands = DateTime.UtcNow.Ticks + 1_000_000_000_000;

    private readonly ClusterGateway _gateway = new(profile, calls, () => new CommandId(Interlocked.Increment(ref s_commands)));
    private readonly ConcurrentDictionary<int, ConcurrentBag<OrderId>> _acknowledged = new();
    private int _unanswered;

    public int Acknowledged => _acknowledged.Values.Sum(a => a.Count);

    public int Unanswered => _unanswered;

    public Task RunAsync(CancellationToken end) =>
        Task.WhenAll(Enumerable.Range(first, accounts).Select(a => Task.Run(() => RunAsync(a, end), CancellationToken.None)));

    /// <summary>How many acknowledged orders are not open, and how many are open that nobody asked for.</summary>
    public async Task<(int Lost, int Unknown)> CheckAsync()
    {
        int lost = 0;
        int more = 0;
        foreach ((int account, ConcurrentBag<OrderId> acknowledged) in _acknowledged)
        {
            AccountSnapshot? state = await CrashRun.AgainAsync(() => calls.ReadAccountAsync(new AccountId(account)));
            HashSet<OrderId> open = [.. state!.Orders.Select(o => o.Id)];
            lost += acknowledged.Count(id => !open.Contains(id));
            more += open.Count(id => !acknowledged.Contains(id));
        }

        return (lost, Math.Max(0, more - _unanswered));
    }

    private async Task RunAsync(int account, CancellationToken end)
    {
        ConcurrentBag<OrderId> acknowledged = _acknowledged.GetOrAdd(account, _ => []);
        await DoAsync(account, new OpenAccount { MakerFee = new Rate(20_000), TakerFee = new Rate(50_000) });
        await DoAsync(account, new Deposit { Amount = new Amount(1_000_000_00000000) });
        for (int n = 0; n < MostOrders && !end.IsCancellationRequested; n++)
        {
            CommandAnswer answer = await DoAsync(account, InProcessSilo.Order(profile, 1, Side.Buy, 1_000, "60"));
            if (answer.Unavailable is not null) Interlocked.Increment(ref _unanswered);
            foreach (Event e in answer.Events)
            {
                if (e.Kind == EventKind.OrderAccepted) acknowledged.Add(e.Body<OrderAccepted>().Order);
            }

            await Task.Delay(s_pause, CancellationToken.None);
        }
    }

    private async Task<CommandAnswer> DoAsync<T>(int account, T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        (await _gateway.SubmitAsync([Message.Of(ActorId.Client, ActorId.Of(new AccountId(account)), CommandId.None, body)]))[0];
}
