using CrossMargin.Engine.Funding;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.OrderBook;
using CrossMargin.Engine.Tests.Markets;
using CrossMargin.Model;
using CrossMargin.TestKit;
using static CrossMargin.Engine.Tests.Markets.MarketHarness;

namespace CrossMargin.Engine.Tests.Funding;

public class FundingTests
{
    private const long EightHours = 28_800_000;

    private static readonly FundingSpec s_spec = TestProfiles.Simple().Markets[0].Funding;

    [Theory]
    [InlineData(0, 10_000, 8)] // no premium: the interest, 0.01 %
    [InlineData(40_000, 10_000, 8)] // inside the inner clamp the premium cancels out
    [InlineData(1_000_000, 950_000, 8)] // 1 % premium less the inner 0.05 %
    [InlineData(3_000_000, 1_000_000, 8)] // the cap
    [InlineData(-3_000_000, -1_000_000, 8)]
    [InlineData(0, 1_250, 1)] // one hour: divided once
    [InlineData(1_000_000, 475_000, 4)]
    public void PerInterval_ClampsAndDividesOnce(long premium, long rate, int hours)
    {
        FundingSpec spec = s_spec with { IntervalMilliseconds = hours * 3_600_000L };
        Assert.Equal(rate, FundingRate.PerIntervalHalfEven(spec, new Rate(premium)).E8);
    }

    [Fact]
    public void ImpactPrice_WalksTheBookForItsNotional()
    {
        var m = new MarketHarness();
        var book = new LimitOrderBook(m.Spec.TickUnits);
        var ladder = new HouseLadder(m.Spec);
        Rest(book, m, 1, "101", "1");
        Rest(book, m, 2, "100", "1");
        Assert.True(ImpactPrice.TryWalk(m.Spec, new CombinedDepth(book, ladder, Side.Buy), A("150"), out Price price));
        Assert.Equal(m.P("100.67114"), price); // 150 / (1 + 49/100)
        Assert.True(ImpactPrice.TryWalk(m.Spec, new CombinedDepth(book, ladder, Side.Buy), A("201"), out price));
        Assert.Equal(m.P("100.5"), price);
        Assert.False(ImpactPrice.TryWalk(m.Spec, new CombinedDepth(book, ladder, Side.Buy), A("201.00000001"), out _));
    }

    [Theory]
    [InlineData("102", "103", 2_000_000)]
    [InlineData("98", "99", -1_000_000)]
    [InlineData("99", "101", 0)]
    [InlineData("102", null, 2_000_000)] // no asks: no premium on that side
    [InlineData(null, "99", -1_000_000)]
    [InlineData("100.67114", "103", 671_140)]
    public void Premium_OfOneSample(string? bid, string? ask, long e8)
    {
        var m = new MarketHarness();
        Price impactBid = bid is null ? Price.None : m.P(bid);
        Price impactAsk = ask is null ? Price.None : m.P(ask);
        Assert.Equal(e8, PremiumIndex.SampleHalfEven(m.P("100"), impactBid, impactAsk).E8);
    }

    [Fact]
    public void Prop_Premium_WeighsSamplesByTheirNumber()
    {
        for (int seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var premium = new PremiumIndex();
            var all = new List<long>();
            for (int i = 0; i < 50; i++)
            {
                long value = random.Next(-5_000_000, 5_000_000);
                int times = random.Next(1, 5);
                premium.Add(new Rate(value), times);
                for (int t = 0; t < times; t++) all.Add(value);
                decimal weighted = 0;
                for (int n = 0; n < all.Count; n++) weighted += (n + 1) * (decimal)all[n];
                decimal mean = Math.Round(weighted / (all.Count * (all.Count + 1) / 2m), MidpointRounding.ToEven);
                Assert.Equal((long)mean, premium.MeanHalfEven.E8);
            }
        }
    }

    [Fact]
    public void Settle_LongsPayShorts_AtTheMark()
    {
        var m = Traded(out _);
        m.Step(ActorId.Client, new SetFundingRate { Market = m.Spec.Id, Rate = new Rate(10_000) });
        ToFundingTime(m);
        FundingPayment ann = m.Only<FundingPayment>(Ann);
        Assert.Equal((A("-0.03"), new Rate(10_000), m.P("100"), m.Q("3")), (ann.Amount, ann.Rate, ann.Mark, ann.Quantity));
        Assert.Equal(EightHours, ann.FundingTime.Milliseconds);
        Assert.Equal(A("0.02"), m.Only<FundingPayment>(Bob).Amount);
        Assert.Equal(A("0.01"), m.Only<FundingPayment>(Cleo).Amount);
        FundingSettled settled = Assert.Single(m.Emitted<FundingSettled>());
        Assert.Equal((A("0.03"), A("0.03"), 3), (settled.Paid, settled.Received, settled.Holders));
        Assert.Equal(new Rate(10_000), m.View.LastFundingRate);
        Assert.Equal(2 * EightHours, m.View.NextFundingTime.Milliseconds);
    }

    [Fact]
    public void SetRate_Accepted_IsToldWithTheSettlementThatWillUseIt()
    {
        var m = Traded(out _);
        m.Step(ActorId.Client, new SetFundingRate { Market = m.Spec.Id, Rate = new Rate(10_000) });
        FundingRateSet told = Assert.Single(m.Emitted<FundingRateSet>());
        Assert.Equal((new Rate(10_000), EightHours), (told.Rate, told.FundingTime.Milliseconds));
        Assert.Equal(new Rate(10_000), m.View.FundingEstimate);
    }

    [Fact]
    public void Settle_Rounding_PayersUpReceiversDown_TheRestIsDust()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Trade(Ann, Bob, "0.002", "100.1"); // mark 100: notional 0.2, times 1e-8 is a fifth of a unit
        m.Trade(Ann, Cleo, "0.001", "100.1");
        m.Step(ActorId.Client, new SettleFunding { Market = m.Spec.Id, Rate = new Rate(1) });
        Assert.Equal(new Amount(-1), m.Only<FundingPayment>(Ann).Amount);
        Assert.Empty(m.To<FundingPayment>(Bob));
        Assert.Equal(new Amount(1), m.View.Dust);
    }

    [Fact]
    public void Settle_NegativeRate_ShortsPay()
    {
        var m = Traded(out _);
        m.Step(ActorId.Client, new SettleFunding { Market = m.Spec.Id, Rate = new Rate(-10_000) });
        Assert.Equal(A("0.03"), m.Only<FundingPayment>(Ann).Amount);
        Assert.Equal(A("-0.02"), m.Only<FundingPayment>(Bob).Amount);
        Assert.Equal(Rate.Zero, m.View.LastFundingRate); // out of turn
    }

    [Fact]
    public void Settle_TheHousePaysAndReceivesLikeAnybody()
    {
        var m = new MarketHarness(TestProfiles.Simple("""{"markets":{"AAAUSDT":{"house":{"enabled":true}}}}"""));
        m.Index("100");
        m.Buy(Ann, 1, "1", "100.1", TimeInForce.Ioc);
        m.Step(ActorId.Client, new SettleFunding { Market = m.Spec.Id, Rate = new Rate(10_000) });
        Assert.Equal(A("-0.01"), m.Only<FundingPayment>(Ann).Amount);
        Assert.Equal(A("0.01"), m.View.HouseWallet);
    }

    [Fact]
    public void Settle_ByFormula_UsesThePremiumOfTheInterval()
    {
        var m = Traded(out _);
        m.Buy(Dan, 1, "500", "101"); // 20,000 fit: impact bid 101
        m.Index("100");
        AdvanceInSteps(m, EightHours - 1);
        Assert.Equal(new Rate(950_000), m.View.FundingEstimate); // 1 % − 0.05 %
        m.Index("100");
        m.AdvanceTo(EightHours);
        Assert.Equal(new Rate(950_000), m.View.LastFundingRate);
        Assert.Equal(A("-2.85"), m.Only<FundingPayment>(Ann).Amount);
        Assert.Equal(new Rate(10_000), m.View.FundingEstimate); // a new interval
    }

    [Fact]
    public void FundingTime_WhilePaused_IsSkipped()
    {
        var m = Traded(out _);
        m.AdvanceTo(EightHours); // stale for hours
        Assert.Equal(EightHours, Assert.Single(m.Emitted<FundingSkipped>()).FundingTime.Milliseconds);
        Assert.Empty(m.To<FundingPayment>(Ann));
    }

    [Fact]
    public void FundingTimes_SeveralAtOnce_AllButTheLastAreSkipped()
    {
        var m = new MarketHarness(TestProfiles.Simple("""{"liquidation":{"staleAfter":"24h"}}"""));
        m.Index("100");
        m.Trade(Ann, Bob, "1", "100");
        m.Step(ActorId.Client, new SetFundingRate { Market = m.Spec.Id, Rate = new Rate(20_000) });
        m.AdvanceTo((2 * EightHours) + 5);
        Assert.Equal(EightHours, Assert.Single(m.Emitted<FundingSkipped>()).FundingTime.Milliseconds);
        Assert.Equal(2 * EightHours, m.Only<FundingPayment>(Ann).FundingTime.Milliseconds);
    }

    [Fact]
    public void Payments_GoOutInSlices_ButAHolderIsPaidBeforeHeIsToldAnythingElse()
    {
        var m = new MarketHarness(pumpSelf: false);
        m.Index("100");
        for (int i = 0; i < 1200; i++)
        {
            m.Sell(new AccountId(5000 + i), 1, "1", "100");
            m.Buy(new AccountId(10_000 + i), 1, "1", "100");
        }

        m.Step(ActorId.Client, new SettleFunding { Market = m.Spec.Id, Rate = new Rate(10_000) });
        Assert.Equal(1000, m.Sent.Count(s => s.Kind == MessageKind.FundingPayment));
        Assert.Equal(MessageKind.ContinueFunding, m.Sent[^1].Kind);
        Assert.Equal((Int128)A("-10").E8, m.View.UnsentFunding); // 200 are to receive 0.01, 1,200 are to pay it

        m.Restart();
        var late = new AccountId(11_100);
        m.Buy(late, 2, "1", "99");
        Assert.Equal([MessageKind.FundingPayment, MessageKind.OrderUpdate], m.KindsTo(late));
        var paid = new List<AccountId>();
        for (int slice = 0; slice < 3; slice++)
        {
            m.Step(m.Actor.Address, new ContinueFunding());
            paid.AddRange(m.Sent.Where(s => s.Kind == MessageKind.FundingPayment).Select(s => new AccountId(s.To.Number)));
        }

        Assert.Equal(1399, paid.Count);
        Assert.Equal(paid.Order(), paid);
        Assert.DoesNotContain(late, paid);
        Assert.Equal(Int128.Zero, m.View.UnsentFunding);
        Assert.DoesNotContain(m.Sent, s => s.Kind == MessageKind.ContinueFunding);
    }

    [Fact]
    public void Settlement_WhileAnotherIsOpen_SendsTheRestFirst()
    {
        var m = new MarketHarness(pumpSelf: false);
        m.Index("100");
        for (int i = 0; i < 600; i++)
        {
            m.Sell(new AccountId(5000 + i), 1, "1", "100");
            m.Buy(new AccountId(10_000 + i), 1, "1", "100");
        }

        m.Step(ActorId.Client, new SettleFunding { Market = m.Spec.Id, Rate = new Rate(10_000) });
        m.Step(ActorId.Client, new SettleFunding { Market = m.Spec.Id, Rate = new Rate(20_000) });
        Assert.Equal(200, m.Sent.Count(s => s.Kind == MessageKind.FundingPayment && s.Body<FundingPayment>().Rate.E8 == 10_000));
        Assert.Equal(1000, m.Sent.Count(s => s.Kind == MessageKind.FundingPayment && s.Body<FundingPayment>().Rate.E8 == 20_000));
    }

    private static MarketHarness Traded(out Price mark)
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Trade(Ann, Bob, "2", "100");
        m.Trade(Ann, Cleo, "1", "100");
        mark = m.View.Mark;
        return m;
    }

    private static void ToFundingTime(MarketHarness m)
    {
        m.Skip(EightHours - 1 - m.Now.Milliseconds);
        m.Index("100");
        m.AdvanceTo(EightHours);
    }

    private static void AdvanceInSteps(MarketHarness m, long until)
    {
        while (m.Now.Milliseconds < until)
        {
            m.Index("100");
            m.Advance(Math.Min(50_000, until - m.Now.Milliseconds));
        }
    }

    private static void Rest(LimitOrderBook book, MarketHarness m, long id, string price, string quantity) => book.Add(new RestingOrder
    {
        Account = Ann,
        OrderId = new OrderId(id),
        Side = Side.Buy,
        Price = m.P(price),
        Quantity = m.Q(quantity),
        Remaining = m.Q(quantity),
    });
}
