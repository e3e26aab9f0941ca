using System.Runtime.InteropServices;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>
/// Watches the pools of one node by their safe boxes: a tick touches only the pools whose box it leaves, and only those are judged.
/// Holds nothing that must survive: after a restore the host marks every pool with <see cref="RequestJudge"/>, and since judging a sound
/// pool changes nothing but its box, the run goes on as if it had never stopped.
/// </summary>
public sealed class RiskMonitor : INodeRiskMonitor
{
    private readonly PriceTable _prices;
    private readonly ExcessTerms _terms;
    private readonly RiskIndex _index;
    private readonly PoolSlots _slots = new();
    private readonly WaitingPools _waiting;
    private readonly PriceMoves _moves;
    private readonly List<PoolId> _dirty = [];
    private readonly List<int> _crossed = [];
    private PriceBounds[] _box = new PriceBounds[8];
    private long _judged;
    private long _built;
    private long _kept;
    private long _crossings;

    /// <param name="prices">The node's price table; from now on only this monitor writes it.</param>
    public RiskMonitor(VenueProfile profile, PriceTable prices)
    {
        _prices = prices;
        _terms = new ExcessTerms(profile);
        _index = new RiskIndex(PriceDimension.CountFor(profile.Markets.Count));
        _waiting = new WaitingPools(_slots, profile.Markets.Count);
        _moves = new PriceMoves(profile);
    }

    public RiskCounters Counters => new(_judged, _built, _kept, _crossings);

    /// <summary>How many pools have a box.</summary>
    public int BoxCount => _index.Count;

    public bool Receive(in PriceTick tick)
    {
        MarketId market = tick.Market;
        Price mark = _prices.Mark(market);
        Price index = _prices.Index(market);
        if (!_prices.TryApply(tick)) return false;
        _moves.Observe(PriceDimension.OfMark(market), mark, tick.Mark);
        _moves.Observe(PriceDimension.OfIndex(market), index, tick.Index);
        _crossed.Clear();
        _index.Cross(PriceDimension.OfMark(market), tick.Mark, _crossed);
        _index.Cross(PriceDimension.OfIndex(market), tick.Index, _crossed);
        _crossings += _crossed.Count;
        if (tick.Pause == PauseReason.None) _waiting.Release(market, _crossed);
        foreach (int handle in _crossed) Mark(handle);
        return true;
    }

    public int Flush(MessageQueue queue)
    {
        int count = _dirty.Count;
        if (count == 0) return 0;
        Span<PoolId> pools = CollectionsMarshal.AsSpan(_dirty);
        pools.Sort();
        foreach (PoolId pool in pools)
        {
            int handle = _slots.Find(pool);
            _slots[handle].IsDirty = false;
            DropIfIdle(handle);
            Send(pool, queue);
        }

        _dirty.Clear();
        return count;
    }

    public void RequestJudge(PoolId pool) => Mark(HandleOf(pool));

    public void Watch(PoolId pool, in PoolView view)
    {
        int handle = HandleOf(pool);
        _waiting.Remove(handle);
        _terms.Load(view, _prices.Marks, _prices.Indexes);
        if (!_terms.IsSound)
        {
            // Judged on older prices than this table's: no box can hold these, and no later tick would tell.
            _index.Remove(handle);
            Mark(handle);
            return;
        }

        if (_index.HasBox(handle))
        {
            if (SafeBox.Proves(_terms, _index, handle))
            {
                _kept++;
                return;
            }
        }

        int count = _terms.Count;
        if (_box.Length < count) _box = new PriceBounds[count * 2];
        Span<PriceBounds> box = _box.AsSpan(0, count);
        SafeBox.Build(_terms, _moves.Volatility, box);
        _index.Set(handle, box);
        _built++;
        DropIfIdle(handle);
    }

    public void Unwatch(PoolId pool)
    {
        int handle = _slots.Find(pool);
        if (handle < 0) return;
        _waiting.Remove(handle);
        _index.Remove(handle);
        DropIfIdle(handle);
    }

    public void WaitForResume(PoolId pool, MarketId market)
    {
        int handle = HandleOf(pool);
        _index.Remove(handle);
        _waiting.Remove(handle);
        if (_prices.Pause(market) == PauseReason.None) Mark(handle);
        else _waiting.Add(handle, market);
    }

    public int WaitingCount(MarketId market) => _waiting.CountOf(market);

    public bool TryGetWaiting(PoolId pool, out MarketId market)
    {
        int handle = _slots.Find(pool);
        market = handle < 0 ? MarketId.None : _slots[handle].WaitsFor;
        return !market.IsNone;
    }

    public void CopyWaiting(MarketId market, List<PoolId> pools) => _waiting.CopyTo(market, pools);

    private void Mark(int handle)
    {
        ref PoolSlots.Slot slot = ref _slots[handle];
        if (slot.IsDirty) return;
        slot.IsDirty = true;
        _dirty.Add(slot.Pool);
    }

    private void Send(PoolId pool, MessageQueue queue)
    {
        ref Message message = ref queue.Add();
        message.From = ActorId.Monitor;
        message.To = ActorId.Of(pool.Account);
        message.Cause = CommandId.None;
        message.Set(new JudgePool { Market = pool.Market, PositionSide = pool.Side });
        _judged++;
    }

    private int HandleOf(PoolId pool)
    {
        int handle = _slots.FindOrAdd(pool);
        _index.Reach(handle);
        return handle;
    }

    /// <summary>A pool without box, mark or wait is forgotten.</summary>
    private void DropIfIdle(int handle)
    {
        ref PoolSlots.Slot slot = ref _slots[handle];
        if (!slot.IsDirty && slot.WaitsFor.IsNone && !_index.HasBox(handle)) _slots.Remove(handle);
    }
}
