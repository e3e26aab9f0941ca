using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Risk;

/// <summary>
/// Accounts that do nothing but be judged, their prices, and a monitor: each liquidatable pool is closed at once, or waits if one of its
/// markets is paused.
/// </summary>
public sealed class RiskWorld
{
    private readonly VenueProfile _profile;
    private readonly MessageQueue _queue = new();
    private readonly PauseReason[] _pauses;
    private readonly HashSet<PoolId> _closed = [];
    private long _sequence;

    public RiskWorld(VenueProfile profile, List<TestAccount> accounts, Price[] start, Func<RiskWorld, INodeRiskMonitor> create)
    {
        _profile = profile;
        _pauses = new PauseReason[profile.Markets.Count];
        Accounts = accounts;
        Prices = new PriceTable(profile.Markets.Count);
        Monitor = create(this);
        for (int i = 0; i < start.Length; i++) Tick(new MarketId(i + 1), start[i], start[i]);
        RequestAll();
        Settle();
    }

    public PriceTable Prices { get; }
    public INodeRiskMonitor Monitor { get; private set; }
    public List<TestAccount> Accounts { get; }

    /// <summary>What was liquidated, in order, and at which price version.</summary>
    public List<(long Version, PoolId Pool, Amount Excess)> Liquidated { get; } = [];

    public int Judgements { get; private set; }

    /// <summary>A pool as the accounts hold it now; false once it was closed.</summary>
    public bool Read(PoolId pool, out PoolView view)
    {
        view = default;
        if (_closed.Contains(pool)) return false;
        view = Accounts[pool.Account.Value - 1].View(pool);
        return true;
    }

    public void Tick(MarketId market, Price mark, Price index)
    {
        var tick = new PriceTick
        {
            Market = market,
            Mark = mark,
            Index = index,
            Last = mark,
            Sequence = ++_sequence,
            Pause = _pauses[market.Value - 1],
        };
        Monitor.Receive(tick);
    }

    public void Pause(MarketId market, PauseReason reason)
    {
        _pauses[market.Value - 1] = reason;
        Tick(market, Prices.Mark(market), Prices.Index(market));
    }

    /// <summary>The account changed otherwise than by a price.</summary>
    public void Changed(TestAccount account)
    {
        foreach (PoolId pool in account.Pools)
        {
            if (!_closed.Contains(pool)) Monitor.RequestJudge(pool);
        }
    }

    public bool IsClosed(PoolId pool) => _closed.Contains(pool);

    /// <summary>Works until nothing is queued and nothing is marked.</summary>
    public void Settle()
    {
        do
        {
            while (_queue.Count > 0) Handle(_queue.Take());
        }
        while (Monitor.Flush(_queue) > 0);
    }

    /// <summary>As after a restore: a new monitor that knows nothing, every pool to be judged.</summary>
    public void Restart(Func<RiskWorld, INodeRiskMonitor> create)
    {
        Monitor = create(this);
        RequestAll();
        Settle();
    }

    /// <summary>Looks at every pool: liquidatable ones must wait for a paused market. Returns those that wait.</summary>
    public List<PoolId> CheckNobodyMissed()
    {
        List<PoolId> waiting = [];
        foreach (TestAccount account in Accounts)
        {
            foreach (PoolId pool in account.Pools)
            {
                if (!Read(pool, out PoolView view)) continue;
                bool waits = Monitor.TryGetWaiting(pool, out MarketId market);
                if (waits) waiting.Add(pool);
                if (!JudgeOf(view).IsLiquidatable(_profile.Liquidation.EqualityIsSafe)) continue;
                Assert.True(waits, $"{pool} is liquidatable and nobody was told: {JudgeOf(view)}");
                Assert.NotEqual(PauseReason.None, Prices.Pause(market));
            }
        }

        return waiting;
    }

    private void RequestAll()
    {
        foreach (TestAccount account in Accounts) Changed(account);
    }

    private PoolFigures JudgeOf(in PoolView view) => view.Judge(_profile, Prices.Marks, Prices.Indexes);

    private void Handle(in Message message)
    {
        JudgePool body = message.Body<JudgePool>();
        var pool = new PoolId(new AccountId(message.To.Number), body.Market, body.PositionSide);
        Assert.Equal(ActorId.Of(pool.Account), message.To);
        Judgements++;
        if (!Read(pool, out PoolView view)) return;
        PoolFigures figures = JudgeOf(view);
        if (!figures.IsLiquidatable(_profile.Liquidation.EqualityIsSafe))
        {
            Monitor.Watch(pool, view);
            return;
        }

        foreach (Leg leg in view.Legs)
        {
            if (Prices.Pause(leg.Market) == PauseReason.None || (!pool.IsCross && leg.Market != pool.Market)) continue;
            Monitor.WaitForResume(pool, leg.Market);
            return;
        }

        Monitor.Unwatch(pool);
        Liquidated.Add((Prices.Version, pool, figures.Excess));
        _closed.Add(pool);
    }
}
