using System.Numerics;
using CrossMargin.Engine.Markets;
using CrossMargin.Model;
using CrossMargin.TestKit;
using static CrossMargin.Engine.Tests.Markets.MarketHarness;

namespace CrossMargin.Engine.Tests.Markets;

public class HouseTests
{
    private static readonly VenueProfile s_house = TestProfiles.Simple("""{"markets":{"AAAUSDT":{"house":{"enabled":true}}}}""");

    [Fact]
    public void Depth_ByNotional_GrowsOutward()
    {
        var m = new MarketHarness(s_house);
        m.Index("100");
        var depth = new DepthLevel[10];
        Assert.Equal(5, m.View.Depth(Side.Sell, depth));
        Assert.Equal(["100.1", "100.2", "100.3", "100.4", "100.5"], depth[..5].Select(l => m.Spec.Format(l.Price)));
        Assert.Equal(["1000", "1500", "2000", "2500", "3000"], depth[..5].Select(l => m.Spec.Format(l.Quantity)));
        Assert.Equal((m.P("99.9"), m.Q("1000")), (m.View.BestBid.Price, m.View.BestBid.Quantity));
    }

    [Fact]
    public void Depth_ByVolume_IsItsShareSpreadOverTheLevels()
    {
        var m = new MarketHarness(s_house);
        m.Index("100", volume: "4000"); // 25 % is 1,000; weights 1, 1.5, 2, 2.5, 3
        var depth = new DepthLevel[10];
        m.View.Depth(Side.Buy, depth);
        Assert.Equal(["100", "150", "200", "250", "300"], depth[..5].Select(l => m.Spec.Format(l.Quantity)));
        Assert.Equal(["99.9", "99.8", "99.7", "99.6", "99.5"], depth[..5].Select(l => m.Spec.Format(l.Price)));
    }

    [Fact]
    public void Prices_OffTick_AreRoundedAwayFromTheIndex()
    {
        var m = new MarketHarness(s_house);
        m.Index("100.12345"); // 100.02333 and 100.22357
        Assert.Equal(("100", "100.3"), (m.Spec.Format(m.View.BestBid.Price), m.Spec.Format(m.View.BestAsk.Price)));
    }

    [Fact]
    public void LonePaperTrader_BuysFromTheHouse_AndItRefills()
    {
        var m = new MarketHarness(s_house);
        m.Index("100");
        m.Buy(Ann, 1, "400", "100.1", TimeInForce.Ioc);
        Fill fill = m.Only<Fill>(Ann);
        Assert.Equal((AccountId.House, A("20.02"), true), (fill.Counterparty, fill.Fee, (bool)fill.Final)); // 40,040 × 0.05 %
        Assert.Equal(m.Q("600"), m.View.BestAsk.Quantity);
        Assert.Equal("-400", m.Spec.Format(m.View.HouseQuantity));
        m.Index("101"); // what was taken stays taken; full size is now 990.099
        Assert.Equal("590.099", m.Spec.Format(m.View.BestAsk.Quantity));
        m.Restart();
        m.Advance(2000); // a fifth of 990.099 comes back
        Assert.Equal("788.118", m.Spec.Format(m.View.BestAsk.Quantity));
        m.Advance(10_000);
        Assert.Equal("990.099", m.Spec.Format(m.View.BestAsk.Quantity));
    }

    [Fact]
    public void House_StandsBehindTradersAtItsPrice_AndAheadOfWorseOnes()
    {
        var m = new MarketHarness(s_house);
        m.Index("100");
        m.Sell(Bob, 1, "1", "100.1");
        m.Sell(Bob, 2, "1", "100.2");
        m.Buy(Ann, 1, "1002", "100.2", TimeInForce.Ioc);
        Assert.Equal([Bob, AccountId.House, Bob], m.To<Fill>(Ann).Select(f => f.Counterparty));
        Assert.Equal([m.Q("1"), m.Q("1000"), m.Q("1")], m.To<Fill>(Ann).Select(f => f.Quantity));
    }

    [Fact]
    public void House_ThatWouldBeCrossed_ExpiresPostOnly()
    {
        var m = new MarketHarness(s_house);
        m.Index("100");
        m.Buy(Ann, 1, "1", "100.1", TimeInForce.Gtx);
        Assert.Equal(RejectReason.WouldCross, m.Only<OrderUpdate>(Ann).Refusal.Reason);
    }

    [Fact]
    public void FillOrKill_CountsTheHouse()
    {
        var m = new MarketHarness(s_house);
        m.Index("100");
        m.Buy(Ann, 1, "2501", "100.2", TimeInForce.Fok);
        Assert.Equal(RejectReason.FillOrKillNotFillable, m.Only<OrderUpdate>(Ann).Refusal.Reason);
        m.Buy(Ann, 2, "2500", "100.2", TimeInForce.Fok);
        Assert.Equal(2, m.To<Fill>(Ann).Count);
    }

    [Fact]
    public void IndexMovesThroughARestingOrder_TheHouseTakesItAtItsPrice()
    {
        var m = new MarketHarness(s_house);
        m.Index("100");
        m.Buy(Ann, 1, "1", "99.5");
        m.Index("99.4"); // the house would sell at 99.4994, on the tick 99.5
        Fill fill = m.Only<Fill>(Ann);
        Assert.Equal((m.P("99.5"), true, true), (fill.Price, (bool)fill.IsMaker, (bool)fill.Final));
        Assert.Equal(A("0.0199"), fill.Fee);
        Assert.Equal(m.P("99.5"), m.View.Last);
        Assert.Equal("-1", m.Spec.Format(m.View.HouseQuantity));
        Assert.Equal("1005.036", m.Spec.Format(m.View.BestAsk.Quantity)); // 100,000 / 99.4 less the one
    }

    [Fact]
    public void OpenInterestAndDepth_AddTradersAndHouse()
    {
        var m = new MarketHarness(s_house);
        m.Index("100");
        m.Buy(Ann, 1, "3", "99.9");
        Assert.Equal(m.Q("1003"), m.View.BestBid.Quantity);
        m.Sell(Bob, 1, "5", "99.9", TimeInForce.Ioc);
        Assert.Equal(m.Q("5"), m.View.OpenInterest); // 3 with Ann, 2 with the house
    }

    [Fact]
    public void Paused_ThereIsNoHouse()
    {
        var m = new MarketHarness(s_house);
        Assert.True(m.View.BestBid.Price.IsNone);
        m.Index("100");
        m.Index("130");
        Assert.Equal(PauseReason.Wild, m.View.Pause);
        Assert.True(m.View.BestBid.Price.IsNone);
        m.Buy(Ann, 1, "1", "200", TimeInForce.Ioc);
        Assert.Empty(m.To<Fill>(Ann));
    }

    [Fact]
    public void Prop_Ladder_EqualsANaiveOne()
    {
        HouseSpec spec = s_house.Markets[0].House;
        MarketSpec market = s_house.Markets[0];
        for (int seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var ladder = new HouseLadder(market) { IsOpen = true };
            var naive = new NaiveLadder(market, spec);
            long now = 1;
            for (int step = 0; step < 300; step++)
            {
                now += random.Next(3) * 777;
                int what = random.Next(3);
                if (step == 0 || what == 0)
                {
                    var index = new Price(random.NextInt64(9_000_000, 11_000_000));
                    var volume = new Quantity(random.Next(2) * random.NextInt64(1, 10_000_000));
                    ladder.Requote(index, volume, new Timestamp(now));
                    naive.Requote(index.Units, volume.Lots, now);
                }
                else if (what == 1)
                {
                    ladder.Refill(new Timestamp(now));
                    naive.Refill(now);
                }
                else if (ladder.TryBest(Side.Buy, out _, out Quantity offered))
                {
                    long lots = random.NextInt64(1, offered.Lots + 1);
                    naive.Take(lots);
                    ladder.TakeBest(Side.Buy, new Quantity(lots));
                }

                for (int k = 0; k < spec.Levels; k++)
                {
                    DepthLevel level = ladder.Level(Side.Sell, k);
                    Assert.Equal((naive.Price(k), naive.Offered(k)), (level.Price.Units, level.Quantity.Lots));
                }
            }
        }
    }

    /// <summary>The sell side as the rule says it, in unbounded integers: debts counted in lots × refill milliseconds.</summary>
    private sealed class NaiveLadder(MarketSpec market, HouseSpec house)
    {
        private readonly BigInteger[] _taken = new BigInteger[house.Levels];
        private long _index;
        private long _volume;
        private long _asOf;

        public void Requote(long index, long volume, long now)
        {
            Refill(now);
            (_index, _volume) = (index, volume);
            for (int k = 0; k < house.Levels; k++) _taken[k] = BigInteger.Min(_taken[k], Size(k) * house.RefillMilliseconds);
        }

        public void Refill(long now)
        {
            for (int k = 0; k < house.Levels; k++)
                _taken[k] = BigInteger.Max(0, _taken[k] - Size(k) * (now - _asOf));
            _asOf = now;
        }

        public void Take(long lots)
        {
            int k = Enumerable.Range(0, house.Levels).First(i => Offered(i) > 0);
            _taken[k] += (BigInteger)lots * house.RefillMilliseconds;
        }

        public long Offered(int k) => (long)((Size(k) * house.RefillMilliseconds - _taken[k]) / house.RefillMilliseconds);

        public long Price(int k)
        {
            BigInteger far = 100_000_000 + house.HalfSpread.E8 + (k * house.LevelStep.E8);
            BigInteger units = CeilingOf(_index * far, 100_000_000);
            return (long)(CeilingOf(units, market.TickUnits) * market.TickUnits);
        }

        private static BigInteger CeilingOf(BigInteger a, BigInteger b) => (a + b - 1) / b;

        private BigInteger Size(int k)
        {
            if (_index == 0) return 0;
            BigInteger weight = 100_000_000 + (BigInteger)k * house.LevelGrowth.E8;
            if (_volume == 0) return house.DepthNotional.E8 * weight / (_index * (BigInteger)market.AmountPerUnitLot * 100_000_000);
            BigInteger all = 0;
            for (int i = 0; i < house.Levels; i++) all += 100_000_000 + (BigInteger)i * house.LevelGrowth.E8;
            return _volume * (BigInteger)house.VolumeShare.E8 / 100_000_000 * weight / all;
        }
    }
}
