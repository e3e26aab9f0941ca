using CrossMargin.Engine.Tests.Accounts;
using CrossMargin.Model;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Regressions;

/// <summary>
/// Opening an isolated position is paid by the cross wallet: reserved without a credit for the position that is there, and never more
/// than the cross pool can give. Maintenance 0.5 %; marks are the index.
/// </summary>
public sealed class IsolatedOpeningTests
{
    /// <summary>
    /// Bought 10 at 100 with leverage 10: margin 100 less the fee of 0.50 in the leg, 101 − 100 = 1.00 stay in the cross wallet.
    /// </summary>
    private const string LongTen = """
        account alice 101
        account bob 100000 maker 0 taker 0
        account carol 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 10
        alice isolated AAAUSDT
        bob sell AAAUSDT 10 @ 100
        alice buy AAAUSDT 10 @ 100 -> filled 10 @ 100
        expect alice margin AAAUSDT 99.5
        expect alice cross 1
        carol buy AAAUSDT 20 @ 92
        price AAAUSDT 92

        """;

    /// <summary>
    /// At 92 the leg has 99.50 − 80 = 19.50 against 4.60. Selling 20 at 92 closes 10 and opens 10: 920 / 10 = 92 and the fee 0.46 of what
    /// opens, against 1.00. A credit of |p| = 920 for the long would have let it through with nothing reserved, 72.42 short.
    /// </summary>
    [Fact]
    public void Flip_Isolated_ReservesTheWholeMarginOfWhatOpens()
    {
        TestExchange x = ScenarioTable.Run(LongTen + """
            alice sell AAAUSDT 20 @ 92 -> refused MarginInsufficient 100000000 9246000000
            expect alice position AAAUSDT 10
            expect alice wallet 100.5
            expect fund wallet 1000000
            """);
        Assert.Empty(x.Of<LiquidationStarted>());
    }

    /// <summary>Closing alone needs nothing: 19.50 − 0.46 return, 1.00 + 19.04 = 20.04.</summary>
    [Fact]
    public void Close_Isolated_ReservesNothing() => ScenarioTable.Run(LongTen + """
        alice sell AAAUSDT 10 @ 92 -> filled 10 @ 92
        expect alice margin AAAUSDT 0
        expect alice wallet 20.04
        """);

    /// <summary>
    /// With 200 more the flip passes. It closes 10: 19.50 less the fee of 0.92 return to cross. It opens 10 with 92.00 of it:
    /// 201 + 18.58 − 92.00 = 127.58 cross, 92.00 in the leg; nobody else pays.
    /// </summary>
    [Fact]
    public void Flip_Isolated_WithMargin_IsPaidByTheAccountAlone() => ScenarioTable.Run(LongTen + """
        alice deposit 200
        alice sell AAAUSDT 20 @ 92 -> filled 20 @ 92
        expect alice position AAAUSDT -10
        expect alice wallet 219.58
        expect alice margin AAAUSDT 92
        expect alice cross 127.58
        expect fund wallet 1000000
        """);

    /// <summary>An isolated bid for 9 at 100 reserves 90 of 200, of which 100 margin a cross long of 10 at 100.</summary>
    private const string RestingBid = """
        account alice 200 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        price BBBUSDT 100
        alice leverage AAAUSDT 10
        alice leverage BBBUSDT 10
        alice isolated AAAUSDT
        alice buy BBBUSDT 10 @ 100
        bob sell BBBUSDT 10 @ 100 ioc -> filled 10 @ 100
        alice buy AAAUSDT 9 @ 100
        expect alice available 10

        """;

    /// <summary>
    /// At 82 the cross pool has 20 against 4.10. The bid is hit: 15.9 less one unit move, the rest must stay above 4.10. The leg's
    /// 15.89999999 still cover its 4.50; at 98.6 it has 3.29999999 against 4.437 and is liquidated alone: BP 98.6 − 0.36666666 =
    /// 98.23334, to the fund.
    /// </summary>
    [Fact]
    public void Opening_TakesOnlyWhatKeepsTheCrossPoolSound_TheLegIsJudgedAlone()
    {
        TestExchange x = ScenarioTable.Run(RestingBid + """
            price BBBUSDT 82
            bob sell AAAUSDT 9 @ 100 ioc -> filled 9 @ 100
            expect alice margin AAAUSDT 15.89999999
            expect alice cross 184.10000001
            expect alice equity 4.10000001
            price AAAUSDT 98.6
            expect alice position AAAUSDT 0
            expect alice position BBBUSDT 10
            expect alice cross 184.10000001
            expect alice wallet 184.10000001
            """);
        LiquidationStarted started = Assert.Single(x.Of<LiquidationStarted>("alice"));
        Assert.Equal(("3.29999999", "4.437"), (started.Equity.ToString(), started.Maintenance.ToString()));
        Assert.Equal(x.Spec("AAAUSDT").Id, Assert.Single(x.Story, e => e.Kind == EventKind.LiquidationStarted).Market);
    }

    /// <summary>
    /// At 80.5 only 5 − 4.025 = 0.975 less one unit are free: the leg begins with 0.97499999 against 4.50 and is liquidated at once; the
    /// cross pool, at 4.02500001 against 4.025, is not.
    /// </summary>
    [Fact]
    public void Opening_LegUnsoundAtOnce_IsLiquidatedAlone()
    {
        TestExchange x = ScenarioTable.Run(RestingBid + """
            price BBBUSDT 80.5
            bob sell AAAUSDT 9 @ 100 ioc -> filled 9 @ 100
            expect alice position AAAUSDT 0
            expect alice position BBBUSDT 10
            expect alice wallet 199.02500001
            expect alice equity 4.02500001
            """);
        Assert.Equal("0.97499999", Assert.Single(x.Of<LiquidationStarted>("alice")).Equity.ToString());
    }

    /// <summary>
    /// Isolated long 10 (margin 100); the cross pool has 110 − 106 = 4 against 4.47 and is liquidated. A reduce-only and a plain sell
    /// of 10 rest: each fits the position, but if the reduce-only one fills first, the plain one opens, with cross margin. It goes, the
    /// other stays.
    /// </summary>
    [Fact]
    public void CrossFreeze_PlainOrderBesideReduceOnly_IsCancelled_ReduceOnlyStays()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 210 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            price AAAUSDT 100
            price BBBUSDT 100
            alice leverage AAAUSDT 10
            alice leverage BBBUSDT 10
            alice isolated AAAUSDT
            alice buy AAAUSDT 10 @ 100
            bob sell AAAUSDT 10 @ 100 ioc -> filled 10 @ 100
            alice buy BBBUSDT 10 @ 100
            bob sell BBBUSDT 10 @ 100 ioc -> filled 10 @ 100
            alice sell AAAUSDT 10 @ 106 reduce as stays
            alice sell AAAUSDT 10 @ 105 as goes
            price BBBUSDT 89.4
            expect alice position BBBUSDT 0
            expect alice orders 1
            expect alice position AAAUSDT 10
            expect alice margin AAAUSDT 100
            """);
        Assert.True(ClientOrderId.TryParse("stays", out ClientOrderId stays));
        Assert.True(x.State("alice").Orders.Find(stays) >= 0);
        Assert.Equal(CancelReason.Liquidation, Assert.Single(x.Of<OrderEnded>("alice"), e => e.Reason == CancelReason.Liquidation).Reason);
    }

    /// <summary>The same without a reduce-only order: the plain one can only close, and stays.</summary>
    [Fact]
    public void CrossFreeze_PlainOrderThatCanOnlyClose_Stays()
    {
        var bench = new AccountBench("{}");
        bench.Hold("10", mode: MarginMode.Isolated, isolated: "100");
        Assert.Equal(Refusal.None, bench.Do(Sell(bench, "10", "105")));
        bench.Fund("99"); // cross: −1 without a position
        bench.Receive(ActorId.Monitor, default(JudgePool));
        Assert.NotNull(bench.State.CrossLiquidation);
        Assert.DoesNotContain(Sent(bench), m => m.Kind == MessageKind.RequestCancel);
    }

    /// <summary>
    /// A bid that was hit before its cancel arrived opens while the cross pool is in liquidation: it brings no margin, the leg has 0
    /// and is judged alone; cross keeps its 1000.
    /// </summary>
    [Fact]
    public void Opening_WhileCrossIsInLiquidation_TakesNothing()
    {
        var bench = new AccountBench("{}");
        bench.Hold("0", mode: MarginMode.Isolated);
        Assert.Equal(Refusal.None, bench.Do(new PlaceOrder
        {
            Market = AccountBench.Market,
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = bench.Q("1"),
            Price = bench.P("100"),
        }));
        OrderId order = bench.State.Orders[0].Id;
        bench.InLiquidation();
        bench.Receive(ActorId.Of(AccountBench.Market), new Fill
        {
            Order = order,
            Market = AccountBench.Market,
            Side = Side.Buy,
            Quantity = bench.Q("1"),
            Price = bench.P("100"),
            Final = true,
        });
        Assert.Equal(bench.Q("1"), bench.State.Legs[0].Quantity);
        Assert.Equal(Amount.Zero, bench.State.Legs[0].IsolatedWallet);
        Assert.Equal("1000", bench.State.CrossWallet.ToString());
    }

    private static PlaceOrder Sell(AccountBench bench, string quantity, string price) => new()
    {
        Market = AccountBench.Market,
        Side = Side.Sell,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.Gtc,
        Quantity = bench.Q(quantity),
        Price = bench.P(price),
    };

    private static IEnumerable<Message> Sent(AccountBench bench)
    {
        for (int i = 0; i < bench.Outbox.Count; i++) yield return bench.Outbox[i];
    }
}
