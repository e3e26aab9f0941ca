using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Accounts;

/// <summary>
/// Every reason to refuse an order, in its order of precedence: row k breaks rule k and all rules below it in the table, and is answered
/// with k and its numbers. Where two rules need different values of one field, the upper row's value stands.
/// </summary>
public sealed class PlaceOrderPrecedenceTests
{
    private delegate void Fault(AccountBench bench, ref PlaceOrder order);

    private static readonly (RejectReason Reason, Fault Break, long Limit, long Actual)[] s_limit =
    [
        (RejectReason.UnknownMarket, static (AccountBench _, ref PlaceOrder o) => o.Market = new MarketId(99), 3, 99),
        (RejectReason.InvalidSide, static (AccountBench _, ref PlaceOrder o) => o.Side = 0, 0, 0),
        (RejectReason.InvalidType, static (AccountBench _, ref PlaceOrder o) => o.Type = (OrderType)8, 0, 8),
        (RejectReason.InvalidTimeInForce, static (AccountBench _, ref PlaceOrder o) => o.TimeInForce = (TimeInForce)6, 0, 6),
        (RejectReason.InvalidPositionSide, static (AccountBench _, ref PlaceOrder o) => o.PositionSide = (PositionSide)3, 0, 3),
        (RejectReason.InvalidFlags, static (AccountBench _, ref PlaceOrder o) => o.Flags |= OrderFlags.Liquidation, 0, 5),
        (RejectReason.InvalidQuantity, static (AccountBench _, ref PlaceOrder o) => o.Quantity = new Quantity(-1), 0, -1),
        (RejectReason.InvalidPrice, static (AccountBench _, ref PlaceOrder o) => o.Price = new Price(-1), 0, -1),
        (RejectReason.InvalidTriggerPrice, static (AccountBench _, ref PlaceOrder o) => o.TriggerPrice = new Price(7), 0, 7),
        (RejectReason.InvalidCallbackRate, static (AccountBench _, ref PlaceOrder o) => o.CallbackRate = new Rate(5), 0, 0),
        (RejectReason.InvalidGoodTill, static (AccountBench _, ref PlaceOrder o) => o.GoodTill = new Timestamp(5), 1_000_000, 5),
        (RejectReason.InvalidTriggerSource, static (AccountBench _, ref PlaceOrder o) => o.TriggerSource = (TriggerSource)2, 0, 2),
        (RejectReason.MarketHalted, static (AccountBench b, ref PlaceOrder _) => b.Tick(PauseReason.Halted), 0, 0),
        (RejectReason.PriceOffTick, static (AccountBench b, ref PlaceOrder o) => o.Price = new Price(o.Price.Units + 1), 0, 0),
        (RejectReason.PriceTooLow, static (AccountBench b, ref PlaceOrder o) => o.Price = b.P("0.9"), 0, 0),
        (RejectReason.PriceTooHigh, static (AccountBench b, ref PlaceOrder o) => o.Price = b.P("1000000.1"), 0, 0),
        (RejectReason.QuantityTooSmall, static (AccountBench b, ref PlaceOrder o) => o.Quantity = b.Q("0.009"), 10, 9),
        (RejectReason.QuantityTooLarge, static (AccountBench b, ref PlaceOrder o) => o.Quantity = b.Q("1000.001"), 1_000_000, 1_000_001),
        (RejectReason.NotionalTooSmall, static (AccountBench b, ref PlaceOrder o) => o.Quantity = b.Q("0.04"), 5_00000000, 0),
        (RejectReason.PriceAboveBand, static (AccountBench b, ref PlaceOrder o) => o.Price = b.P("110.1"), 0, 0),
        (RejectReason.TooManyOpenOrders, static (AccountBench b, ref PlaceOrder _) => b.Do(Resting(b)), 1, 1),
        (RejectReason.InLiquidation, static (AccountBench b, ref PlaceOrder _) => b.InLiquidation(), 0, 0),
        (RejectReason.HeldForDeleveraging, static (AccountBench b, ref PlaceOrder _) => b.Held(), 0, 0),
        (RejectReason.PositionSideMismatch, static (AccountBench _, ref PlaceOrder o) => o.PositionSide = PositionSide.Long, 0, 1),
        (RejectReason.DuplicateClientOrderId, Duplicate, 0, 0),
        (RejectReason.ReduceOnlyWithoutPosition, static (AccountBench _, ref PlaceOrder o) => o.Flags |= OrderFlags.ReduceOnly, 0, 0),
        (RejectReason.NotionalAboveTierLimit, TooLargeForTheTier, 0, 0),
        (RejectReason.MarginInsufficient, static (AccountBench b, ref PlaceOrder _) => b.Fund("1"), 0, 0),
    ];

    public static TheoryData<int> LimitRows => [.. Enumerable.Range(0, s_limit.Length)];

    [Theory]
    [MemberData(nameof(LimitRows))]
    public void Place_BreakingARuleAndAllBelow_IsAnsweredWithTheUppermost(int row)
    {
        var bench = new AccountBench();
        PlaceOrder order = Resting(bench);
        for (int i = s_limit.Length - 1; i >= row; i--)
        {
            // The order that fills the last place must itself be good; a second one of the same id comes with it.
            if (s_limit[i].Reason is RejectReason.InLiquidation or RejectReason.HeldForDeleveraging && row < IndexOf(RejectReason.InLiquidation)) continue;
            // Closing orders need no minimum notional.
            if (s_limit[i].Reason is RejectReason.ReduceOnlyWithoutPosition && s_limit[row].Reason is RejectReason.NotionalTooSmall) continue;
            if (s_limit[i].Reason is RejectReason.MarginInsufficient && row < IndexOf(RejectReason.DuplicateClientOrderId) + 1) continue;
            s_limit[i].Break(bench, ref order);
        }

        Refusal refusal = bench.Do(order);

        Assert.Equal(s_limit[row].Reason, refusal.Reason);
        if (s_limit[row].Actual != 0) Assert.Equal((s_limit[row].Limit, s_limit[row].Actual), (refusal.Limit, refusal.Actual));
    }

    [Fact]
    public void Place_Good_IsSentToItsMarket()
    {
        var bench = new AccountBench();
        Assert.True(bench.Do(Resting(bench)).IsNone);
        Assert.Equal(MessageKind.SubmitOrder, bench.Outbox.Take().Kind);
    }

    [Theory]
    [InlineData(PauseReason.Stale)]
    [InlineData(PauseReason.Wild)]
    public void Place_MarketOrderWhilePaused_PriceUnavailableComesBeforeTheAccountsState(PauseReason pause)
    {
        var bench = new AccountBench();
        bench.Tick(pause);
        bench.InLiquidation();
        var order = new PlaceOrder
        {
            Market = AccountBench.Market,
            Side = Side.Buy,
            Type = OrderType.Market,
            TimeInForce = TimeInForce.Ioc,
            Quantity = bench.Q("1"),
        };
        Assert.Equal(new Refusal(RejectReason.PriceUnavailable, 0, (long)pause), bench.Do(order));
    }

    [Fact]
    public void Place_BeforeTheFirstPrice_FiltersComeBeforePriceUnavailable()
    {
        var bench = new AccountBench();
        MarketSpec other = bench.Profile.Markets[1];
        var order = new PlaceOrder
        {
            Market = other.Id,
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            Quantity = new Quantity(100),
            Price = new Price(other.TickUnits * 4000),
        };
        Assert.Equal(RejectReason.PriceUnavailable, bench.Do(order).Reason);
        order.Quantity = new Quantity(other.MaxQuantity.Lots + 1);
        Assert.Equal(RejectReason.QuantityTooLarge, bench.Do(order).Reason);
    }

    [Fact]
    public void Place_SellBelowTheBand_IsRefused()
    {
        // Band 10 % below the mark of 100: 90 is the last price.
        var bench = new AccountBench();
        PlaceOrder order = Resting(bench) with { Side = Side.Sell, Price = bench.P("89.9") };
        Assert.Equal(new Refusal(RejectReason.PriceBelowBand, bench.P("90").Units, bench.P("89.9").Units), bench.Do(order));
    }

    [Fact]
    public void Place_SecondTrigger_TooManyOpenTriggers()
    {
        var bench = new AccountBench();
        var stop = new PlaceOrder
        {
            Market = AccountBench.Market,
            Side = Side.Sell,
            Type = OrderType.StopMarket,
            TimeInForce = TimeInForce.Gtc,
            Quantity = bench.Q("1"),
            TriggerPrice = bench.P("90"),
        };
        Assert.True(bench.Do(stop).IsNone);
        Assert.Equal(new Refusal(RejectReason.TooManyOpenTriggers, 1, 1), bench.Do(stop));
    }

    [Fact]
    public void Place_CloseAtAPriceThatLeavesLessThanMaintenance_WouldLiquidate()
    {
        // Long 100 at 100 with a wallet of 60: notional 10,000, MM 50 (0.5 %). Selling 10 at 98 loses 20 and 0.49 of fee: equity
        // 60 − 20 − 0.49 = 39.51 against MM 45 of the 90 that remain.
        var bench = new AccountBench();
        bench.Hold("100");
        bench.Fund("60");
        PlaceOrder order = Resting(bench) with { Side = Side.Sell, Quantity = bench.Q("10"), Price = bench.P("98"), Flags = OrderFlags.ReduceOnly };
        Assert.Equal(new Refusal(RejectReason.WouldLiquidate, 45_00000000, 39_51000000), bench.Do(order));
        Assert.True(bench.Do(order with { Price = bench.P("100") }).IsNone);
    }

    [Fact]
    public void Place_MarginOneUnitShort_NamesBothNumbers()
    {
        // 1 at 100 with leverage 20: IM 5, fee 0.05 % = 0.05.
        var bench = new AccountBench();
        bench.Fund("5.04999999");
        Assert.Equal(new Refusal(RejectReason.MarginInsufficient, 5_04999999, 5_05000000), bench.Do(Resting(bench)));
        bench.Fund("5.05");
        Assert.True(bench.Do(Resting(bench)).IsNone);
    }

    private static int IndexOf(RejectReason reason) => Array.FindIndex(s_limit, r => r.Reason == reason);

    private static PlaceOrder Resting(AccountBench bench) => new()
    {
        Market = AccountBench.Market,
        Side = Side.Buy,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.Gtc,
        Quantity = bench.Q("1"),
        Price = bench.P("100"),
    };

    private static void Duplicate(AccountBench bench, ref PlaceOrder order)
    {
        ClientOrderId.TryParse("twice", out order.ClientOrderId);
        // A trigger carries the id, so that the places for orders stay free.
        bench.Do(new PlaceOrder
        {
            Market = AccountBench.Market,
            Side = Side.Sell,
            Type = OrderType.StopMarket,
            TimeInForce = TimeInForce.Gtc,
            Quantity = bench.Q("1"),
            TriggerPrice = bench.P("90"),
            ClientOrderId = order.ClientOrderId,
        });
    }

    private static void TooLargeForTheTier(AccountBench bench, ref PlaceOrder order)
    {
        bench.Do(new SetLeverage { Market = AccountBench.Market, Leverage = 100 });
        order.Quantity = bench.Q("600"); // 60,000, and leverage 100 ends at 50,000
    }
}
