using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>
/// Traps of liquidation, insurance and deleveraging (docs/traps.md), figures by hand; accounts pay no fees unless a row says so.
/// </summary>
public sealed class LiquidationTraps
{
    private const string NoFee = """ "liquidationFee":"0" """;

    private const string LongHundred = """
        account alice 200 maker 0 taker 0
        account bob 100000
        account carol 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 100
        alice buy AAAUSDT 100 @ 100
        bob sell AAAUSDT 100 @ 100 ioc -> filled 100 @ 100

        """;

    /// <summary>
    /// At 99.1 equity is 150 − 90 = 60; maintenance 49.55 + 20 = 69.55. AAA's share is 60 × 49.55 / 69.55 = 42.74622573, BBB's
    /// 17.25377426. AAA: 99.1 − 0.4274622573, up to the unit 98.67254; BBB: 40 − 0.1725377426, up to 39.827463. The fund takes 100 of
    /// each there, for 42.746 and 17.2537 of loss, and keeps the 0.0003 that rounding leaves. All of the equity on AAA alone would have
    /// been 98.5, and BBB at its mark.
    /// </summary>
    [Fact]
    public void Trap20_BankruptcyPrices_ShareTheEquityByMaintenance()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 150 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            price AAAUSDT 100
            price BBBUSDT 40
            alice leverage AAAUSDT 100
            alice leverage BBBUSDT 100
            alice buy AAAUSDT 100 @ 100
            bob sell AAAUSDT 100 @ 100 ioc
            alice buy BBBUSDT 100 @ 40
            bob sell BBBUSDT 100 @ 40 ioc
            price AAAUSDT 99.1
            expect alice wallet 0
            expect fund position AAAUSDT 100
            expect fund position BBBUSDT 100
            expect fund wallet 1000000.0003
            """, """{"liquidation":{"policy":"WholeAccount"},"defaults":{""" + NoFee + "}}");
        Assert.Equal(["42.74622573", "17.25377426"], x.Of<LiquidationOrdered>("alice").Select(o => o.Share.ToString()));
        Assert.Equal([x.P("AAAUSDT", "98.67254"), x.P("BBBUSDT", "39.827463")], x.Of<TakeoverDecided>().Select(d => d.Price));
    }

    /// <summary>
    /// Long 33.333 at 100 with 60. At 98.6: equity 60 − 46.6662 = 13.3338 against 16.433169; BP 98.6 − 0.40001…, up to 98.19999. The
    /// first step closes 7.575 (13.3338 ≥ 1.05 × 0.493 × 25.758); the fund takes it at BP for 7.575 × 0.40001 = 3.03007575, its share
    /// being 3.030136…. Every further step, of whatever odd size, spends no more than its share; the last is one lot, whose unit is 1e-8:
    /// nothing is left over.
    /// </summary>
    [Fact]
    public void Trap21_PartialClose_NeverSpendsMoreThanItsShare()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 60 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            price AAAUSDT 100
            alice leverage AAAUSDT 100
            alice buy AAAUSDT 33.333 @ 100
            bob sell AAAUSDT 33.333 @ 100 ioc
            price AAAUSDT 98.6
            expect alice position AAAUSDT 0
            expect alice wallet 0
            """, """{"defaults":{""" + NoFee + "}}");
        List<LiquidationOrdered> steps = x.Of<LiquidationOrdered>("alice");
        Assert.Equal((x.Q("AAAUSDT", "7.575"), x.P("AAAUSDT", "98.19999")), (steps[0].Quantity, steps[0].BankruptcyPrice));
        Assert.True(steps.Count > 1);
        foreach (LiquidationOrdered s in steps)
        {
            MarketSpec spec = x.Spec("AAAUSDT");
            Int128 spent = (spec.Notional(s.Mark, s.Quantity) - spec.Notional(s.BankruptcyPrice, s.Quantity)).E8;
            bool within = spent * s.Position.Abs.Lots <= (Int128)s.Equity.E8 * s.Quantity.Abs.Lots;
            Assert.True(within, $"{s.Quantity} of {s.Position} spends {spent} of {s.Equity}");
        }

        Assert.Equal("3.03007575", (steps[0].Equity - steps[1].Equity).ToString());
        LiquidationEnded ended = Assert.Single(x.Of<LiquidationEnded>("alice"));
        Assert.Equal((1L, 1L), (steps[^1].Quantity.Lots, steps[^1].Position.Lots));
        Assert.Equal(("0", "0"), (ended.Shortfall.ToString(), ended.Leftover.ToString()));
    }

    /// <summary>
    /// No cap by block or step. Long 9,000 CCC at 100 with 50,000; at 96.5 equity is 18,500 against 868,500 × 2.5 % − 750 = 20,962.5. One
    /// order of 868,500 goes out, where a cap of 100,000 a step would have sent nine.
    /// </summary>
    [Fact]
    public void Trap25_NoStepCap_OneOrderClosesIt()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 50000 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            account carol 100000 maker 0 taker 0
            price CCCUSDT 100
            alice buy CCCUSDT 9000 @ 100
            bob sell CCCUSDT 9000 @ 100 ioc -> filled 9000 @ 100
            carol buy CCCUSDT 9000 @ 96
            price CCCUSDT 96.5
            expect carol position CCCUSDT 9000
            expect alice wallet 14000                      # 50,000 - 9,000 x 4
            """, """{"liquidation":{"policy":"WholeAccount"},"defaults":{""" + NoFee + "}}");
        Assert.Equal(x.Q("CCCUSDT", "9000"), Assert.Single(x.Of<LiquidationOrdered>("alice")).Quantity);
    }

    /// <summary>
    /// What bounds a step is the policy, and it counts at the mark, not at the fill: one tier down at 98.7 keeps 506.585 (49,999.9395),
    /// though the bid is at 98.3, where 508.646 would have been below 50,000. Loss 493.415 × 1.7 = 838.8055.
    /// </summary>
    [Fact]
    public void Trap25_StepSize_CountsAtTheMark() => ScenarioTable.Run("""
        account alice 2000 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        account carol 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 50
        alice buy AAAUSDT 1000 @ 100
        bob sell AAAUSDT 1000 @ 100 ioc -> filled 1000 @ 100
        carol buy AAAUSDT 600 @ 98.3
        price AAAUSDT 98.7
        expect alice position AAAUSDT 506.585
        expect alice wallet 1161.1945
        """, """{"liquidation":{"policy":"TierStepDown"},"defaults":{""" + NoFee + "}}");

    /// <summary>
    /// The mark is 98.4, the bankruptcy price 98.4 − 40 / 100 = 98: bob is closed there. Alice loses 200, bob gains 200 and pays nothing
    /// beyond the 5 that his sale cost (0.05 % of 10,000); the fund is not touched, bob's resting order is cancelled; his stop, which
    /// reserves nothing, and carol's order stay.
    /// </summary>
    [Fact]
    public void Trap29_Deleveraging_AtTheBankruptcyPrice_ZeroSum_WithoutFee_CancelsTheCounterpartysOrders()
    {
        TestExchange x = ScenarioTable.Run(LongHundred + """
            bob buy AAAUSDT 10 @ 91
            bob stop-market buy AAAUSDT 10 at 110
            carol buy AAAUSDT 10 @ 91
            expect bob wallet 99995
            expect fees AAAUSDT 5
            price AAAUSDT 98.4
            expect alice wallet 0
            expect bob wallet 100195
            expect bob position AAAUSDT 0
            expect bob orders 0
            expect bob triggers 1
            expect carol orders 1
            expect fees AAAUSDT 5
            expect fund wallet 1000000
            """, """{"defaults":{"fundPositionLimit":"0"}}""");
        Assert.All(x.Of<Deleveraged>(), d => Assert.Equal(x.P("AAAUSDT", "98"), d.Price));
        Assert.Equal(2, x.Of<OrderFilled>().Count(f => f.Type == FillKind.Deleverage && f.Fee.IsZero));
    }

    /// <summary>
    /// Alice loses 350 of her 200, the fund has 100 of the 150: the deficit is 50. The short who wins keeps his profit of 303, the long
    /// who bought the liquidation and the account without a position keep every unit: nothing is shared out, now or at the next price.
    /// </summary>
    [Fact]
    public void Trap31_NoSocialisedLoss_TheDeficitBearsIt() => ScenarioTable.Run("""
        account erin 777.12345678
        account dave 1000 maker 0 taker 0

        """ + LongHundred + """
        dave buy AAAUSDT 1 @ 100
        bob sell AAAUSDT 1 @ 100 ioc -> filled 1 @ 100
        expect bob wallet 99994.95                         # fees of 5 and 0.05
        carol buy AAAUSDT 100 @ 96.5
        price AAAUSDT 97
        expect alice wallet 0
        expect fund wallet 0
        expect deficit -50
        expect erin wallet 777.12345678
        expect bob wallet 99994.95
        expect bob equity 100297.95                        # 101 x 3
        expect bob position AAAUSDT -101
        expect carol wallet 100000
        expect carol equity 100050                         # 100 x 0.5
        expect dave equity 997
        price AAAUSDT 96.9
        expect erin wallet 777.12345678
        expect bob wallet 99994.95
        expect carol wallet 100000
        expect dave wallet 1000
        expect deficit -50
        """, """{"liquidation":{"anyPrice":true},"fund":{"initialBalance":"100"}}""");

    /// <summary>
    /// All marks of an account come from one table at one moment. Long 100 AAA at 100 and 100 BBB at 40 with 150: BBB at 39.6 leaves 110
    /// against 69.8; then AAA at 99.5: 150 − 40 − 50 = 60 against 49.75 + 19.8.
    /// </summary>
    [Fact]
    public void Trap40_AllPricesOfAnAccount_AreOfOneMoment()
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 150 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            price AAAUSDT 100
            price BBBUSDT 40
            alice leverage AAAUSDT 100
            alice leverage BBBUSDT 100
            alice buy AAAUSDT 100 @ 100
            bob sell AAAUSDT 100 @ 100 ioc
            alice buy BBBUSDT 100 @ 40
            bob sell BBBUSDT 100 @ 40 ioc
            price BBBUSDT 39.6
            expect alice equity 110
            expect alice position AAAUSDT 100
            price AAAUSDT 99.5
            """);
        LiquidationStarted started = Assert.Single(x.Of<LiquidationStarted>("alice"));
        Assert.Equal(("60", "69.55"), (started.Equity.ToString(), started.Maintenance.ToString()));
    }

    /// <summary>
    /// A tick that liquidates and an order that adds to the position are on their way at once, in a host where messages overtake each
    /// other. In whatever order they arrive: after the re-check no order of alice's own fills; it was refused, or cancelled by the
    /// freeze, or filled before.
    /// </summary>
    [Fact]
    public void Trap40_OrderAndLiquidation_AreSerialised()
    {
        var endings = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= 60; seed++) endings.Add(OrderAgainstLiquidation(seed));
        Assert.Superset(new SortedSet<string>(StringComparer.Ordinal) { "cancelled", "filled", nameof(RejectReason.InLiquidation) }, endings);
    }

    private static string OrderAgainstLiquidation(ulong seed)
    {
        var host = new ScrambledHost(TestProfiles.Simple(), seed, wakeEarly: true);
        MarketSpec spec = host.Actors.Profile.Markets[0];
        var time = new Timestamp(1_700_000_000_000);
        var alice = new AccountId(1);
        long commands = 0;
        bool rechecked = false;
        string ending = "?";
        void Send<T>(int account, in T body)
            where T : unmanaged, IPayload<T, MessageKind> =>
            host.Inject(Command.For(time, new AccountId(account), new CommandId(++commands), body));

        void Open(int account, string deposit)
        {
            Send(account, new OpenAccount());
            host.RunToRest();
            Send(account, new Deposit { Amount = TestExchange.Money(deposit) });
            Send(account, new SetLeverage { Market = spec.Id, Leverage = 100 });
            host.RunToRest();
        }

        void Order(int account, Side side, string quantity, string price) => Send(account, new PlaceOrder
        {
            Market = spec.Id,
            Side = side,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = spec.TryParseQuantity(quantity, DecimalRounding.Exact, out Quantity q) ? q : default,
            Price = P(spec, price),
        });

        host.Inject(Command.Index(time, spec.Id, P(spec, "100"), default));
        host.RunToRest();
        Open(1, "200");
        Open(2, "100000");
        Order(1, Side.Buy, "100", "100");
        host.RunToRest();
        Order(2, Side.Sell, "100", "100");
        host.RunToRest();
        Order(2, Side.Sell, "10", "100.1");
        host.RunToRest();
        host.Observer = e =>
        {
            if (e.Account != alice) return;
            if (e.Kind == EventKind.LiquidationStepped) rechecked = true;
            if (e.Kind == EventKind.CommandRefused) ending = e.Body<CommandRefused>().Refusal.Reason.ToString();
            if (e.Kind == EventKind.OrderEnded && !rechecked) ending = "cancelled";
            if (e.Kind != EventKind.OrderFilled || !e.Body<OrderFilled>().Liquidation.IsNone) return;
            Assert.False(rechecked, $"seed {seed}: filled after the re-check");
            ending = "filled";
        };
        host.Inject(Command.Index(time, spec.Id, P(spec, "98.4"), default));
        Order(1, Side.Buy, "10", seed % 2 == 0 ? "100.1" : "99");
        host.RunToRest();
        Assert.Equal(0, host.Actors[alice].Orders.Count);
        Assert.True(host.Actors[alice].Wallet.IsZero);
        return ending;
    }

    private static Price P(MarketSpec spec, string text) =>
        spec.TryParsePrice(text, DecimalRounding.Exact, out Price price) ? price : throw new ArgumentException(text);
}
