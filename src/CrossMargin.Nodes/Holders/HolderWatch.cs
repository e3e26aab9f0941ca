using CrossMargin.Engine.Markets;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;

namespace CrossMargin.Nodes.Holders;

/// <summary>
/// A market's knowledge of which node watches each of its holders, and of those that asked for it without a position. Nodes renew a lease;
/// when one ends (nobody renews it, or membership declares the node dead), and for holders of whom nothing is known, the holders are woken,
/// so that they become active somewhere and are watched there. A slow sweep over all holders is the net under it. In no state: a new
/// activation of the market learns it anew. Used by the market's turns only.
/// </summary>
public sealed class HolderWatch(MarketMachine market, HolderWatchOptions options)
{
    private readonly Dictionary<AccountId, NodeId> _watchers = []; // to look up, never to go through
    private readonly SortedDictionary<NodeId, Timestamp> _leases = [];
    private readonly Queue<AccountId> _toWake = new();
    private readonly HashSet<AccountId> _queued = []; // to look up
    private Holding[] _holders = [];
    private Timestamp _lastLook;
    private Timestamp _lastWake;
    private Timestamp _lastSweep;
    private Timestamp _firstLook;

    /// <summary>Nodes whose lease holds: where ticks go.</summary>
    public IReadOnlyCollection<NodeId> Nodes => _leases.Keys;

    /// <summary>Holders that are to be woken.</summary>
    public int Waiting => _toWake.Count;

    /// <summary>Holders that nobody watched at the last look; null before the first.</summary>
    public int? Unwatched { get; private set; }

    /// <summary>A holder has said, with its messages, who watches it.</summary>
    public void Seen(AccountId account, NodeId watcher)
    {
        if (!watcher.IsNone) _watchers[account] = watcher;
    }

    /// <summary>A node asks for the market's ticks, for the lease's time; on the first time it says whom it watches.</summary>
    public void Renewed(NodeId node, Timestamp now, IReadOnlyList<AccountId> watched)
    {
        _leases[node] = now.AddMilliseconds(options.LeaseMilliseconds);
        foreach (AccountId account in watched) _watchers[account] = node;
    }

    /// <summary>Membership has declared the node dead: its lease ends now.</summary>
    public void Ended(NodeId node)
    {
        _leases.Remove(node);
        _lastLook = default;
    }

    /// <summary>Holders to wake now, at the bounded rate.</summary>
    public IReadOnlyList<AccountId> TakeDue(Timestamp now)
    {
        if (_lastWake.Milliseconds == 0) (_lastWake, _lastSweep, _firstLook) = (now, now, now.AddMilliseconds(options.FirstLookMilliseconds));
        EndLeases(now);
        if (now >= _firstLook && now - _lastLook >= options.LookMilliseconds) Look(now);
        long allowed = Math.Min((now - _lastWake) * options.WakesPerSecond / 1_000, options.WakesPerSecond);
        if (allowed < 1) return [];
        _lastWake = now;
        var due = new List<AccountId>();
        while (due.Count < allowed && _toWake.TryDequeue(out AccountId account))
        {
            _queued.Remove(account);
            due.Add(account);
        }

        return due;
    }

    private void EndLeases(Timestamp now)
    {
        List<NodeId>? over = null;
        foreach ((NodeId node, Timestamp end) in _leases)
        {
            if (now >= end) (over ??= []).Add(node);
        }

        foreach (NodeId node in over ?? []) Ended(node);
    }

    private void Look(Timestamp now)
    {
        _lastLook = now;
        bool sweep = now - _lastSweep >= options.SweepMilliseconds;
        if (sweep) _lastSweep = now;
        Unwatched = 0;
        int count = market.Actor.View.CopyHolders(ref _holders);
        for (int i = 0; i < count; i++)
        {
            if (_holders[i].Account.IsTrader) Look(_holders[i].Account, sweep);
        }

        foreach (AccountId account in market.Debtors) Look(account, sweep);
    }

    private void Look(AccountId account, bool sweep)
    {
        bool isWatched = IsWatched(account);
        if (!isWatched) Unwatched++;
        if ((sweep || !isWatched) && _queued.Add(account)) _toWake.Enqueue(account);
    }

    private bool IsWatched(AccountId account) => _watchers.TryGetValue(account, out NodeId node) && _leases.ContainsKey(node);
}

/// <summary>Times in milliseconds of exchange time.</summary>
public sealed record HolderWatchOptions
{
    public long LeaseMilliseconds { get; init; } = 30_000;

    /// <summary>
    /// A new activation gives the nodes this long to say whom they watch, before it wakes those of whom it has heard nothing: more than a
    /// node's time between two renewals.
    /// </summary>
    public long FirstLookMilliseconds { get; init; } = 7_000;

    /// <summary>How often the table of holders is looked through for unwatched ones.</summary>
    public long LookMilliseconds { get; init; } = 2_000;

    /// <summary>Every holder is woken once in this time, whatever is known of it.</summary>
    public long SweepMilliseconds { get; init; } = 600_000;

    public int WakesPerSecond { get; init; } = 5_000;
}
