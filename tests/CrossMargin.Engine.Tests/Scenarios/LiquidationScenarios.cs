using CrossMargin.Model;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>
/// Liquidations from freeze to end, figures by hand, exact to 1e-8. Accounts pay no fees unless a row says so. AAAUSDT: maintenance 0.5 % up
/// to 50,000, 1 % less 250 above; buffer 5 %; liquidation fee 1 % unless patched.
/// </summary>
public sealed class LiquidationScenarios
{
    private const string LongHundred = """
        account alice 200 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        account carol 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 100
        alice buy AAAUSDT 100 @ 100
        bob sell AAAUSDT 100 @ 100 ioc -> filled 100 @ 100

        """;

    private const string NoFundLimit = """ "fundPositionLimit":"0" """;
    private const string NoFee = """ "liquidationFee":"0" """;

    /// <summary>
    /// At 98.4: equity 200 − 160 = 40, MM 49.2. Closing q lots pays 0.1 % of q × 98.4: 40 − 0.0984 q ≥ 1.05 × 0.492 × (100 − q) from
    /// q = 27.882 on. Sold at 98.4 to carol: loss 44.6112, fee 2.7435888, wallet 152.6452112.
    /// </summary>
    [Fact]
    public void Trap24_ReduceUntilSound_ClosesTheFewestLotsThatLeaveTheBuffer()
    {
        TestExchange x = ScenarioTable.Run(LongHundred + """
            carol buy AAAUSDT 50 @ 98.4
            price AAAUSDT 98.4
            expect alice position AAAUSDT 72.118
            expect alice wallet 152.6452112
            expect fund wallet 1000002.7435888
            expect carol position AAAUSDT 27.882
            """, """{"defaults":{"liquidationFee":"0.001"}}""");
        LiquidationEnded ended = Assert.Single(x.Of<LiquidationEnded>("alice"));
        Assert.Equal(LiquidationOutcome.Reduced, ended.Outcome);
        Assert.Equal("2743.5888", ended.BookNotional.ToString());
        LiquidationStarted started = Assert.Single(x.Of<LiquidationStarted>("alice"));
        Assert.Equal(("40", "49.2", "200", "-160", "9840"),
            (started.Equity.ToString(), started.Maintenance.ToString(), started.Wallet.ToString(), started.UnrealizedProfit.ToString(),
                started.Notional.ToString()));
        LiquidationOrdered ordered = Assert.Single(x.Of<LiquidationOrdered>("alice"));
        Assert.Equal(x.P("AAAUSDT", "98"), ordered.BankruptcyPrice); // 98.4 − 40 / 100
    }

    /// <summary>
    /// 1,000 at 100 is tier 2. At 98.7: equity 700, MM 98,700 × 1 % − 250 = 737. One tier down keeps 506.585 (49,999.9395): 493.415 are sold.
    /// </summary>
    [Fact]
    public void TierStepDown_ClosesDownToTheTierBelow()
    {
        ScenarioTable.Run("""
            account alice 2000 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            account carol 100000 maker 0 taker 0
            price AAAUSDT 100
            alice leverage AAAUSDT 50
            alice buy AAAUSDT 1000 @ 100
            bob sell AAAUSDT 1000 @ 100 ioc -> filled 1000 @ 100
            carol buy AAAUSDT 600 @ 98.7
            price AAAUSDT 98.7
            expect alice position AAAUSDT 506.585
            expect alice wallet 1358.5605              # 2000 - 493.415 x 1.3
            """, """{"liquidation":{"policy":"TierStepDown"},"defaults":{""" + NoFee + "}}");
    }

    private const string TwoPositions = """
        account alice 150 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        account carol 100000 maker 0 taker 0
        price AAAUSDT 100
        price BBBUSDT 40
        alice leverage AAAUSDT 100
        alice leverage BBBUSDT 100
        alice buy AAAUSDT 100 @ 100
        bob sell AAAUSDT 100 @ 100 ioc -> filled 100 @ 100
        alice buy BBBUSDT 100 @ 40
        bob sell BBBUSDT 100 @ 40 ioc -> filled 100 @ 40
        carol buy AAAUSDT 100 @ 99.1
        carol buy BBBUSDT 100 @ 40
        price AAAUSDT 99.1                             # equity 60; MM 49.55 + 20

        """;

    /// <summary>At 99.1 equity is 60 against 69.55. Largest maintenance first: 60 ≥ 1.05 × (20 + 0.4955 × (100 − q)) from q = 25.04 on.</summary>
    [Fact]
    public void ReduceUntilSound_TwoPositions_TakesFromTheLargestMaintenance() => ScenarioTable.Run(TwoPositions + """
        expect alice position AAAUSDT 74.96
        expect alice position BBBUSDT 100
        """, """{"defaults":{""" + NoFee + "}}");

    /// <summary>The smaller, worth 4,000, goes whole: 60 against 49.55 × 1.05 = 52.0275 is enough.</summary>
    [Fact]
    public void SmallestFirst_ClosesWholePositionsUntilSound() => ScenarioTable.Run(TwoPositions + """
        expect alice position AAAUSDT 100
        expect alice position BBBUSDT 0
        expect alice wallet 150
        """, """{"liquidation":{"policy":"SmallestFirst"},"defaults":{""" + NoFee + "}}");

    [Fact]
    public void WholeAccount_ClosesEverything() => ScenarioTable.Run(TwoPositions + """
        expect alice position AAAUSDT 0
        expect alice position BBBUSDT 0
        expect alice wallet 60
        """, """{"liquidation":{"policy":"WholeAccount"},"defaults":{""" + NoFee + "}}");

    /// <summary>Nobody bids: the fund takes 100 at BP 98, where alice's wallet is used up exactly; 98 × 100 within its limits.</summary>
    [Fact]
    public void Takeover_WithinLimits_AtTheBankruptcyPrice()
    {
        TestExchange x = ScenarioTable.Run(LongHundred + """
            price AAAUSDT 98.4
            expect alice position AAAUSDT 0
            expect alice wallet 0
            expect fund position AAAUSDT 100
            expect fund wallet 1000000
            """);
        Assert.Equal(LiquidationOutcome.TakenOver, Assert.Single(x.Of<LiquidationEnded>("alice")).Outcome);
        TakeoverDecided decided = Assert.Single(x.Of<TakeoverDecided>());
        Assert.True(decided.Accepted && !decided.Forced);
    }

    /// <summary>The fund gets rid of a tenth every 10 s, at no worse than 5 % below the mark; what it loses, it loses: 10 × (97.5 − 98).</summary>
    [Fact]
    public void Fund_UnwindsItsInventoryByShares() => ScenarioTable.Run(LongHundred + """
        wait 1000
        price AAAUSDT 98.4
        expect fund position AAAUSDT 100
        carol buy AAAUSDT 50 @ 97.5
        wait 10000
        expect fund position AAAUSDT 90
        expect fund wallet 999995
        """);

    /// <summary>The fund's limits forbid it: bob, in profit by 160, is closed at BP 98 and gains 200; nobody pays a fee.</summary>
    [Fact]
    public void Takeover_BeyondTheLimit_DeleveragesAtTheBankruptcyPrice()
    {
        TestExchange x = ScenarioTable.Run(LongHundred + """
            bob buy AAAUSDT 10 @ 90
            price AAAUSDT 98.4
            expect alice position AAAUSDT 0
            expect alice wallet 0
            expect bob position AAAUSDT 0
            expect bob wallet 100200
            expect bob orders 0                            # cancelled by the round (trap 29)
            expect fund position AAAUSDT 0
            """, """{"defaults":{""" + NoFundLimit + "}}");
        Assert.False(Assert.Single(x.Of<TakeoverDecided>()).Accepted);
        Assert.Equal("9800", Assert.Single(x.Of<LiquidationEnded>("alice")).DeleveragedNotional.ToString());
    }

    /// <summary>
    /// Shorts of 50 at 100: bob with a wallet of 1,000, ben with 200; at 98.4 each has UP 80 and MM 24.6. ben: 80/200 × 24.6/280, bob:
    /// 80/1000 × 24.6/1080, each factor rounded down to 1e-12. Alice's 60 at BP 98.4 − 24/60 = 98: ben loses 50, bob 10.
    /// By leverage: 80/5000 × 4920/280 and 80/5000 × 4920/1080.
    /// </summary>
    [Theory]
    [InlineData("ProfitTimesMarginRatio", "35142857142800000000000", "1822222222160000000000")]
    [InlineData("ProfitTimesLeverage", "281142857142848000000000", "72888888888880000000000")]
    public void Trap28_DeleveragingRanksByScore(string score, string first, string second)
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 120 maker 0 taker 0
            account bob 1000 maker 0 taker 0
            account ben 200 maker 0 taker 0
            account dave 100000 maker 0 taker 0
            price AAAUSDT 100
            alice leverage AAAUSDT 100
            ben leverage AAAUSDT 50
            alice buy AAAUSDT 60 @ 100
            dave buy AAAUSDT 40 @ 100
            bob sell AAAUSDT 50 @ 100 ioc -> filled 50 @ 100
            ben sell AAAUSDT 50 @ 100 ioc -> filled 50 @ 100
            price AAAUSDT 98.4
            expect alice position AAAUSDT 0
            expect ben position AAAUSDT 0
            expect ben wallet 300
            expect bob position AAAUSDT -40
            expect bob wallet 1020
            expect dave position AAAUSDT 40
            """, "{\"liquidation\":{\"score\":\"" + score + "\"},\"defaults\":{" + NoFundLimit + "}}");
        Assert.Equal([first, second], x.Of<Deleveraged>().Concat(x.Of<Deleveraged>("ben")).Concat(x.Of<Deleveraged>("bob"))
            .DistinctBy(d => d.Rank).OrderBy(d => d.Rank).Select(d => d.Score.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>
    /// The index falls from 100 to 79, beyond the 20 % band: liquidation waits, market orders are refused, limit orders trade. Erin becomes
    /// the only short, at 79. When the price is trusted again, alice's equity is 200 − 2,100: BP 79 + 19 = 98. Closing there would cost erin
    /// 1,900 of her 1,000, so she is passed over (trap 30); nobody is left, and the fund takes it against its limit of 0.
    /// </summary>
    [Fact]
    public void Trap30_WildPrice_PausesThenNobodyCanBeDeleveraged_TheFundIsForced()
    {
        TestExchange x = ScenarioTable.Run("account erin 1000 maker 0 taker 0\n" + LongHundred + """
            price AAAUSDT 79
            expect alice position AAAUSDT 100
            alice sell AAAUSDT 1 market -> refused PriceUnavailable 0 2
            alice withdraw 1 -> refused PriceUnavailable 1 2
            bob buy AAAUSDT 100 @ 79
            erin sell AAAUSDT 100 @ 79 ioc -> filled 100 @ 79
            expect bob wallet 102100
            skip 5000
            price AAAUSDT 79
            expect alice position AAAUSDT 0
            expect alice wallet 0
            expect erin position AAAUSDT -100
            expect fund position AAAUSDT 100
            expect fund wallet 1000000
            """, """{"defaults":{""" + NoFundLimit + "}}");
        Assert.Equal([false, true], x.Of<TakeoverDecided>().Select(d => (bool)d.Forced));
        Assert.Equal(PauseReason.Wild, Assert.Single(x.Of<LiquidationPaused>()).Reason);
        Assert.Single(x.Of<LiquidationResumed>());
    }

    /// <summary>
    /// At any price: 97 leaves equity −100; carol's bid at 96.5 fills: wallet 200 − 350 = −150. No fee is left to take (trap 23); the fund
    /// pays exactly 150.
    /// </summary>
    [Fact]
    public void Trap19_Trap23_Trap26_GapPastZero_TheFundPaysTheShortfallExactly()
    {
        TestExchange x = ScenarioTable.Run(LongHundred + """
            carol buy AAAUSDT 100 @ 96.5
            price AAAUSDT 97
            expect alice position AAAUSDT 0
            expect alice wallet 0
            expect fund wallet 999850
            """, """{"liquidation":{"anyPrice":true}}""");
        LiquidationEnded ended = Assert.Single(x.Of<LiquidationEnded>("alice"));
        Assert.Equal((LiquidationOutcome.Shortfall, "150", "0"), (ended.Outcome, ended.Shortfall.ToString(), ended.Fee.ToString()));
    }

    /// <summary>The fund has 100 of the 150: 50 go to the deficit, withdrawals close; a deposit of 80 repays it first.</summary>
    [Fact]
    public void Trap27_Trap39_Deficit_ClosesWithdrawalsAndIsRepaidFirst() => ScenarioTable.Run(LongHundred + """
        carol buy AAAUSDT 100 @ 96.5
        price AAAUSDT 97
        expect fund wallet 0
        expect deficit -50
        bob withdraw 1 -> refused WithdrawalsClosed
        fund deposit 80
        expect fund wallet 30
        expect deficit 0
        bob withdraw 1 -> accepted
        """, """{"liquidation":{"anyPrice":true},"fund":{"initialBalance":"100"}}""");

    /// <summary>The leg's own 100 is lost and 250 more; the cross wallet of 9,900 is not touched.</summary>
    [Fact]
    public void Trap08_IsolatedShortfall_NeverTouchesTheCrossWallet() => ScenarioTable.Run("""
        account alice 10000 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        account carol 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 100
        alice isolated AAAUSDT
        alice buy AAAUSDT 100 @ 100
        bob sell AAAUSDT 100 @ 100 ioc
        expect alice margin AAAUSDT 100
        expect alice cross 9900
        carol buy AAAUSDT 100 @ 96.5
        price AAAUSDT 97
        expect alice position AAAUSDT 0
        expect alice margin AAAUSDT 0
        expect alice cross 9900
        expect fund wallet 999750
        """, """{"liquidation":{"anyPrice":true}}""");

    /// <summary>
    /// The fund took 100 at 98 with 100 of its own; at 96.5 its equity is 100 − 150. It is deleveraged at the mark: 150 lost, 50 of them
    /// the deficit's; bob's short closes at 96.5 with 350.
    /// </summary>
    [Fact]
    public void Fund_Exhausted_IsDeleveragedAtTheMark() => ScenarioTable.Run(LongHundred + """
        wait 1000
        price AAAUSDT 98.4
        expect fund position AAAUSDT 100
        price AAAUSDT 96.5
        wait 10000
        expect fund position AAAUSDT 0
        expect fund wallet 0
        expect deficit -50
        expect bob wallet 100350
        """, """{"fund":{"initialBalance":"100","inventoryLimit":"100"}}""");

    /// <summary>Liquidation freezes the pool first: its orders and triggers are gone before the re-check (trap 18).</summary>
    [Fact]
    public void Trap18_Freeze_CancelsOrdersAndTriggersBeforeTheRecheck()
    {
        TestExchange x = ScenarioTable.Run(LongHundred + """
            alice deposit 100
            alice buy AAAUSDT 10 @ 95
            alice stop-market sell AAAUSDT 0 at 94
            price AAAUSDT 97.4
            expect alice orders 0
            expect alice triggers 0
            expect alice position AAAUSDT 0
            """);
        List<EventKind> kinds = [.. x.Events.Where(e => e.Account == x.Id("alice")).Select(e => e.Kind)];
        Assert.True(kinds.IndexOf(EventKind.OrderEnded) < kinds.IndexOf(EventKind.LiquidationStepped));
        Assert.True(kinds.IndexOf(EventKind.TriggerEnded) < kinds.IndexOf(EventKind.LiquidationStepped));
    }
}
