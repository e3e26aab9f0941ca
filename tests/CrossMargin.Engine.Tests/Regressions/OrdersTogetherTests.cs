using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Tests.Accounts;
using CrossMargin.Model;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Regressions;

/// <summary>What open orders may do together is judged together: losses through the mark, openings, tier limits in flight.</summary>
public sealed class OrdersTogetherTests
{
    private const string LongTen = """
        account alice 60 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 20
        alice buy AAAUSDT 10 @ 100
        bob sell AAAUSDT 10 @ 100 ioc -> filled 10 @ 100

        """;

    /// <summary>
    /// Closing 10 at 91 would lose 90 of 60: equity −30, nothing remains to be maintained. Placed or amended, it is the same order.
    /// </summary>
    [Fact]
    public void ClosingOrder_WhoseFillWouldBankrupt_IsRefused_AlsoAsAnAmend() => ScenarioTable.Run(LongTen + """
        alice sell AAAUSDT 10 @ 91 reduce -> refused WouldLiquidate 0 -3000000000
        alice sell AAAUSDT 10 @ 110 reduce as ro
        alice amend ro 10 @ 91 -> refused WouldLiquidate 0 -3000000000
        expect alice orders 1
        alice amend ro 10 @ 95 -> accepted             # 60 - 50 = 10 remain
        alice amend ro 10 @ 94 -> accepted             # 60 - 60 = 0 and no position: sound
        alice amend ro 10 @ 93.9 -> refused WouldLiquidate 0 -100000000
        expect alice position AAAUSDT 10
        """);

    /// <summary>In hedge mode a sell on the long leg closes without saying so.</summary>
    [Fact]
    public void HedgeClosingOrder_WhoseFillWouldBankrupt_IsRefused_AlsoAsAnAmend() => ScenarioTable.Run("""
        account alice 60 maker 0 taker 0 hedge
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 20
        alice buy AAAUSDT 10 @ 100 long
        bob sell AAAUSDT 10 @ 100 ioc -> filled 10 @ 100
        alice sell AAAUSDT 10 @ 91 long -> refused WouldLiquidate 0 -3000000000
        alice sell AAAUSDT 10 @ 110 long as ro
        alice amend ro 10 @ 91 -> refused WouldLiquidate 0 -3000000000
        alice amend ro 10 @ 94 -> accepted
        """);

    /// <summary>
    /// The first sell of 5 at 92 leaves 60 − 40 = 20 against 2.50. The second alone would too, but both may fill: 60 − 80 = −20.
    /// The first may still be moved: it is not counted beside itself.
    /// </summary>
    [Fact]
    public void TwoClosingOrders_ThatTogetherWouldBankrupt_TheSecondIsRefused() => ScenarioTable.Run(LongTen + """
        alice sell AAAUSDT 5 @ 92 reduce as first
        alice sell AAAUSDT 5 @ 92 reduce -> refused WouldLiquidate 250000000 -2000000000
        expect alice orders 1
        alice amend first 5 @ 91 -> accepted           # 60 - 45 = 15
        alice sell AAAUSDT 5 @ 100 reduce -> accepted  # loses nothing: 15 against 2.50
        """);

    /// <summary>The second of two orders in another market of the same pool counts as well: 60 − 40 − 30 = −10.</summary>
    [Fact]
    public void ClosingOrders_OfTwoMarketsOfAPool_AreJudgedTogether() => ScenarioTable.Run("""
        account alice 60 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        price BBBUSDT 100
        alice leverage AAAUSDT 20
        alice leverage BBBUSDT 20
        alice buy AAAUSDT 5 @ 100
        bob sell AAAUSDT 5 @ 100 ioc -> filled 5 @ 100
        alice buy BBBUSDT 5 @ 100
        bob sell BBBUSDT 5 @ 100 ioc -> filled 5 @ 100
        alice sell AAAUSDT 5 @ 92 reduce
        alice sell BBBUSDT 5 @ 94 reduce -> refused WouldLiquidate 250000000 -1000000000
        """);

    /// <summary>
    /// Long 10, equity 50.7 (fee 0.2), IM 50: 0.7 available. The resting sell of 10 closes; beside it the second opens 10: short 1,010 at
    /// worst, 50.5 − 50 = 0.5, and its fee of 0.5: 1.0.
    /// </summary>
    [Fact]
    public void OpeningFee_OfAnOrderThatOpensBesideAnother_Counts() => ScenarioTable.Run("""
        account alice 50.9
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 20
        alice buy AAAUSDT 10 @ 100
        bob sell AAAUSDT 10 @ 100 ioc -> filled 10 @ 100
        expect alice wallet 50.7
        expect alice available 0.7
        alice sell AAAUSDT 10 @ 101
        expect alice available 0.7
        alice sell AAAUSDT 10 @ 100 -> refused MarginInsufficient 70000000 100000000
        alice deposit 0.3
        alice sell AAAUSDT 10 @ 100 -> accepted
        """);

    /// <summary>
    /// At leverage 100 the tiers allow less than 50,000. Two bids of 100 at 100; the first is being amended to 399.999. Until the
    /// market has answered, the second cannot go there too: 20,000 open − its own 10,000 + 39,999.9 + 39,999.9 in flight.
    /// </summary>
    [Fact]
    public void AmendsInFlight_CountAgainstTheTierLimit()
    {
        var bench = new AccountBench("{}");
        bench.Fund("10000");
        bench.Tick(PauseReason.None);
        Assert.Equal(Refusal.None, bench.Do(new SetLeverage { Market = AccountBench.Market, Leverage = 100 }));
        Assert.Equal(Refusal.None, bench.Do(Bid(bench, "first")));
        Assert.Equal(Refusal.None, bench.Do(Bid(bench, "second")));
        Assert.Equal(Refusal.None, bench.Do(Amend(bench, "first", "399.999")));
        var refusal = new Refusal(RejectReason.NotionalAboveTierLimit, 49_999_99999999, 89_999_80000000);
        Assert.Equal(refusal, bench.Do(Amend(bench, "second", "399.999")));

        // The market's answer frees it: 39,999.9 + 9,999.9 fit, 39,999.9 + 10,000.1 do not.
        OpenOrder first = bench.State.Orders[0];
        bench.Receive(ActorId.Of(AccountBench.Market), new OrderUpdate
        {
            Order = first.Id,
            Market = AccountBench.Market,
            What = OrderUpdateKind.Amended,
            Price = first.Price,
            Quantity = bench.Q("399.999"),
            Leaves = bench.Q("399.999"),
        });
        Assert.Equal(RejectReason.NotionalAboveTierLimit, bench.Do(Amend(bench, "second", "100.001")).Reason);
        Assert.Equal(Refusal.None, bench.Do(Amend(bench, "second", "99.999")));
    }

    private static PlaceOrder Bid(AccountBench bench, string name) => new()
    {
        Market = AccountBench.Market,
        Side = Side.Buy,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.Gtc,
        Quantity = bench.Q("100"),
        Price = bench.P("100"),
        ClientOrderId = Name(name),
    };

    private static AmendOrder Amend(AccountBench bench, string name, string quantity) => new()
    {
        Market = AccountBench.Market,
        ClientOrderId = Name(name),
        Quantity = bench.Q(quantity),
        Price = bench.P("100"),
    };

    private static ClientOrderId Name(string text) =>
        ClientOrderId.TryParse(text, out ClientOrderId id) ? id : throw new ArgumentException(text);
}
