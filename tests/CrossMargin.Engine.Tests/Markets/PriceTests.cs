using CrossMargin.Model;
using CrossMargin.TestKit;
using static CrossMargin.Engine.Tests.Markets.MarketHarness;

namespace CrossMargin.Engine.Tests.Markets;

public class PriceTests
{
    private static readonly VenueProfile s_house = TestProfiles.Simple("""{"markets":{"AAAUSDT":{"house":{"enabled":true}}}}""");

    [Fact]
    public void FirstIndex_IsTheMark_AndIsPublishedOnce()
    {
        var m = new MarketHarness();
        m.Index("100");
        PriceTick tick = Assert.Single(Ticks(m));
        Assert.Equal(
            (1L, m.P("100"), m.P("100"), Price.None, PauseReason.None),
            (tick.Sequence, tick.Mark, tick.Index, tick.Last, tick.Pause));
        Assert.Equal(m.P("100"), Assert.Single(m.Emitted<PriceChanged>()).Mark);
        m.Index("100");
        Assert.Empty(m.Sent);
        m.Index("101");
        Assert.Equal(2, Assert.Single(Ticks(m)).Sequence);
    }

    [Fact]
    public void Mark_ChangesOnlyAtPriceOrTimeCommands()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Trade(Ann, Bob, "1", "105");
        Assert.Equal((m.P("105"), m.P("100")), (m.View.Last, m.View.Mark));
        Assert.Empty(Ticks(m));
        m.Advance(100);
        Assert.Equal(m.P("105"), Assert.Single(Ticks(m)).Last);
    }

    [Fact]
    public void Mark_IsTheMedianOfThree()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Buy(Ann, 1, "9", "101");
        m.Sell(Bob, 1, "9", "103");
        m.Advance(5000); // one sample: the mid is 102, Price 2 is 102; Price 1 is 100; no last price yet
        Assert.Equal(m.P("100"), m.View.Mark);
        m.Sell(Cleo, 1, "1", "101"); // last 101
        m.Advance(1);
        Assert.Equal(m.P("101"), m.View.Mark);
        m.Buy(Cleo, 2, "1", "103"); // last 103: Price 2 is the median
        m.Advance(1);
        Assert.Equal(m.P("102"), m.View.Mark);
    }

    [Fact]
    public void Wild_PausesAndRecoversWhenTheIndexHasStayed()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Index("120"); // exactly the band: fine
        Assert.Equal(PauseReason.None, m.View.Pause);
        m.Index("90");
        LiquidationPaused paused = Assert.Single(m.Emitted<LiquidationPaused>());
        Assert.Equal((PauseReason.Wild, m.P("90"), m.P("120")), (paused.Reason, paused.Index, paused.Previous));
        Assert.Equal(PauseReason.Wild, Assert.Single(Ticks(m)).Pause);
        SubmitOrder order = m.Order(1, Side.Buy, "1", "95", TimeInForce.Ioc);
        order.Flags = OrderFlags.Market;
        m.From(Ann, order);
        Assert.Equal(new PackedRefusal(RejectReason.PriceUnavailable, 0, (long)PauseReason.Wild), m.Only<OrderUpdate>(Ann).Refusal);

        m.Advance(5000); // nothing has confirmed it
        Assert.Equal(PauseReason.Wild, m.View.Pause);
        m.Index("91");
        LiquidationResumed resumed = Assert.Single(m.Emitted<LiquidationResumed>());
        Assert.Equal((PauseReason.Wild, m.P("91")), (resumed.Reason, resumed.Index));
        Assert.Equal(PauseReason.None, m.View.Pause);
    }

    [Fact]
    public void Wild_AgainWhileWild_StartsTheRecoveryAnew()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Index("150");
        m.Skip(4000);
        m.Index("100"); // back: as wild as before
        m.Index("101");
        m.Advance(4999);
        Assert.Equal(PauseReason.Wild, m.View.Pause);
        m.Restart();
        m.Advance(1);
        Assert.Equal(PauseReason.None, m.View.Pause);
    }

    [Fact]
    public void Stale_PausesUntilTheNextUpdate()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Advance(59_999);
        Assert.Equal(PauseReason.None, m.View.Pause);
        m.Advance(1);
        Assert.Equal(PauseReason.Stale, Assert.Single(m.Emitted<LiquidationPaused>()).Reason);
        m.Index("101");
        Assert.Equal(PauseReason.Stale, Assert.Single(m.Emitted<LiquidationResumed>()).Reason);
        m.Advance(60_000);
        m.Index("200"); // no good update
        Assert.Equal(PauseReason.Wild, m.View.Pause);
    }

    [Fact]
    public void Halted_ComesFirst_AndEnds()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Step(ActorId.Client, new SetMarketStatus { Market = m.Spec.Id, Status = MarketStatus.Halted });
        Assert.Equal(PauseReason.Halted, Assert.Single(Ticks(m)).Pause);
        m.Index("200");
        Assert.Equal(PauseReason.Halted, m.View.Pause);
        m.Step(ActorId.Client, new SetMarketStatus { Market = m.Spec.Id, Status = MarketStatus.Trading });
        Assert.Equal(PauseReason.Wild, m.View.Pause);
        Assert.Equal(PauseReason.Wild, Assert.Single(m.Emitted<LiquidationPaused>()).Reason);
    }

    [Fact]
    public void Index_NotPositive_BreaksTheInvariant()
    {
        var m = new MarketHarness();
        Assert.Throws<InvariantViolation>(() => m.Step(ActorId.Client, new SetIndexPrice { Market = m.Spec.Id }));
    }

    [Fact]
    public void PremiumAndBasis_UseTheHouseToo()
    {
        var m = new MarketHarness(s_house);
        m.Index("100");
        m.Advance(5000);
        Assert.Equal(m.P("100"), m.View.Mark); // bid 99.9 and ask 100.1: the mid is the index
    }

    private static List<PriceTick> Ticks(MarketHarness m) =>
        [.. m.Sent.Where(s => s.To == ActorId.Monitor).Select(s => s.Body<PriceTick>())];
}
