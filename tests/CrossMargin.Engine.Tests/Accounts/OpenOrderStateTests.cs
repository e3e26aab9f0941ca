using CrossMargin.Engine.Accounts;
using CrossMargin.Model;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Accounts;

/// <summary>An account's own state answers everything that its owner may ask about what is open, after a restart too.</summary>
public sealed class OpenOrderStateTests
{
    [Fact]
    public void OpenOrder_FilledInParts_KeepsItsQuoteAndTimes()
    {
        TestExchange x = Started();
        Timestamp placed = x.Now;
        ClientOrderId name = Name("first");
        PlaceOrder order = x.Limit("AAAUSDT", Side.Buy, "3", "99") with
        {
            ClientOrderId = name,
            SelfTradePrevention = SelfTradePrevention.ExpireMaker,
            TimeInForce = TimeInForce.Gtd,
            GoodTill = x.Now.AddMilliseconds(600_000),
        };
        OrderId id = x.Place("alice", order);
        Assert.Equal((0L, placed, placed), Of(x, id, o => (o.FilledQuote.E8, o.CreatedAt, o.UpdatedAt)));
        x.Skip(1_000);
        x.Sell("bob", "AAAUSDT", "1", "99", TimeInForce.Ioc);
        x.Skip(1_000);
        x.Sell("bob", "AAAUSDT", "0.5", "98", TimeInForce.Ioc); // fills at 99, the resting order's price
        Timestamp last = x.Now;
        x.Skip(1_000);
        x.Price("AAAUSDT", "100.5");

        OpenOrder held = Restarted(x, "alice").Orders[0];
        Assert.Equal(TestExchange.Money("148.5"), held.FilledQuote);
        Assert.Equal((placed, last), (held.CreatedAt, held.UpdatedAt));
        Assert.Equal(order.GoodTill, held.GoodTill);
        Assert.Equal(SelfTradePrevention.ExpireMaker, held.SelfTradePrevention);
        Assert.Equal(name, Restarted(x, "alice").Orders.ClientIdAt(0));
    }

    [Fact]
    public void OpenOrder_AmendedOrCut_KeepsTheTimeOfIt()
    {
        TestExchange x = Started();
        x.Trade("alice", "bob", "AAAUSDT", "2", "100");
        OrderId id = x.Sell("alice", "AAAUSDT", "2", "104", flags: OrderFlags.ReduceOnly);
        Timestamp placed = x.Now;
        x.Skip(500);
        x.Do("alice", new AmendOrder { Market = x.Spec("AAAUSDT").Id, Order = id, Quantity = x.Q("AAAUSDT", "2"), Price = x.P("AAAUSDT", "103") });
        x.Accepted();
        Assert.Equal((placed, placed.AddMilliseconds(500)), Of(x, id, o => (o.CreatedAt, o.UpdatedAt)));
        x.Skip(500);
        x.Buy("bob", "AAAUSDT", "1", "99");
        x.Sell("alice", "AAAUSDT", "1", "99", TimeInForce.Ioc);
        Assert.Equal((x.Q("AAAUSDT", "1"), placed.AddMilliseconds(1_000)), Of(x, id, o => (o.Leaves, o.UpdatedAt)));
    }

    [Fact]
    public void OpenTrigger_ReadAgain_HasAllThatWasPlaced()
    {
        TestExchange x = Started();
        PlaceOrder stop = x.Trigger("AAAUSDT", OrderType.Stop, Side.Sell, "1.5", "95", "94", TriggerSource.Last) with
        {
            TimeInForce = TimeInForce.Gtd,
            GoodTill = x.Now.AddMilliseconds(900_000),
            Flags = OrderFlags.PriceProtect | OrderFlags.ClassicTrigger,
            SelfTradePrevention = SelfTradePrevention.ExpireBoth,
            ClientOrderId = Name("stop"),
        };
        PlaceOrder trailing = x.Trigger("AAAUSDT", OrderType.TrailingStopMarket, Side.Sell, "2", "0") with
        {
            CallbackRate = new Rate(2_000_000),
            ActivationPrice = x.P("AAAUSDT", "105"),
        };
        x.Place("alice", stop);
        x.Skip(777);
        x.Place("alice", trailing);

        List<OpenTrigger> held = Restarted(x, "alice").Triggers!;
        OpenTrigger first = held[0];
        Assert.Equal((stop.Quantity, stop.Price, stop.TriggerPrice, stop.GoodTill), (first.Quantity, first.Price, first.TriggerPrice, first.GoodTill));
        Assert.Equal((stop.Flags, stop.Side, stop.Type, stop.TimeInForce), (first.Flags, first.Side, first.Type, first.TimeInForce));
        Assert.Equal((stop.SelfTradePrevention, TriggerSource.Last), (first.SelfTradePrevention, first.TriggerSource));
        Assert.Equal((stop.ClientOrderId, x.Now.AddMilliseconds(-777)), (first.ClientOrderId, first.CreatedAt));
        Assert.Equal((trailing.CallbackRate, trailing.ActivationPrice, x.Now), (held[1].CallbackRate, held[1].ActivationPrice, held[1].CreatedAt));
        Assert.Equal(TriggerSource.Mark, held[1].TriggerSource);
    }

    [Fact]
    public void ClassicTrigger_Fires_OrderCarriesTheFlagAndTheConditionalOrdersId()
    {
        TestExchange x = Started();
        x.Trade("alice", "bob", "AAAUSDT", "1", "100");
        PlaceOrder stop = x.Trigger("AAAUSDT", OrderType.Stop, Side.Sell, "1", "97", "99") with { Flags = OrderFlags.ClassicTrigger };
        x.Place("alice", stop);
        TriggerAccepted accepted = Assert.Single(x.Of<TriggerAccepted>("alice"));
        Assert.Equal(OrderFlags.ClassicTrigger, accepted.Flags);
        x.Forget();
        x.Price("AAAUSDT", "97");
        OrderAccepted fired = Assert.Single(x.Of<OrderAccepted>("alice"));
        Assert.Equal(accepted.Algo, fired.Algo);
        Assert.Equal(OrderFlags.ClassicTrigger | OrderFlags.FromTrigger, fired.Flags);
        Assert.Equal(fired.Flags, x.State("alice").Orders[0].Flags);
    }

    [Theory]
    [InlineData(OrderType.Limit)]
    [InlineData(OrderType.Market)]
    public void ClassicTrigger_OnAPlainOrder_IsRefused(OrderType type)
    {
        TestExchange x = Started();
        PlaceOrder order = type == OrderType.Limit ? x.Limit("AAAUSDT", Side.Buy, "1", "99") : x.Market("AAAUSDT", Side.Buy, "1");
        x.Place("alice", order with { Flags = OrderFlags.ClassicTrigger });
        Assert.Equal(RejectReason.InvalidFlags, x.LastRefusal.Reason);
    }

    [Fact]
    public void UpdatedAt_OfLegAndAccount_IsTheLastChangeOfEach()
    {
        TestExchange x = Started();
        Timestamp deposited = x.Now;
        x.Skip(100);
        x.Isolated("alice", "AAAUSDT");
        Assert.Equal(default, x.Leg("alice", "AAAUSDT").UpdatedAt);
        x.Trade("alice", "bob", "AAAUSDT", "1", "100");
        Assert.Equal((x.Now, x.Now), (x.Leg("alice", "AAAUSDT").UpdatedAt, x.State("alice").UpdatedAt)); // the taker fee
        Timestamp traded = x.Now;
        x.Skip(100);
        x.Do("alice", new AdjustIsolatedMargin { Market = x.Spec("AAAUSDT").Id, Amount = TestExchange.Money("10") });
        x.Accepted();
        Assert.Equal((x.Now, traded), (x.Leg("alice", "AAAUSDT").UpdatedAt, x.State("alice").UpdatedAt)); // no balance changed
        x.Skip(100);
        x.Funding("AAAUSDT", "0.001");
        Assert.Equal((x.Now, x.Now), (x.Leg("alice", "AAAUSDT").UpdatedAt, x.State("alice").UpdatedAt));
        Assert.Equal((traded, x.Now), (x.Leg("bob", "AAAUSDT").UpdatedAt, x.State("bob").UpdatedAt)); // cross: the leg has no wallet
        AccountState again = Restarted(x, "alice");
        Assert.Equal((x.Now, x.Now), (again.Legs[0].UpdatedAt, again.UpdatedAt));
        Assert.True(deposited < traded);
        x.Skip(100);
        x.Do("bob", new Withdraw { Asset = AssetId.Settlement, Amount = TestExchange.Money("1000000") });
        Assert.Equal(RejectReason.BalanceInsufficient, x.LastRefusal.Reason);
        Assert.Equal(x.Now.AddMilliseconds(-100), x.State("bob").UpdatedAt);
    }

    private static TestExchange Started()
    {
        var x = new TestExchange();
        x.Price("AAAUSDT", "100");
        x.Account("alice", "10000");
        x.Account("bob", "10000");
        return x;
    }

    private static ClientOrderId Name(string text) => ClientOrderId.TryParse(text, out ClientOrderId id) ? id : default;

    private static T Of<T>(TestExchange x, OrderId id, Func<OpenOrder, T> read)
    {
        OrderList orders = x.State("alice").Orders;
        return read(orders[orders.Find(id)]);
    }

    /// <summary>The account written and read again.</summary>
    private static AccountState Restarted(TestExchange x, string name)
    {
        var writer = new StateWriter();
        x.State(name).Write(writer);
        var read = new AccountState(x.Id(name), x.Profile);
        var reader = new StateReader(writer.WrittenMemory);
        read.Read(reader);
        reader.ExpectEnd();
        return read;
    }
}
