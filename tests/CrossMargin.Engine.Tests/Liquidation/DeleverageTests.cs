using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Tests.Markets;
using CrossMargin.Model;
using CrossMargin.TestKit;
using static CrossMargin.Engine.Tests.Markets.MarketHarness;

namespace CrossMargin.Engine.Tests.Liquidation;

public class DeleverageTests
{
    [Theory]
    [InlineData(DeleverageScore.ProfitTimesMarginRatio, "20", "100", "120", "1", 200_000_000_000, 8_333_333_333)] // 20/100 × 1/120
    [InlineData(DeleverageScore.ProfitTimesMarginRatio, "0.5", "0.1", "1", "0.25", 500_000_000_000, 250_000_000_000)] // wallet counts as 1
    [InlineData(DeleverageScore.ProfitTimesLeverage, "20", "100", "120", "1", 100_000_000_000, 1_500_000_000_000)] // 20/200 × 180/120
    [InlineData(DeleverageScore.ProfitTimesMarginRatio, "-20", "100", "120", "1", 0, 0)]
    [InlineData(DeleverageScore.ProfitTimesMarginRatio, "20", "100", "0", "1", 0, 0)]
    public void Score_GoldenFigures(
        DeleverageScore score, string profit, string wallet, string equity, string maintenance, long gain, long ratio)
    {
        Int128 actual = DeleverageRanking.ScoreDown(score, A(profit), A("-200"), A("180"), A(wallet), A(equity), A(maintenance));
        Assert.Equal((Int128)gain * ratio, actual);
    }

    [Fact]
    public void Score_ExtremeFigures_Fit()
    {
        var huge = new Amount(long.MaxValue);
        foreach (DeleverageScore score in Enum.GetValues<DeleverageScore>())
            Assert.True(DeleverageRanking.ScoreDown(score, huge, new Amount(1), huge, new Amount(-5), new Amount(1), huge) > 0);
    }

    [Fact]
    public void Round_ClosesTheHighestScoreFirst_AtTheGivenPrice()
    {
        MarketHarness m = Bankrupt();
        m.Buy(Cleo, 50, "1", "80");
        m.From(Ann, Start(m, "3", "95"));
        Assert.Equal([Bob, Cleo], m.Sent.Where(s => s.Kind == MessageKind.DeleverageQuery).Select(s => new AccountId(s.To.Number)));
        DeleverageRoundStarted started = Assert.Single(m.Emitted<DeleverageRoundStarted>());
        Assert.Equal((1L, Ann, 2, m.Q("3")), (started.Round, started.Bankrupt, started.Asked, started.Quantity));

        m.From(Bob, Answer(1, wallet: "1000", equity: "1010", maintenance: "1"));
        Assert.Empty(m.Sent);
        m.Restart();
        m.From(Cleo, Answer(1, wallet: "100", equity: "120", maintenance: "1"));
        List<Deleveraged> closed = m.Emitted<Deleveraged>();
        Assert.Equal([(1, m.Q("2")), (2, m.Q("1"))], closed.Select(d => (d.Rank, d.Quantity)));
        Assert.Equal((Int128)200_000_000_000 * 8_333_333_333, closed[0].Score);
        Assert.Equal([Cleo, Bob], m.Events.Where(e => e.Kind == EventKind.Deleveraged).Select(e => e.Account));

        Assert.Equal([MessageKind.OrderUpdate, MessageKind.Fill, MessageKind.DeleverageRelease], m.KindsTo(Cleo));
        Assert.Equal(CancelReason.Deleveraged, m.Only<OrderUpdate>(Cleo).Reason);
        Fill fill = m.Only<Fill>(Cleo);
        Assert.Equal(
            (FillKind.Deleverage, m.P("95"), Side.Buy, Amount.Zero, OrderId.None),
            (fill.Type, fill.Price, fill.Side, fill.Fee, fill.Order));
        Assert.Equal((Ann, LiquidationId.None), (fill.Counterparty, fill.Liquidation));
        Assert.All(m.To<Fill>(Ann), f => Assert.Equal((new LiquidationId(8), Side.Sell), (f.Liquidation, f.Side)));
        Assert.Equal(MessageKind.DeleverageDone, m.Sent[^1].Kind);
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(Ann).Leaves);
        Assert.Equal(("0", "0", "0"), (m.Position(Ann), m.Position(Bob), m.Position(Cleo)));
        Assert.Equal(m.P("100"), m.View.Last); // not a trade in the book
        Assert.Equal(m.Q("3"), Assert.Single(m.Emitted<DeleverageRoundEnded>()).Closed);
    }

    [Fact]
    public void Round_EqualScores_GoByAccountId()
    {
        MarketHarness m = Bankrupt();
        m.From(Ann, Start(m, "1", "95"));
        m.From(Cleo, Answer(1, wallet: "200", equity: "100", maintenance: "1")); // 20/200
        m.From(Bob, Answer(1, wallet: "100", equity: "100", maintenance: "1")); // 10/100
        Assert.Equal(Bob, Assert.Single(m.Events, e => e.Kind == EventKind.Deleveraged).Account);
    }

    [Fact]
    public void Round_WhoWouldEndWithoutEquity_IsSkipped()
    {
        MarketHarness m = Bankrupt();
        m.From(Ann, Start(m, "3", "95"));
        m.From(Bob, Answer(1, wallet: "1000", equity: "1010", maintenance: "1"));
        m.From(Cleo, Answer(1, wallet: "1", equity: "10", maintenance: "1")); // closing 2 at 95 instead of 90 costs 10
        Assert.Equal(Bob, Assert.Single(m.Events, e => e.Kind == EventKind.Deleveraged).Account);
        Assert.Equal(2, Assert.Single(m.Emitted<Deleveraged>()).Rank);
        Assert.Equal(m.Q("2"), m.Only<DeleverageDone>(Ann).Leaves);
        Assert.Equal("-2", m.Position(Cleo));
    }

    [Fact]
    public void Round_DeclinedOrSilent_IsPassedOver()
    {
        MarketHarness m = Bankrupt();
        m.From(Ann, Start(m, "3", "95"));
        DeleverageAnswer declined = Answer(1, "1000", "1000", "1");
        declined.Declined = true;
        m.From(Bob, declined);
        m.Advance(4999);
        Assert.DoesNotContain(m.Sent, s => s.Kind == MessageKind.DeleverageDone);
        m.Advance(1);
        Assert.Equal(m.Q("3"), m.Only<DeleverageDone>(Ann).Leaves);
        Assert.Single(m.To<DeleverageRelease>(Cleo));
        m.From(Cleo, Answer(1, "1000", "1000", "1")); // too late: already released
        Assert.Empty(m.Sent);
    }

    [Fact]
    public void Round_SecondTurn_AsksThoseNotInProfit()
    {
        MarketHarness m = Bankrupt();
        m.Index("108"); // all shorts lose
        m.From(Ann, Start(m, "3", "105"));
        Assert.Equal(2, m.Sent.Count(s => s.Kind == MessageKind.DeleverageQuery));
        Assert.Equal(0, Assert.Single(m.Emitted<DeleverageRoundStarted>()).Asked); // nobody in profit
        m.From(Bob, Answer(1, "1000", "1000", "1"));
        m.From(Cleo, Answer(1, "1000", "1000", "1"));
        Assert.Equal([Bob, Cleo], m.Events.Where(e => e.Kind == EventKind.Deleveraged).Select(e => e.Account));
        Assert.All(m.Emitted<Deleveraged>(), d => Assert.Equal(Int128.Zero, d.Score));
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(Ann).Leaves);
    }

    [Fact]
    public void Round_LastComesTheHouse()
    {
        var m = new MarketHarness(TestProfiles.Simple("""{"markets":{"AAAUSDT":{"house":{"enabled":true}}}}"""));
        m.Index("100");
        m.Buy(Ann, 1, "3", "100.1", TimeInForce.Ioc);
        m.From(Ann, Start(m, "5", "95")); // she holds 3
        Assert.Equal((AccountId.House, m.Q("3")), (m.Only<Fill>(Ann).Counterparty, m.Only<Fill>(Ann).Quantity));
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(Ann).Leaves);
        Assert.Equal("0", m.Spec.Format(m.View.HouseQuantity));
        Assert.Equal(A("15.3"), m.View.HouseWallet); // sold at 100.1, bought at 95
    }

    [Fact]
    public void TakeOver_MovesThePositionToTheFund_AndTellsTheAccount()
    {
        MarketHarness m = Bankrupt();
        m.ReduceOnly(Ann, 60, Side.Sell, "3", "130");
        m.From(AccountId.Fund, new TakeOver { Account = Ann, Liquidation = new LiquidationId(8), Quantity = m.Q("5"), Price = m.P("91") });
        Fill fill = m.Only<Fill>(Ann);
        Assert.Equal((FillKind.Takeover, Side.Sell, m.Q("3"), new LiquidationId(8)),
            (fill.Type, fill.Side, fill.Quantity, fill.Liquidation));
        Assert.Equal((Side.Buy, LiquidationId.None), (m.Only<Fill>(AccountId.Fund).Side, m.Only<Fill>(AccountId.Fund).Liquidation));
        Assert.Equal([MessageKind.Fill, MessageKind.OrderUpdate, MessageKind.DeleverageDone], m.KindsTo(Ann));
        Assert.Equal("3", m.Position(AccountId.Fund));
        Assert.Equal(Quantity.Zero, m.Only<DeleverageDone>(Ann).Leaves);
        m.From(AccountId.Fund, new TakeOver { Account = Ann, Liquidation = new LiquidationId(8), Quantity = m.Q("5"), Price = m.P("91") });
        Assert.Equal([MessageKind.DeleverageDone], m.KindsTo(Ann));
    }

    /// <summary>Ann is long 3 from 100, Bob short 1, Cleo short 2; index and mark go to 90.</summary>
    private static MarketHarness Bankrupt()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Trade(Ann, Bob, "1", "100");
        m.Trade(Ann, Cleo, "2", "100");
        m.Index("90");
        Assert.Equal(m.P("90"), m.View.Mark);
        return m;
    }

    private static StartDeleverage Start(MarketHarness m, string quantity, string price) =>
        new() { Liquidation = new LiquidationId(8), Quantity = m.Q(quantity), Price = m.P(price) };

    private static DeleverageAnswer Answer(long round, string wallet, string equity, string maintenance) =>
        new() { Round = round, Wallet = A(wallet), Equity = A(equity), Maintenance = A(maintenance) };
}
