using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.TestKit;

/// <summary>Reads a pool as its account holds it now; false when the account has no such pool any more.</summary>
public delegate bool PoolReader(PoolId pool, out PoolView view);

/// <summary>
/// The naive twin of <see cref="RiskMonitor"/>: at each flush it judges every watched pool that depends on a market which has ticked, and
/// wakes those that are liquidatable. A run with it must be equal, event for event, to one with the index.
/// </summary>
public sealed class FullScanMonitor(VenueProfile profile, PriceTable prices, PoolReader read) : INodeRiskMonitor
{
    private readonly SortedSet<PoolId> _watched = [];
    private readonly SortedSet<PoolId> _dirty = [];
    private readonly SortedSet<MarketId> _ticked = [];
    private readonly SortedDictionary<PoolId, MarketId> _waiting = [];
    private long _judged;
    private long _crossed;

    public RiskCounters Counters => new(_judged, 0, 0, _crossed);

    public bool Receive(in PriceTick tick)
    {
        if (!prices.TryApply(tick)) return false;
        MarketId market = tick.Market;
        _ticked.Add(market);
        if (tick.Pause != PauseReason.None) return true;
        foreach (PoolId pool in _waiting.Where(w => w.Value == market).Select(w => w.Key).ToArray())
        {
            _waiting.Remove(pool);
            _dirty.Add(pool);
        }

        return true;
    }

    public int Flush(MessageQueue queue)
    {
        foreach (PoolId pool in _watched)
        {
            if (_ticked.Any(market => IsLiquidatableBy(pool, market)) && _dirty.Add(pool)) _crossed++;
        }

        _ticked.Clear();
        _watched.ExceptWith(_dirty);
        int count = _dirty.Count;
        Send(_dirty, queue);
        _dirty.Clear();
        return count;
    }

    public void RequestJudge(PoolId pool) => _dirty.Add(pool);

    public void Watch(PoolId pool, in PoolView view)
    {
        _waiting.Remove(pool);
        _watched.Remove(pool);
        PoolFigures figures = view.Judge(profile, prices.Marks, prices.Indexes);
        if (figures.IsLiquidatable(profile.Liquidation.EqualityIsSafe)) RequestJudge(pool);
        else _watched.Add(pool);
    }

    public void Unwatch(PoolId pool)
    {
        _waiting.Remove(pool);
        _watched.Remove(pool);
    }

    public void WaitForResume(PoolId pool, MarketId market)
    {
        Unwatch(pool);
        if (prices.Pause(market) == PauseReason.None) RequestJudge(pool);
        else _waiting[pool] = market;
    }

    public int WaitingCount(MarketId market) => _waiting.Count(w => w.Value == market);

    public bool TryGetWaiting(PoolId pool, out MarketId market) => _waiting.TryGetValue(pool, out market);

    public void CopyWaiting(MarketId market, List<PoolId> pools) =>
        pools.AddRange(_waiting.Where(w => w.Value == market).Select(w => w.Key));

    private bool IsLiquidatableBy(PoolId pool, MarketId market)
    {
        if (!read(pool, out PoolView view) || !DependsOn(view, market)) return false;
        return view.Judge(profile, prices.Marks, prices.Indexes).IsLiquidatable(profile.Liquidation.EqualityIsSafe);
    }

    private bool DependsOn(in PoolView view, MarketId market)
    {
        if (!view.IsCross) return view.Legs[view.IsolatedIndex].Market == market;
        foreach (Leg leg in view.Legs)
        {
            if (leg.Mode == MarginMode.Cross && leg.Market == market && !leg.Quantity.IsZero) return true;
        }

        if (!profile.Collateral.Enabled) return false;
        foreach (CollateralAsset asset in profile.Collateral.Assets)
        {
            if (asset.PriceMarket == market && asset.Id.Value < view.Balances.Length && !view.Balances[asset.Id.Value].IsZero) return true;
        }

        return false;
    }

    private void Send(SortedSet<PoolId> pools, MessageQueue queue)
    {
        foreach (PoolId pool in pools)
        {
            ref Message message = ref queue.Add();
            message.From = ActorId.Monitor;
            message.To = ActorId.Of(pool.Account);
            message.Cause = CommandId.None;
            message.Set(new JudgePool { Market = pool.Market, PositionSide = pool.Side });
            _judged++;
        }
    }
}
