using CrossMargin.Embedded.Engine;
using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Regressions;

/// <summary>Prices at the edges of what is possible: below a tick, above the largest order price, not to be trusted.</summary>
public sealed class PriceEdgeTests
{
    private const string SmallPrices = """{"markets":{"AAAUSDT":{"minPrice":"0.1"}}}""";

    /// <summary>
    /// At 0.05 the take bound 0.0525 lies below the tick of 0.1: a market buy may pay one tick. 100 × (0.1 − 0.05) = 5 open loss.
    /// </summary>
    [Fact]
    public void MarketBuy_MarkBelowOneTick_IsBoundedByOneTick()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 1000 maker 0 taker 0
            account bob 1000 maker 0 taker 0
            price AAAUSDT 0.05
            bob sell AAAUSDT 100 @ 0.1
            alice buy AAAUSDT 100 market -> filled 100 @ 0.1
            expect alice equity 995
            """, SmallPrices);
        Assert.Equal(x.P("AAAUSDT", "0.1"), Assert.Single(x.Of<OrderAccepted>("alice")).Price);
    }

    /// <summary>A sell takes what is there: its bound of 0.0475 goes up to the tick, and nobody bids less than one.</summary>
    [Fact]
    public void MarketSell_MarkBelowOneTick_IsBoundedByOneTick()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 1000 maker 0 taker 0
            price AAAUSDT 0.05
            alice sell AAAUSDT 100 market -> ended Expired PriceBound
            """, SmallPrices);
        Assert.Equal(x.P("AAAUSDT", "0.1"), Assert.Single(x.Of<OrderAccepted>("alice")).Price);
    }

    /// <summary>
    /// Alice is short 1,000 at 0.3 with 20; at 0.34 she has 20 − 40 = −20: BP 0.34 − 0.02 = 0.32, the fund takes the short. At 0.09, once
    /// trusted, the fund buys back a tenth at one tick: 100 × (0.32 − 0.1) = 22 won.
    /// </summary>
    [Fact]
    public void FundUnwinding_MarkBelowOneTick_BuysBackAtOneTick() => ScenarioTable.Run("""
        account alice 20 maker 0 taker 0
        account bob 1000 maker 0 taker 0
        account carol 1000 maker 0 taker 0
        wait 1000
        price AAAUSDT 0.3
        alice sell AAAUSDT 1000 @ 0.3
        bob buy AAAUSDT 1000 @ 0.3 ioc -> filled 1000 @ 0.3
        price AAAUSDT 0.34
        expect alice position AAAUSDT 0
        expect alice wallet 0
        expect fund position AAAUSDT -1000
        price AAAUSDT 0.09
        skip 5000
        price AAAUSDT 0.09
        carol sell AAAUSDT 500 @ 0.1
        wait 10000
        expect fund position AAAUSDT -900
        expect fund wallet 1000022
        """, SmallPrices);

    /// <summary>No index above the largest order price or not above zero: the command is refused before anything is changed.</summary>
    [Theory]
    [InlineData("1000000", null)]
    [InlineData("1000000.00001", "the index price 1000000.00001 of AAAUSDT is not in (0, 1000000]")]
    [InlineData("0", "the index price 0 of AAAUSDT is not in (0, 1000000]")]
    [InlineData("-1", "the index price -1 of AAAUSDT is not in (0, 1000000]")]
    public void Index_OutOfBounds_IsObjectedTo(string index, string? objection)
    {
        var engine = new ExchangeEngine(TestProfiles.Simple());
        MarketSpec spec = engine.Profile.Markets[0];
        Assert.True(DecimalText.TryParse(index.TrimStart('-'), 5, out long units));
        var price = new Price(index[0] == '-' ? -units : units);
        Command command = Command.Index(new Timestamp(1_700_000_000_000), spec.Id, price, default);
        Assert.Equal(objection, engine.Objection(command));
        if (objection is null) return;
        ArgumentException refused = Assert.Throws<ArgumentException>(() => engine.Execute(command));
        Assert.Contains(objection, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, engine.Sequence);
        Assert.Equal(default, engine.Now);
    }

    [Fact]
    public void Index_NegativeVolume_IsObjectedTo()
    {
        var engine = new ExchangeEngine(TestProfiles.Simple());
        Command command = Command.Index(new Timestamp(1), new MarketId(1), new Price(1), new Quantity(-1));
        Assert.Equal("the volume -0.001 of AAAUSDT is negative", engine.Objection(command));
    }

    /// <summary>
    /// 10 AAA at 0.95 carry a long of 100 BBB at 100. AAA falls to 79 in one step, beyond its band, and BBB to 92.9: 750.5 − 710 = 40.5
    /// against 46.45. While AAA is not trusted nothing leaves and nobody is liquidated; when it is again, everything happens: the fund
    /// takes 100 at BP 92.9 − 0.405 = 92.495, a loss of 750.5, and collateral is sold for it: 750.5 / (79 × 0.99), rounded up, is
    /// 9.59595960 AAA.
    /// </summary>
    [Fact]
    public void CollateralPriceWild_NoWithdrawalAndNoLiquidation_UntilItIsTrusted()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 0 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            price AAAUSDT 100
            price BBBUSDT 100
            alice deposit 10 asset 1
            expect alice equity 950
            alice leverage BBBUSDT 20
            alice buy BBBUSDT 100 @ 100
            bob sell BBBUSDT 100 @ 100 ioc -> filled 100 @ 100
            price AAAUSDT 79
            alice withdraw 1 asset 1 -> refused PriceUnavailable 1 2
            alice withdraw 1 -> refused PriceUnavailable 1 2
            bob withdraw 1 -> accepted                     # holds no AAA
            price BBBUSDT 92.9
            expect alice equity 40.5
            expect alice position BBBUSDT 100
            """, """{"collateral":{"enabled":true}}""");
        Assert.Empty(x.Of<LiquidationStarted>());
        new ScenarioTable(x).Play("""
            skip 5000
            price AAAUSDT 79
            expect alice position BBBUSDT 0
            expect fund position BBBUSDT 100
            """);
        Assert.Single(x.Of<LiquidationStarted>("alice"));
    }

    /// <summary>
    /// A loss of 200 leaves the wallet below the profile's −100. The sale waits for the price: then 200 / (79 × 0.99), rounded up to
    /// 2.55721775 AAA, bring 200.00000022.
    /// </summary>
    [Fact]
    public void CollateralPriceWild_SaleWaits() => ScenarioTable.Run("""
        account alice 0 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        price BBBUSDT 100
        alice deposit 10 asset 1
        alice leverage BBBUSDT 20
        alice buy BBBUSDT 100 @ 100
        bob sell BBBUSDT 100 @ 100 ioc -> filled 100 @ 100
        price AAAUSDT 79
        price BBBUSDT 98
        bob buy BBBUSDT 100 @ 98
        alice sell BBBUSDT 100 @ 98 ioc -> filled 100 @ 98
        expect alice wallet -200
        expect alice available 550.5
        skip 5000
        price AAAUSDT 79
        expect alice wallet 0.00000022
        """, """{"collateral":{"enabled":true,"sellBelow":"-100"}}""");
}
