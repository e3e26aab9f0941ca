using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Risk;

namespace CrossMargin.Nodes.Pumps;

/// <summary>
/// Keeps one node's <see cref="NodeWatch"/> going: renews leases, pauses markets that do not answer, and wakes pools, a bounded number at a
/// time. One for each node; thread-safe.
/// </summary>
public sealed class NodeLoop(VenueProfile profile, NodeWatch watch, INodeCluster cluster, IExchangeClock clock, NodeLoopOptions options)
{
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly SemaphoreSlim _wakesUnderWay = new(options.WakesAtOnce);
    private long _judgeCalls;

    /// <summary>Pools woken so far.</summary>
    public long JudgeCalls => Interlocked.Read(ref _judgeCalls);

    /// <summary>What markets and the fund tell this node.</summary>
    public void Receive(IReadOnlyList<Message> notices)
    {
        foreach (Message notice in notices) watch.Receive(notice);
        Signal();
    }

    /// <summary>Something may be there to wake.</summary>
    public void Signal()
    {
        try
        {
            if (_signal.CurrentCount == 0) _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another thread was faster: the loop is about to look.
        }
    }

    /// <summary>Runs until it is cancelled; then it ends without an exception.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var fundAt = new Timestamp(0);
        while (!cancellation.IsCancellationRequested)
        {
            Timestamp now = clock.Now;
            foreach (MarketId market in watch.LeasesToRenew(now)) _ = RenewAsync(market);
            if (now >= fundAt)
            {
                fundAt = now.AddMilliseconds(options.FundMilliseconds);
                _ = RenewFundAsync();
            }

            watch.SuspendExpired(now);
            int most = _wakesUnderWay.CurrentCount;
            IReadOnlyList<Message> wakes = most > 0 ? watch.TakeWakes(now, most) : [];
            foreach (Message judge in wakes) _ = JudgeAsync(judge);
            if (wakes.Count > 0) continue;
            try
            {
                await _signal.WaitAsync(options.LookMilliseconds, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task RenewAsync(MarketId market)
    {
        try
        {
            LeaseAnswer answer = await cluster.RenewAsync(market, watch.Id);
            if (watch.Renewed(answer.Tick, answer.Brackets, clock.Now)) cluster.AnnounceAll(market);
            Signal();
        }
        catch (Exception)
        {
            // No answer: it is asked again soon, and when the lease ends the market is paused here, which is shown.
        }
    }

    private async Task RenewFundAsync()
    {
        try
        {
            FundStatus status = await cluster.RenewFundAsync(watch.Id);
            watch.Receive(Message.Of(ActorId.Fund, ActorId.Monitor, CommandId.None, status));
        }
        catch (Exception)
        {
            // The next time will do: the flag changes rarely and is judged again by the fund itself.
        }
    }

    private async Task JudgeAsync(Message judge)
    {
        await _wakesUnderWay.WaitAsync();
        Interlocked.Increment(ref _judgeCalls);
        try
        {
            if (!await cluster.JudgeAsync(judge)) watch.Leave(new AccountId(judge.To.Number), profile);
        }
        catch (Exception)
        {
            // It stays on the list of those that have not answered and is woken again.
        }
        finally
        {
            _wakesUnderWay.Release();
            Signal();
        }
    }
}

/// <summary>Times in milliseconds.</summary>
public sealed record NodeLoopOptions
{
    /// <summary>The loop looks at least this often.</summary>
    public int LookMilliseconds { get; init; } = 100;

    public long FundMilliseconds { get; init; } = 5_000;

    /// <summary>Pools whose wake-up is under way at one time.</summary>
    public int WakesAtOnce { get; init; } = 256;
}
