using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Risk;

/// <summary>
/// One node's watch over the pools of the accounts that are active on it. Ticks come once a node; the pools whose box a tick leaves are
/// woken until they answer. Accounts read an immutable table of prices of one version; each new box is checked against the newest prices
/// in the turn in which it comes, so no wake-up is lost. Holds nothing that must survive. Thread-safe.
/// </summary>
public sealed class NodeWatch
{
    private readonly Lock _gate = new();
    private readonly RiskMonitor _monitor;
    private readonly PriceTable _newest;
    private readonly MessageQueue _marked = new();
    private readonly SortedDictionary<PoolId, Timestamp> _woken = []; // and no answer yet
    private readonly PriceLeases _leases;
    private readonly NodeWatchOptions _options;
    private volatile PriceTable _prices;

    public NodeWatch(VenueProfile profile, NodeId id, NodeWatchOptions? options = null)
    {
        Id = id;
        _options = options ?? new NodeWatchOptions();
        _newest = new PriceTable(profile.Markets.Count);
        _monitor = new RiskMonitor(profile, _newest);
        _leases = new PriceLeases(profile, _options);
        _prices = _newest.Copy();
    }

    public NodeId Id { get; }

    /// <summary>The prices to judge by now. Never changes; the next tick brings another.</summary>
    public PriceTable Prices => _prices;

    public RiskCounters Counters
    {
        get
        {
            lock (_gate) return _monitor.Counters;
        }
    }

    /// <summary>Pools with a box.</summary>
    public int BoxCount
    {
        get
        {
            lock (_gate) return _monitor.BoxCount;
        }
    }

    /// <summary>Pools that were woken and have not answered.</summary>
    public int UnansweredWakes
    {
        get
        {
            lock (_gate) return _woken.Count;
        }
    }

    /// <summary>
    /// Whether every market has told its prices at least once. Before that accounts and the fund wait here: what holds positions would be
    /// valued at no price.
    /// </summary>
    public bool KnowsAllMarkets
    {
        get
        {
            lock (_gate) return _leases.Unknown == 0;
        }
    }

    /// <summary>Takes what a market or the fund tells every node; older ticks are ignored.</summary>
    public void Receive(in Message notice)
    {
        lock (_gate)
        {
            long before = _newest.Version;
            bool closed = _newest.WithdrawalsClosed;
            if (notice.Kind == MessageKind.PriceTick) _monitor.Receive(notice.Body<PriceTick>());
            else _newest.Inform(notice);
            if (_newest.Version != before || _newest.WithdrawalsClosed != closed) _prices = _newest.Copy();
        }
    }

    /// <summary>The markets whose lease should be renewed now: asked for again and again until they answer.</summary>
    public IReadOnlyList<MarketId> LeasesToRenew(Timestamp now)
    {
        lock (_gate) return _leases.ToRenew(now);
    }

    /// <summary>A market has answered; what it told is taken as a tick. Returns whether it is another epoch than the one known.</summary>
    public bool Renewed(in PriceTick tick, in BracketsTick brackets, Timestamp now)
    {
        bool isNew;
        lock (_gate) isNew = _leases.Renewed(tick.Market, tick.Epoch, now);
        Receive(Message.Of(ActorId.Of(tick.Market), ActorId.Monitor, CommandId.None, tick));
        if (brackets.Sequence > 0) Receive(Message.Of(ActorId.Of(tick.Market), ActorId.Monitor, CommandId.None, brackets));
        return isNew;
    }

    /// <summary>
    /// Pauses the markets whose lease ran out without renewal: their pools here refuse new risk, withdrawals and liquidation until a
    /// market answers again. Returns them.
    /// </summary>
    public IReadOnlyList<MarketId> SuspendExpired(Timestamp now)
    {
        lock (_gate)
        {
            IReadOnlyList<MarketId> expired = _leases.TakeExpired(now);
            foreach (MarketId market in expired) _newest.Suspend(market);
            if (expired.Count > 0) _prices = _newest.Copy();
            return expired;
        }
    }

    /// <summary>The account has judged the pool sound; it is watched from now on.</summary>
    public void Watch(PoolId pool, in PoolView view)
    {
        lock (_gate)
        {
            _woken.Remove(pool);
            _monitor.Watch(pool, view);
        }
    }

    public void Unwatch(PoolId pool)
    {
        lock (_gate)
        {
            _woken.Remove(pool);
            _monitor.Unwatch(pool);
        }
    }

    public void WaitForResume(PoolId pool, MarketId market)
    {
        lock (_gate)
        {
            _woken.Remove(pool);
            _monitor.WaitForResume(pool, market);
        }
    }

    /// <summary>
    /// The pools to wake now: those marked since the last call and those that have not answered for a while; at most so many, the rest
    /// next time.
    /// </summary>
    public IReadOnlyList<Message> TakeWakes(Timestamp now, int most)
    {
        lock (_gate)
        {
            var wakes = new List<Message>();
            _monitor.Flush(_marked);
            while (_marked.Count > 0 && wakes.Count < most)
            {
                Message judge = _marked.Take();
                _woken[PoolOf(judge)] = now;
                wakes.Add(judge);
            }

            if (_woken.Count == 0) return wakes;
            List<PoolId>? again = null;
            foreach ((PoolId pool, Timestamp at) in _woken)
            {
                if (now - at >= _options.WakeAgainMilliseconds && wakes.Count + (again?.Count ?? 0) < most) (again ??= []).Add(pool);
            }

            foreach (PoolId pool in again ?? [])
            {
                _woken[pool] = now;
                wakes.Add(Message.Of(
                    ActorId.Monitor, ActorId.Of(pool.Account), CommandId.None, new JudgePool { Market = pool.Market, PositionSide = pool.Side }));
            }

            return wakes;
        }
    }

    /// <summary>The account is not active here (any more): nothing of it is watched here.</summary>
    public void Leave(AccountId account, VenueProfile profile)
    {
        lock (_gate)
        {
            Forget(PoolId.Cross(account));
            foreach (MarketSpec spec in profile.Markets)
            {
                Forget(new PoolId(account, spec.Id, PositionSide.Both));
                Forget(new PoolId(account, spec.Id, PositionSide.Long));
                Forget(new PoolId(account, spec.Id, PositionSide.Short));
            }
        }
    }

    private void Forget(PoolId pool)
    {
        _woken.Remove(pool);
        _monitor.Unwatch(pool);
    }

    private static PoolId PoolOf(in Message judge)
    {
        ref readonly JudgePool body = ref judge.Body<JudgePool>();
        return new PoolId(new AccountId(judge.To.Number), body.Market, body.PositionSide);
    }
}
