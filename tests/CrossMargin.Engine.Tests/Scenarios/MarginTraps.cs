using CrossMargin.Engine.Funding;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>
/// Traps of margin and liquidation price (docs/traps.md), figures by hand. AAAUSDT and BBBUSDT: maintenance 0.5 % up to 50,000; CCCUSDT:
/// 1 %, above 50,000 2.5 % less 750.
/// </summary>
public sealed class MarginTraps
{
    private const string Markets = """
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        price BBBUSDT 40
        price CCCUSDT 100

        """;

    /// <summary>
    /// Short 480 at 100 is in tier 1 at the mark, in tier 2 where it is liquidated. With tier 1 there: 53,000 / (480 × 1.01) = 109.3234.
    /// With tier 2: 5,000 + 48,000 − 480 p = 12 p − 750, p = 53,750 / 492 = 109.24796747…: the first unit of 1e-7 above liquidates, the
    /// one below does not.
    /// </summary>
    [Fact]
    public void Trap03_LiquidationPrice_TakesTheTierOfThatPrice()
    {
        TestExchange x = ScenarioTable.Run("account alice 5000 maker 0 taker 0\n" + Markets + """
            bob buy CCCUSDT 480 @ 100
            alice sell CCCUSDT 480 @ 100 ioc -> filled 480 @ 100
            """);
        Assert.Equal("109.2479675", Exact(x, "alice", "CCCUSDT"));
        Assert.Equal("109.24", Shown(x, "alice", "CCCUSDT"));
        new ScenarioTable(x).Play("price CCCUSDT 109.2479674");
        Assert.Empty(x.Of<LiquidationStarted>("alice"));
        new ScenarioTable(x).Play("price CCCUSDT 109.2479675");
        Assert.Single(x.Of<LiquidationStarted>("alice"));
    }

    /// <summary>
    /// Flat tiers: where the notional of 2,490 reaches 250,000, at 100.40161 (one unit of 1e-5 before, it is 249,999.984), maintenance jumps
    /// from 2,500 to 6,250, over the equity of 5,980; farther up the equity recovers. A search that knows no tier edges sees nothing there
    /// and answers the far price below, where 4,980 − 249,000 + 2,490 p = 24.9 p.
    /// </summary>
    [Fact]
    public void Trap03_FlatTiers_TheEdgeOfATierLiquidatesALongWhosePriceRises()
    {
        TestExchange x = ScenarioTable.Run("account alice 4980 maker 0 taker 0\naccount carol 9000000 maker 0 taker 0\n" + Markets + """
            alice leverage AAAUSDT 50
            carol sell AAAUSDT 2490 @ 100
            alice buy AAAUSDT 2490 @ 100 ioc -> filled 2490 @ 100
            """, """{"tiers":"flat","markets":{"AAAUSDT":{"maxQuantity":"10000"}}}""");
        Assert.Equal("100.40161", Exact(x, "alice", "AAAUSDT"));
        new ScenarioTable(x).Play("price AAAUSDT 100.4016");
        Assert.Empty(x.Of<LiquidationStarted>("alice"));
        new ScenarioTable(x).Play("price AAAUSDT 100.40161");
        Assert.Single(x.Of<LiquidationStarted>("alice"));
    }

    /// <summary>
    /// Maintenance over equity: 50 / 200 at 100, 49.25 / 50 at 98.5, and at 98.49 49.245 / 49: it rises as things get worse, and at 1 the
    /// pool goes. Equity over maintenance, read by the same rule, would have liquidated at 100.
    /// </summary>
    [Fact]
    public void Trap04_MaintenanceOverEquity_RisesToOneAtLiquidation()
    {
        TestExchange x = ScenarioTable.Run("account alice 200 maker 0 taker 0\n" + Markets + """
            alice leverage AAAUSDT 100
            alice buy AAAUSDT 100 @ 100
            bob sell AAAUSDT 100 @ 100 ioc
            expect alice equity 200
            price AAAUSDT 98.5
            expect alice equity 50
            expect alice position AAAUSDT 100
            price AAAUSDT 98.49
            """);
        LiquidationStarted started = Assert.Single(x.Of<LiquidationStarted>("alice"));
        Assert.Equal(("49", "49.245"), (started.Equity.ToString(), started.Maintenance.ToString()));
        Assert.Equal(LiquidationRule.EquityAtOrBelowMaintenance, started.Rule);
    }

    /// <summary>
    /// Wallet 209.2, long 100 at 100. At 98.4 equity is 209.2 − 160 = 49.2, and maintenance 9,840 × 0.5 % = 49.2: liquidated, or safe
    /// where the profile says so; one 1e-8 more is safe anywhere; one price unit less (49.199 against 49.199995) is not.
    /// </summary>
    [Theory]
    [InlineData("209.2", false, "98.4", "0")]
    [InlineData("209.20000001", false, "98.4", "100")]
    [InlineData("209.2", true, "98.4", "100")]
    [InlineData("209.2", true, "98.39999", "0")]
    public void Trap05_Equality_LiquidatesUnlessTheProfileSaysSafe(string wallet, bool safe, string price, string left)
    {
        ScenarioTable.Run($"account alice {wallet} maker 0 taker 0\n" + Markets + $"""
            alice leverage AAAUSDT 100
            alice buy AAAUSDT 100 @ 100
            bob sell AAAUSDT 100 @ 100 ioc
            price AAAUSDT {price}
            expect alice position AAAUSDT {left}
            """, "{\"liquidation\":{\"equalityIsSafe\":" + (safe ? "true" : "false") + "}}");
        Assert.False(PoolJudge.IsLiquidatable(Amount.Zero, Amount.Zero, hasPositions: false, safe));
    }

    /// <summary>
    /// Long 100 AAA at 100 and 100 BBB at 40 with 1,000. AAA: 1,000 + 100 p − 10,000 = 0.5 p + 20, p = 9,020 / 99.5 = 90.653…, up to the
    /// tick. BBB at 38 (−200, maintenance 19): 9,219 / 99.5 = 92.653…; at 44 (+400, 22): 8,622 / 99.5 = 86.653… With 10,000 more nothing
    /// above zero is left.
    /// </summary>
    [Fact]
    public void Trap06_CrossLiquidationPrice_MovesWithEveryOtherTick()
    {
        TestExchange x = ScenarioTable.Run("account alice 1000 maker 0 taker 0\n" + Markets + """
            alice buy AAAUSDT 100 @ 100
            bob sell AAAUSDT 100 @ 100 ioc
            alice buy BBBUSDT 100 @ 40
            bob sell BBBUSDT 100 @ 40 ioc
            """);
        var table = new ScenarioTable(x);
        Assert.Equal("90.7", Shown(x, "alice", "AAAUSDT"));
        table.Play("price BBBUSDT 38");
        Assert.Equal("92.7", Shown(x, "alice", "AAAUSDT"));
        table.Play("price BBBUSDT 44");
        Assert.Equal("86.7", Shown(x, "alice", "AAAUSDT"));
        table.Play("alice deposit 10000");
        Assert.Null(Shown(x, "alice", "AAAUSDT"));
    }

    /// <summary>
    /// Hedge: long 100 and short 40 at 100 share one price: 1,000 + 60 (p − 100) = 0.5 % of 140 p, p = 5,000 / 59.3 = 84.31703…; both
    /// legs go into one liquidation there.
    /// </summary>
    [Fact]
    public void Trap06_BothLegsOfAHedge_ShareOneLiquidationPrice()
    {
        TestExchange x = ScenarioTable.Run("account alice 1000 maker 0 taker 0 hedge\n" + Markets + """
            alice buy AAAUSDT 100 @ 100 long
            bob sell AAAUSDT 100 @ 100 ioc
            bob buy AAAUSDT 40 @ 100
            alice sell AAAUSDT 40 @ 100 ioc short
            """);
        Assert.Equal("84.4", Shown(x, "alice", "AAAUSDT"));
        Assert.Equal("84.31703", Exact(x, "alice", "AAAUSDT"));
        new ScenarioTable(x).Play("""
            price AAAUSDT 84.31704
            expect alice position AAAUSDT 100 long
            price AAAUSDT 84.31703
            """);
        Assert.Equal(2, Assert.Single(x.Of<LiquidationStarted>("alice")).Positions);
    }

    /// <summary>
    /// 10 at 100 at leverage 20 with a fee of 0.05 %: 50 of margin and 0.5 to open are asked for, to the last unit. The fee to close at the
    /// bankruptcy price (10 × 95 × 0.05 % = 0.475) is not: liquidation fills pay no trading fee.
    /// </summary>
    [Fact]
    public void Trap13_FeeToOpenIsAskedFor_FeeToCloseIsNot() => ScenarioTable.Run("""
        account alice 50.49999999
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        bob sell AAAUSDT 10 @ 100
        alice buy AAAUSDT 10 @ 100 ioc -> refused MarginInsufficient 5049999999 5050000000
        alice deposit 0.00000001
        alice buy AAAUSDT 10 @ 100 ioc -> filled 10 @ 100
        expect alice wallet 50
        expect alice available 0
        """);

    /// <summary>
    /// 0.001 at 100.00001 is 0.10000001. Maintenance 0.00050000005 up, initial margin / 20 0.0050000005 up, funding at 1e-7 owed
    /// 0.000000010000001 up, received down. A share of 0.0001 over 0.003 is 0.0333…: a long's bankruptcy price goes up to the unit, a
    /// short's down; so too beyond the mark when the share is negative. Closing 2 of 3 lots that cost 1e-7 in all releases 0.666…e-7 up.
    /// </summary>
    [Fact]
    public void Trap22_Rounding_IsAlwaysAgainstTheTrader()
    {
        MarketSpec spec = TestProfiles.Simple().Markets[0];
        Price price = P(spec, "100.00001");
        Assert.Equal("0.00050001", LegMath.MaintenanceUp(spec, new Quantity(1), price).ToString());
        Assert.Equal("0.00500001", LegMath.InitialUp(LegMath.Notional(spec, new Quantity(-1), price), 20).ToString());
        Assert.Equal("0.00000002", FundingRate.OwedUp(spec, new Quantity(1), price, new Rate(10)).ToString());
        Assert.Equal("-0.00000001", FundingRate.OwedUp(spec, new Quantity(-1), price, new Rate(10)).ToString());
        Amount share = TestExchange.Money("0.0001");
        Price mark = P(spec, "100");
        Assert.Equal(P(spec, "99.96667"), BankruptcyPrice.Of(spec, new Quantity(3), mark, share));
        Assert.Equal(P(spec, "100.03333"), BankruptcyPrice.Of(spec, new Quantity(-3), mark, share));
        Assert.Equal(P(spec, "100.03334"), BankruptcyPrice.Of(spec, new Quantity(3), mark, -share));
        Assert.Equal(P(spec, "99.96666"), BankruptcyPrice.Of(spec, new Quantity(-3), mark, -share));
        Assert.Equal(new Amount(7), LegMath.ReleasedCostUp(new Amount(10), new Quantity(3), new Quantity(2)));
        Assert.Equal(new Amount(-6), LegMath.ReleasedCostUp(new Amount(-10), new Quantity(-3), new Quantity(2)));
    }

    private static Price P(MarketSpec spec, string text) =>
        spec.TryParsePrice(text, DecimalRounding.Exact, out Price price) ? price : throw new ArgumentException(text);

    private static MovingPool Pool(TestExchange x, string name, string symbol) => MovingPool.OfCross(
        x.Profile, x.Spec(symbol).Id, x.State(name).Legs.Legs, x.State(name).Balances, x.Actors.Prices.Marks, x.Actors.Prices.Indexes);

    private static string? Exact(TestExchange x, string name, string symbol) =>
        LiquidationPrice.FindExact(Pool(x, name, symbol)) is { } price ? x.Spec(symbol).Format(price) : null;

    private static string? Shown(TestExchange x, string name, string symbol) =>
        LiquidationPrice.Find(Pool(x, name, symbol)) is { } price ? x.Spec(symbol).Format(price) : null;
}
