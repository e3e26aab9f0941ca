using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Risk;

public sealed class RiskMonitorTests
{
    private static readonly MarketId s_market = new(1);
    private readonly VenueProfile _profile = RiskProfiles.Of("marginal");
    private readonly MessageQueue _queue = new();
    private readonly PriceTable _prices;
    private readonly RiskMonitor _monitor;
    private long _sequence;

    public RiskMonitorTests()
    {
        _prices = new PriceTable(_profile.Markets.Count);
        _monitor = new RiskMonitor(_profile, _prices);
        Assert.True(Tick(4_000_000));
    }

    [Fact]
    public void Receive_OlderTick_IsIgnored()
    {
        Watch(1, lots: 1000);
        var old = new PriceTick { Market = s_market, Mark = new Price(1), Index = new Price(1), Sequence = _sequence };
        Assert.False(_monitor.Receive(old));
        Assert.Equal(0, _queue.Count);
        Assert.Equal(4_000_000, _prices.Mark(s_market).Units);
    }

    [Fact]
    public void Receive_CrossedPools_AreWokenOnceInPoolOrder()
    {
        foreach (int id in new[] { 7, 3, 9, 1 }) Watch(id, lots: 1000);
        Tick(1_000_000);
        Assert.Equal([1, 3, 7, 9], Woken());
        Tick(900_000);
        Assert.Empty(Woken());
        Assert.Equal(4, _monitor.Counters.Crossed);
    }

    [Fact]
    public void Receive_PoolMarkedOrCrossedTwice_IsWokenOnceByTheFlush()
    {
        Watch(1, lots: 1000);
        Watch(2, lots: 1000);
        _monitor.RequestJudge(Pool(2));
        Tick(1_000_000);
        Tick(9_000_000);
        Assert.Equal(0, _queue.Count);
        Assert.Equal([1, 2], Woken());
        Assert.Empty(Woken());
    }

    [Fact]
    public void Flush_ManyRequests_OneMessageAPoolInOrder()
    {
        foreach (int id in new[] { 5, 2, 5, 2, 8 }) _monitor.RequestJudge(Pool(id));
        Assert.Equal([2, 5, 8], Woken());
        Assert.Equal(0, _monitor.Flush(_queue));
    }

    [Fact]
    public void Unwatch_MarkedPool_IsStillJudged()
    {
        _monitor.RequestJudge(Pool(4));
        _monitor.Unwatch(Pool(4));
        Assert.Equal(1, _monitor.Flush(_queue));
    }

    [Fact]
    public void Unwatch_Pool_NoTickWakesIt()
    {
        Watch(1, lots: 1000);
        _monitor.Unwatch(Pool(1));
        Assert.Equal(0, _monitor.BoxCount);
        Tick(1_000_000);
        Assert.Empty(Woken());
    }

    [Fact]
    public void Watch_PoolUnsoundAtTheMonitorsOwnPrices_IsMarked()
    {
        // The account judged by an older table; the price has gone on since.
        Tick(100);
        Watch(1, lots: 1000, at: 4_000_000);
        Assert.Equal(0, _monitor.BoxCount);
        Assert.Equal(1, _monitor.Flush(_queue));
    }

    [Fact]
    public void Watch_PoolOfANewMarketWithTheOldBox_TakesANewBox()
    {
        Watch(1, lots: 1000);
        Tick(4_000_000, market: 2);
        Leg[] legs = [LegOf(s_market, 1000, 4_000_000), LegOf(new MarketId(2), 1000, 4_000_000)];
        _monitor.Watch(Pool(1), new PoolView(legs, -1, [new Amount(legs[1].OpenCost.E8 / 2)]));
        Assert.Equal(2, _monitor.Counters.BoxesBuilt);
        Tick(100, market: 2);
        Assert.Equal([1], Woken());
    }

    [Fact]
    public void WaitForResume_PausedMarket_IsWokenWhenItResumes()
    {
        Tick(4_000_000, PauseReason.Wild);
        foreach (int id in new[] { 6, 2, 4 }) _monitor.WaitForResume(Pool(id), s_market);
        _monitor.Unwatch(Pool(4));
        Tick(100, PauseReason.Wild);
        Assert.Empty(Woken());
        List<PoolId> waiting = [];
        _monitor.CopyWaiting(s_market, waiting);
        Assert.Equal([Pool(2), Pool(6)], waiting);
        Assert.Equal(2, _monitor.WaitingCount(s_market));
        Assert.True(_monitor.TryGetWaiting(Pool(6), out MarketId market) && market == s_market);
        Tick(100);
        Assert.Equal([2, 6], Woken());
        Assert.Equal(0, _monitor.WaitingCount(s_market));
    }

    [Fact]
    public void WaitForResume_MarketNotPausedHere_IsMarked()
    {
        _monitor.WaitForResume(Pool(1), s_market);
        Assert.Equal(0, _monitor.WaitingCount(s_market));
        Assert.Equal(1, _monitor.Flush(_queue));
    }

    [Fact]
    public void Watch_WaitingPool_WaitsNoMore()
    {
        Tick(4_000_000, PauseReason.Wild);
        _monitor.WaitForResume(Pool(1), s_market);
        Watch(1, lots: 1000);
        Assert.False(_monitor.TryGetWaiting(Pool(1), out _));
        Tick(4_000_000);
        Assert.Empty(Woken());
    }

    private static PoolId Pool(int id) => PoolId.Cross(new AccountId(id));

    private Leg LegOf(MarketId market, long lots, long entry) => new()
    {
        Market = market,
        Leverage = 10,
        Quantity = new Quantity(lots),
        OpenCost = _profile[market].Notional(new Price(entry), new Quantity(lots)),
    };

    private void Watch(int id, long lots, long at = 4_000_000)
    {
        Leg[] legs = [LegOf(s_market, lots, at)];
        Amount notional = _profile[s_market].Notional(new Price(at), new Quantity(lots));
        _monitor.Watch(Pool(id), new PoolView(legs, -1, [new Amount(notional.E8 / 5)]));
    }

    private bool Tick(long price, PauseReason pause = PauseReason.None, int market = 1) => _monitor.Receive(
        new PriceTick
        {
            Market = new MarketId(market),
            Mark = new(price),
            Index = new(price),
            Last = new(price),
            Sequence = ++_sequence,
            Pause = pause,
        });

    private List<int> Woken()
    {
        List<int> ids = [];
        _monitor.Flush(_queue);
        while (_queue.Count > 0) ids.Add(_queue.Take().To.Number);
        return ids;
    }
}
