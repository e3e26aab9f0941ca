using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Tests.Accounts;
using CrossMargin.Engine.Tests.Markets;
using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;
using static CrossMargin.Engine.Tests.Markets.MarketHarness;

namespace CrossMargin.Engine.Tests.Regressions;

/// <summary>Where a liquidation, a round or a withdrawal has to stop.</summary>
public sealed class PoolEndTests
{
    /// <summary>
    /// An isolated long of 1 at 100 with a wallet of 5 is closed at 90: −5, and flat. Until that is judged and the fund has paid, the
    /// leg is in use; then it is free.
    /// </summary>
    [Fact]
    public void FlatIsolatedLeg_ThatOwes_BlocksModeChanges_UntilTheFundHasPaid()
    {
        var bench = new AccountBench("{}");
        bench.Hold("1", mode: MarginMode.Isolated, isolated: "5");
        bench.Receive(ActorId.Of(AccountBench.Market), new Fill
        {
            Market = AccountBench.Market,
            Side = Side.Sell,
            Quantity = bench.Q("1"),
            Price = bench.P("90"),
            Type = FillKind.Deleverage,
        });
        Assert.Equal(("0", "-5"), (bench.Spec.Format(bench.State.Legs[0].Quantity), bench.State.Legs[0].IsolatedWallet.ToString()));
        var exists = new Refusal(RejectReason.PositionExists, 0, 0);
        Assert.Equal(exists, bench.Do(new SetMarginMode { Market = AccountBench.Market, Mode = MarginMode.Cross }));
        Assert.Equal(exists, bench.Do(new SetPositionMode { Hedge = true }));
        Assert.Equal("-5", bench.State.Legs[0].IsolatedWallet.ToString());

        bench.Receive(ActorId.Monitor, new JudgePool { Market = AccountBench.Market });
        Assert.Equal(1, bench.Outbox.Count);
        ClaimShortfall claim = bench.Outbox.First.Body<ClaimShortfall>();
        Assert.Equal("5", claim.Amount.ToString());
        bench.Receive(ActorId.Fund, new ShortfallPaid { Liquidation = claim.Liquidation, Amount = claim.Amount });
        Assert.Equal("995", bench.State.CrossWallet.ToString()); // 1000 − the leg's own 5
        Assert.Equal(Refusal.None, bench.Do(new SetMarginMode { Market = AccountBench.Market, Mode = MarginMode.Cross }));
        Assert.Equal(Refusal.None, bench.Do(new SetPositionMode { Hedge = true }));
    }

    /// <summary>
    /// A round reads the holding again before it closes it, so a stop that only closes need not be lost; a client's order waits.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HeldAccount_CloseStopThatFires_IsSubmitted_NewOrdersAreRefused(bool held)
    {
        var bench = new AccountBench("{}");
        bench.Hold("1");
        Assert.Equal(Refusal.None, bench.Do(new PlaceOrder
        {
            Market = AccountBench.Market,
            Side = Side.Sell,
            Type = OrderType.StopMarket,
            TimeInForce = TimeInForce.Gtc,
            Flags = OrderFlags.ClosePosition,
            TriggerPrice = bench.P("95"),
            TriggerSource = TriggerSource.Mark,
        }));
        AlgoId algo = bench.State.Triggers![0].Id;
        if (held) bench.Held();
        Refusal refusal = bench.Do(new PlaceOrder
        {
            Market = AccountBench.Market,
            Side = Side.Sell,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = bench.Q("1"),
            Price = bench.P("101"),
            Flags = OrderFlags.ReduceOnly,
        });
        Assert.Equal(held ? RejectReason.HeldForDeleveraging : RejectReason.None, refusal.Reason);
        bench.Receive(ActorId.Of(AccountBench.Market), new TriggerFired
        {
            Algo = algo,
            PositionQuantity = bench.Q("1"),
            FiredAt = bench.P("95"),
            Market = AccountBench.Market,
            Flags = OrderFlags.ClosePosition,
            Side = Side.Sell,
            Type = OrderType.StopMarket,
        });
        Assert.Equal(1, bench.Outbox.Count);
        SubmitOrder submitted = bench.Outbox.First.Body<SubmitOrder>();
        Assert.Equal((bench.Q("1"), Side.Sell, algo), (submitted.Quantity, submitted.Side, submitted.Algo));
        Assert.True((submitted.Flags & OrderFlags.ReduceOnly) != 0);
    }

    /// <summary>A stop that would open is not let through: it ends, and nothing is sent.</summary>
    [Fact]
    public void HeldAccount_OpeningStopThatFires_IsRejected()
    {
        var bench = new AccountBench("{}");
        Assert.Equal(Refusal.None, bench.Do(new PlaceOrder
        {
            Market = AccountBench.Market,
            Side = Side.Sell,
            Type = OrderType.StopMarket,
            TimeInForce = TimeInForce.Gtc,
            Quantity = bench.Q("1"),
            TriggerPrice = bench.P("95"),
            TriggerSource = TriggerSource.Mark,
        }));
        AlgoId algo = bench.State.Triggers![0].Id;
        bench.Held();
        bench.Receive(ActorId.Of(AccountBench.Market), new TriggerFired
        {
            Algo = algo,
            Quantity = bench.Q("1"),
            FiredAt = bench.P("95"),
            Market = AccountBench.Market,
            Side = Side.Sell,
            Type = OrderType.StopMarket,
        });
        Assert.Equal(0, bench.Outbox.Count);
        Assert.Empty(bench.State.Triggers);
    }

    /// <summary>
    /// 100 at 100 with 184.6, at 98.4 with bids: 24.6 of equity, MM 0.492 a unit. Fifty closed would leave equity = MM, which is no
    /// end: the next judgement would find it liquidatable. One lot more, in the same liquidation.
    /// </summary>
    [Fact]
    public void Buffer0_LiquidationEndsStrictlyAboveMaintenance()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 184.6 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            account carol 100000 maker 0 taker 0
            price AAAUSDT 100
            alice leverage AAAUSDT 100
            alice buy AAAUSDT 100 @ 100
            bob sell AAAUSDT 100 @ 100 ioc -> filled 100 @ 100
            carol buy AAAUSDT 100 @ 98.4
            price AAAUSDT 98.4
            expect alice position AAAUSDT 49.999
            expect alice equity 24.6
            alice deposit 0.00000001
            price AAAUSDT 98.4
            expect alice position AAAUSDT 49.999
            """, """{"liquidation":{"buffer":"0"},"defaults":{"liquidationFee":"0"}}""");
        Assert.Single(x.Of<LiquidationStarted>("alice"));
        Assert.Equal(LiquidationOutcome.Reduced, Assert.Single(x.Of<LiquidationEnded>("alice")).Outcome);
    }

    /// <summary>
    /// Short 400 at 100 with leverage 100, grown to 320,000 at 800 and into the third tier: IM 3,200, but MM 8,000 − 4,000 = 4,000. Of
    /// 290,000 − 280,000 = 10,000 all but 4,000.00000001 may leave, and the pool stays sound.
    /// </summary>
    [Fact]
    public void Withdraw_InitialBelowMaintenance_IsLimitedByMaintenance()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 290000 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            price AAAUSDT 100
            alice leverage AAAUSDT 100
            alice sell AAAUSDT 400 @ 100
            bob buy AAAUSDT 400 @ 100 ioc -> filled 400 @ 100
            price AAAUSDT 800
            skip 5000
            price AAAUSDT 800
            expect alice available 6800
            alice withdraw 6000 -> refused BalanceInsufficient 599999999999 600000000000
            alice withdraw 5999.99999999 -> accepted
            expect alice equity 4000.00000001
            expect alice position AAAUSDT -400
            """);
        Assert.Empty(x.Of<LiquidationStarted>());
    }

    /// <summary>The same of an isolated leg's wallet: 290,000 in it, 5,999.99999999 may go back to cross.</summary>
    [Fact]
    public void RemoveMargin_InitialBelowMaintenance_IsLimitedByMaintenance() => ScenarioTable.Run("""
        account alice 290000 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 100
        alice isolated AAAUSDT
        alice sell AAAUSDT 400 @ 100
        bob buy AAAUSDT 400 @ 100 ioc -> filled 400 @ 100
        alice add AAAUSDT 289600
        expect alice margin AAAUSDT 290000
        price AAAUSDT 800
        skip 5000
        price AAAUSDT 800
        alice remove AAAUSDT 6000 -> refused MarginInsufficient 599999999999 600000000000
        alice remove AAAUSDT 5999.99999999 -> accepted
        expect alice position AAAUSDT -400
        """);

    /// <summary>
    /// Profit counts half. Cleo is short 2 from 100, at 90: profit 20, of which 10 are in her equity. Closed at 97 she realizes 6, whole:
    /// equity − 10 + 6. Four is not enough, one unit more is. (Profit counted whole would have asked for 14.)
    /// </summary>
    [Theory]
    [InlineData("4", "-2")]
    [InlineData("4.00000001", "0")]
    public void DeleverageRound_PartProfit_SkipsByCountedEquity(string equity, string left)
    {
        var m = new MarketHarness(TestProfiles.Simple("""{"profitShare":"0.5"}"""));
        m.Index("100");
        m.Trade(Ann, Cleo, "2", "100");
        m.Index("90");
        m.From(Ann, new StartDeleverage { Liquidation = new LiquidationId(8), Quantity = m.Q("2"), Price = m.P("97") });
        m.From(Cleo, new DeleverageAnswer { Round = 1, Wallet = A("1"), Equity = A(equity), Maintenance = A("1") });
        Assert.Equal(left, m.Position(Cleo));
    }

    /// <summary>
    /// Half of it, 1 of 2: 10 counted become 5, and 3 are realized. 2.00000001 − 10 + 5 + 3 is one unit above zero.
    /// </summary>
    [Theory]
    [InlineData("2", "-2")]
    [InlineData("2.00000001", "-1")]
    public void DeleverageRound_PartProfit_OfAPart_SkipsByCountedEquity(string equity, string left)
    {
        var m = new MarketHarness(TestProfiles.Simple("""{"profitShare":"0.5"}"""));
        m.Index("100");
        m.Trade(Ann, Bob, "1", "100");
        m.Trade(Dan, Cleo, "2", "100");
        m.Index("90");
        m.From(Ann, new StartDeleverage { Liquidation = new LiquidationId(8), Quantity = m.Q("1"), Price = m.P("97") });
        m.From(Bob, new DeleverageAnswer { Round = 1, Declined = true });
        m.From(Cleo, new DeleverageAnswer { Round = 1, Wallet = A("1"), Equity = A(equity), Maintenance = A("1") });
        Assert.Equal(left, m.Position(Cleo));
    }

    /// <summary>
    /// A cross pool in liquidation lost its last position to the fund (a claim of 50 is what is left), and the price of its 10 AAA is not
    /// trusted: neither they nor the fund's money move before it is. At 100 × 0.99 they bring 990 then, and the wallet keeps none of it:
    /// 940 go to the fund.
    /// </summary>
    [Fact]
    public void LiquidationEnd_CollateralPricePaused_WaitsWithSaleAndClaim()
    {
        var bench = new AccountBench("""{"collateral":{"enabled":true}}""");
        Assert.Equal(Refusal.None, bench.Do(new Deposit { Asset = new AssetId(1), Amount = TestExchange.Money("10") }));
        bench.Fund("-50");
        bench.InLiquidation();
        LiquidationCase c = bench.State.CrossLiquidation!;
        c.LastClosedOutsideBook = true;
        c.Waiting = true;
        bench.Tick(PauseReason.Wild);
        bench.Receive(ActorId.Monitor, default(JudgePool));
        Assert.Equal((0, true, "-50", "10"),
            (bench.Outbox.Count, c.Waiting, bench.State.CrossWallet.ToString(), bench.State.Balance(new AssetId(1)).ToString()));

        bench.Tick(PauseReason.None);
        bench.Receive(ActorId.Monitor, default(JudgePool));
        Assert.Null(bench.State.CrossLiquidation);
        Assert.Equal(("0", "0"), (bench.State.CrossWallet.ToString(), bench.State.Balance(new AssetId(1)).ToString()));
        Assert.Equal("990", bench.Outbox[0].Body<CollateralSold>().Proceeds.ToString());
        Assert.Equal("940", bench.Outbox[1].Body<LiquidationProceeds>().Leftover.ToString());
    }
}
