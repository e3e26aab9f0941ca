using CrossMargin.Model;
using static CrossMargin.Engine.Tests.Markets.MarketHarness;

namespace CrossMargin.Engine.Tests.Markets;

public class OrderScenarioTests
{
    [Fact]
    public void Submit_NothingToTake_RestsAndIsAccepted()
    {
        var m = new MarketHarness();
        m.Buy(Ann, 1, "2", "100");
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Accepted, OrderStatus.New), (update.What, update.Status));
        Assert.Equal(m.Q("2"), update.Leaves);
        Assert.Equal(m.P("100"), m.View.BestBid.Price);
    }

    [Fact]
    public void Submit_CrossesTwoMakers_FillsAtTheirPricesWithFees()
    {
        var m = new MarketHarness();
        m.Sell(Bob, 1, "1", "100");
        m.Sell(Cleo, 1, "1", "101");
        m.Buy(Ann, 7, "3", "101");

        List<Fill> fills = m.To<Fill>(Ann);
        Assert.Equal([m.P("100"), m.P("101")], fills.Select(f => f.Price));
        Assert.Equal([1L, 2L], fills.Select(f => f.Trade.Value));
        Assert.Equal([A("0.05"), A("0.0505")], fills.Select(f => f.Fee)); // 0.05 %
        Assert.Equal([m.Q("2"), m.Q("1")], fills.Select(f => f.Leaves));
        Assert.All(fills, f => Assert.False(f.Final));
        Fill maker = m.Only<Fill>(Bob);
        Assert.Equal((A("0.02"), Side.Sell, true, true), (maker.Fee, maker.Side, (bool)maker.IsMaker, (bool)maker.Final));
        Assert.Equal(Ann, maker.Counterparty);
        OrderUpdate rest = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Accepted, OrderStatus.PartiallyFilled), (rest.What, rest.Status));
        Assert.Equal(m.Q("1"), rest.Leaves);
        Assert.Equal(MessageKind.OrderUpdate, m.KindsTo(Ann)[^1]);
        Assert.Equal(A("0.1407"), m.View.Fees);
        Assert.Equal(2, m.Emitted<Traded>().Count);
        Assert.Equal(("2", "-1", "-1"), (m.Position(Ann), m.Position(Bob), m.Position(Cleo)));
    }

    [Fact]
    public void Submit_FilledWhole_SendsOnlyAFinalFill()
    {
        var m = new MarketHarness();
        m.Sell(Bob, 1, "1", "100");
        m.Buy(Ann, 1, "1", "100");
        Assert.Equal([MessageKind.Fill], m.KindsTo(Ann));
        Assert.True(m.Only<Fill>(Ann).Final);
    }

    [Fact]
    public void Submit_Fee_IsRoundedUp()
    {
        var m = new MarketHarness();
        SubmitOrder sell = m.Order(1, Side.Sell, "0.001", "100.1");
        sell.MakerFee = new Rate(-1); // a rebate of 1e-8: 0.1001 × 1e-8 is paid down, that is not at all
        m.From(Bob, sell);
        SubmitOrder buy = m.Order(1, Side.Buy, "0.001", "100.1");
        buy.TakerFee = new Rate(1);
        m.From(Ann, buy);
        Assert.Equal(new Amount(1), m.Only<Fill>(Ann).Fee);
        Assert.Equal(new Amount(0), m.Only<Fill>(Bob).Fee);
    }

    [Fact]
    public void Submit_LiquidationOrder_PaysNoFeeAndSaysSo()
    {
        var m = new MarketHarness();
        m.Trade(Ann, Dan, "1", "100");
        m.Buy(Bob, 1, "1", "99");
        SubmitOrder order = m.Order(9, Side.Sell, "1", "90", TimeInForce.Ioc);
        order.Flags = OrderFlags.Liquidation | OrderFlags.ReduceOnly;
        order.Liquidation = new LiquidationId(5);
        m.From(Ann, order);
        Fill fill = m.Only<Fill>(Ann);
        Assert.Equal((FillKind.Liquidation, Amount.Zero, new LiquidationId(5)), (fill.Type, fill.Fee, fill.Liquidation));
        Assert.Equal((FillKind.Trade, A("0.0198")), (m.Only<Fill>(Bob).Type, m.Only<Fill>(Bob).Fee));
        Assert.Equal(FillKind.Liquidation, Assert.Single(m.Emitted<Traded>()).Type);
    }

    [Fact]
    public void Submit_CauseOfOthers_IsNotTheTakersCommand()
    {
        var m = new MarketHarness();
        m.Sell(Bob, 1, "1", "100");
        m.Step(ActorId.Of(Ann), m.Order(1, Side.Buy, "1", "100"), new CommandId(77));
        Assert.Equal(new CommandId(77), m.Sent.Single(s => s.To == ActorId.Of(Ann)).Cause);
        Assert.Equal(CommandId.None, m.Sent.Single(s => s.To == ActorId.Of(Bob)).Cause);
    }

    [Theory]
    [InlineData(TimeInForce.Ioc, false, CancelReason.ImmediateOrCancel)]
    [InlineData(TimeInForce.Ioc, true, CancelReason.PriceBound)]
    public void Submit_ImmediateRest_Expires(TimeInForce tif, bool market, CancelReason reason)
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Sell(Bob, 1, "1", "100");
        SubmitOrder order = m.Order(1, Side.Buy, "3", "100", tif);
        if (market) order.Flags = OrderFlags.Market;
        m.From(Ann, order);
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Ended, OrderStatus.Expired, reason), (update.What, update.Status, update.Reason));
        Assert.Equal((m.Q("2"), Quantity.Zero, m.Q("3")), (update.Canceled, update.Leaves, update.Quantity));
    }

    [Fact]
    public void Submit_FillOrKillNotFillable_TouchesNothing()
    {
        var m = new MarketHarness();
        m.Sell(Bob, 1, "1", "100");
        m.Buy(Ann, 1, "2", "100", TimeInForce.Fok);
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Ended, OrderStatus.Expired, CancelReason.FillOrKill), (update.What, update.Status, update.Reason));
        Assert.Equal(new PackedRefusal(RejectReason.FillOrKillNotFillable, m.Q("1").Lots, m.Q("2").Lots), update.Refusal);
        Assert.Empty(m.To<Fill>(Bob));
        m.Buy(Ann, 2, "1", "100", TimeInForce.Fok);
        Assert.True(m.Only<Fill>(Ann).Final);
    }

    [Fact]
    public void Submit_PostOnlyThatWouldCross_Expires()
    {
        var m = new MarketHarness();
        m.Sell(Bob, 1, "1", "100");
        m.Buy(Ann, 1, "1", "100", TimeInForce.Gtx);
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Ended, OrderStatus.Expired, CancelReason.WouldCross), (update.What, update.Status, update.Reason));
        Assert.Equal(new PackedRefusal(RejectReason.WouldCross, m.P("100").Units, m.P("100").Units), update.Refusal);
        m.Buy(Ann, 2, "1", "99.9", TimeInForce.Gtx);
        Assert.Equal(OrderUpdateKind.Accepted, m.Only<OrderUpdate>(Ann).What);
    }

    [Theory]
    [InlineData(SelfTradePrevention.None, "trades")]
    [InlineData(SelfTradePrevention.ExpireTaker, "taker")]
    [InlineData(SelfTradePrevention.ExpireMaker, "maker")]
    [InlineData(SelfTradePrevention.ExpireBoth, "taker maker")]
    public void Submit_OwnOrderInTheWay_FollowsTheTakersMode(SelfTradePrevention mode, string ends)
    {
        var m = new MarketHarness();
        m.Sell(Ann, 1, "1", "100");
        m.Sell(Bob, 1, "1", "101");
        SubmitOrder order = m.Order(2, Side.Buy, "1", "101");
        order.SelfTradePrevention = mode;
        m.From(Ann, order);
        List<OrderUpdate> ended = [.. m.To<OrderUpdate>(Ann).Where(u => u.What == OrderUpdateKind.Ended)];
        Assert.All(ended, u => Assert.Equal((OrderStatus.ExpiredInMatch, CancelReason.SelfTrade), (u.Status, u.Reason)));
        Assert.Equal(ends.Contains("maker"), ended.Any(u => u.Order.Value == 1 && u.Price == m.P("100")));
        Assert.Equal(ends.Contains("taker"), ended.Any(u => u.Order.Value == 2));
        Assert.Equal(mode == SelfTradePrevention.None ? 2 : mode == SelfTradePrevention.ExpireMaker ? 1 : 0, m.To<Fill>(Ann).Count);
        Assert.Equal(mode == SelfTradePrevention.ExpireMaker, m.To<Fill>(Bob).Count == 1);
    }

    [Fact]
    public void Submit_Halted_IsRefusedAndCancelWorks()
    {
        var m = new MarketHarness();
        m.Index("100");
        m.Buy(Ann, 1, "1", "99");
        m.Step(ActorId.Client, new SetMarketStatus { Market = m.Spec.Id, Status = MarketStatus.Halted });
        Assert.Equal(MarketStatus.Halted, Assert.Single(m.Emitted<MarketStatusChanged>()).Status);
        m.Buy(Ann, 2, "1", "99");
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Refused, RejectReason.MarketHalted), (update.What, update.Refusal.Reason));
        m.From(Ann, new RequestCancel { Order = new OrderId(1), Reason = CancelReason.ByClient });
        Assert.Equal(OrderStatus.Canceled, m.Only<OrderUpdate>(Ann).Status);
    }

    [Fact]
    public void Submit_MarketOrderWithoutPrice_IsRefused()
    {
        var m = new MarketHarness();
        SubmitOrder order = m.Order(1, Side.Buy, "1", "100", TimeInForce.Ioc);
        order.Flags = OrderFlags.Market;
        m.From(Ann, order);
        Assert.Equal(RejectReason.PriceUnavailable, m.Only<OrderUpdate>(Ann).Refusal.Reason);
    }

    [Theory]
    [InlineData(CancelReason.ByClient, OrderStatus.Canceled)]
    [InlineData(CancelReason.Liquidation, OrderStatus.Expired)]
    public void Cancel_RestingOrder_Ends(CancelReason reason, OrderStatus status)
    {
        var m = new MarketHarness();
        m.Buy(Ann, 1, "1", "99");
        m.From(Ann, new RequestCancel { Order = new OrderId(1), Reason = reason });
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Ended, status, reason, m.Q("1")), (update.What, update.Status, update.Reason, update.Canceled));
        m.From(Ann, new RequestCancel { Order = new OrderId(1), Reason = reason });
        update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.CancelRefused, RejectReason.UnknownOrder), (update.What, update.Refusal.Reason));
    }

    [Fact]
    public void Cancel_OrderOfAnother_IsUnknown()
    {
        var m = new MarketHarness();
        m.Buy(Ann, 1, "1", "99");
        m.From(Bob, new RequestCancel { Order = new OrderId(1), Reason = CancelReason.ByClient });
        Assert.Equal(OrderUpdateKind.CancelRefused, m.Only<OrderUpdate>(Bob).What);
        Assert.Equal(1, m.View.OpenOrders);
    }

    [Fact]
    public void Amend_SmallerAtTheSamePrice_KeepsPriority()
    {
        var m = new MarketHarness();
        m.Buy(Ann, 1, "2", "99");
        m.Buy(Bob, 1, "2", "99");
        m.From(Ann, Amend(m, 1, "1", "99"));
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Amended, m.Q("1"), m.Q("1")), (update.What, update.Quantity, update.Leaves));
        m.Sell(Cleo, 1, "1", "99");
        Assert.Single(m.To<Fill>(Ann));
    }

    [Theory]
    [InlineData("3", "99")]
    [InlineData("2", "98.9")]
    public void Amend_LargerOrMoved_LosesPriority(string quantity, string price)
    {
        var m = new MarketHarness();
        m.Buy(Ann, 1, "2", "99");
        m.Buy(Bob, 1, "2", "99");
        m.From(Ann, Amend(m, 1, quantity, price));
        Assert.Equal([OrderUpdateKind.Amended, OrderUpdateKind.Accepted], m.To<OrderUpdate>(Ann).Select(u => u.What));
        m.Sell(Cleo, 1, "1", "99");
        Assert.Empty(m.To<Fill>(Ann));
        Assert.Single(m.To<Fill>(Bob));
    }

    [Fact]
    public void Amend_ThatCrosses_IsAmendedThenFilledAsTaker()
    {
        var m = new MarketHarness();
        m.Sell(Bob, 1, "1", "100");
        m.Buy(Ann, 1, "2", "99");
        RequestAmend amend = Amend(m, 1, "2", "100");
        amend.TakerFee = m.Profile.TakerFee;
        m.From(Ann, amend);
        Assert.Equal([MessageKind.OrderUpdate, MessageKind.Fill, MessageKind.OrderUpdate], m.KindsTo(Ann));
        Assert.Equal(A("0.05"), m.Only<Fill>(Ann).Fee);
        Assert.Equal(m.Q("1"), m.To<OrderUpdate>(Ann)[1].Leaves);
    }

    [Fact]
    public void Amend_PostOnlyThatWouldCross_StaysAsItWas()
    {
        var m = new MarketHarness();
        m.Sell(Bob, 1, "1", "100");
        m.Buy(Ann, 1, "2", "99", TimeInForce.Gtx);
        m.From(Ann, Amend(m, 1, "2", "100"));
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.AmendRefused, RejectReason.WouldCross), (update.What, update.Refusal.Reason));
        Assert.Equal((m.P("99"), m.Q("2")), (update.Price, update.Leaves));
        Assert.Equal(m.P("99"), m.View.BestBid.Price);
    }

    [Fact]
    public void Amend_ToWhatIsFilled_EndsTheOrder()
    {
        var m = new MarketHarness();
        m.Buy(Ann, 1, "2", "99");
        m.Sell(Bob, 1, "1", "99");
        m.From(Ann, Amend(m, 1, "1", "99"));
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Ended, OrderStatus.Canceled, m.Q("1")), (update.What, update.Status, update.Canceled));
        m.From(Ann, Amend(m, 1, "3", "99"));
        Assert.Equal((OrderUpdateKind.AmendRefused, RejectReason.UnknownOrder),
            (m.Only<OrderUpdate>(Ann).What, m.Only<OrderUpdate>(Ann).Refusal.Reason));
    }

    [Fact]
    public void Amend_PartlyFilled_CountsTheFilledPart()
    {
        var m = new MarketHarness();
        m.Buy(Ann, 1, "3", "99");
        m.Sell(Bob, 1, "1", "99");
        m.From(Ann, Amend(m, 1, "2", "99"));
        Assert.Equal((m.Q("2"), m.Q("1")), (m.Only<OrderUpdate>(Ann).Quantity, m.Only<OrderUpdate>(Ann).Leaves));
        m.From(Ann, Amend(m, 1, "5", "98"));
        OrderUpdate resting = m.To<OrderUpdate>(Ann)[^1];
        Assert.Equal((m.Q("5"), m.Q("4"), OrderStatus.PartiallyFilled), (resting.Quantity, resting.Leaves, resting.Status));
    }

    [Fact]
    public void AdvanceTime_GoodTillDate_Expires()
    {
        var m = new MarketHarness();
        SubmitOrder order = m.Order(1, Side.Buy, "1", "99", TimeInForce.Gtd);
        order.GoodTill = m.Now.AddMilliseconds(1000);
        m.From(Ann, order);
        m.Advance(999);
        Assert.Empty(m.Sent);
        m.Advance(1);
        OrderUpdate update = m.Only<OrderUpdate>(Ann);
        Assert.Equal((OrderUpdateKind.Ended, OrderStatus.Expired, CancelReason.GoodTillDate), (update.What, update.Status, update.Reason));
    }

    [Fact]
    public void Countdown_NotRenewed_CancelsAllOrdersOfTheAccount()
    {
        var m = new MarketHarness();
        m.Buy(Ann, 1, "1", "99");
        m.Buy(Ann, 2, "1", "98");
        m.Buy(Bob, 1, "1", "98");
        m.From(Ann, new RequestCountdown { Milliseconds = 1000 });
        m.Skip(600);
        m.From(Ann, new RequestCountdown { Milliseconds = 1000 });
        m.Advance(600);
        Assert.Empty(m.To<OrderUpdate>(Ann));
        m.Restart();
        m.Advance(400);
        Assert.Equal([1L, 2L], m.To<OrderUpdate>(Ann).Select(u => u.Order.Value));
        Assert.All(m.To<OrderUpdate>(Ann), u => Assert.Equal((OrderStatus.Expired, CancelReason.Countdown), (u.Status, u.Reason)));
        Assert.Equal(1, m.View.OpenOrders);
    }

    [Fact]
    public void Countdown_Disarmed_LeavesOrders()
    {
        var m = new MarketHarness();
        m.Buy(Ann, 1, "1", "99");
        m.From(Ann, new RequestCountdown { Milliseconds = 1000 });
        m.From(Ann, new RequestCountdown { Milliseconds = 0 });
        m.Advance(5000);
        Assert.Equal(1, m.View.OpenOrders);
    }

    [Fact]
    public void Fence_IsAnsweredWithItsStep()
    {
        var m = new MarketHarness();
        m.From(Ann, new Fence { Liquidation = new LiquidationId(3), Step = 2 });
        FenceReached reached = m.Only<FenceReached>(Ann);
        Assert.Equal((new LiquidationId(3), 2, m.Spec.Id), (reached.Liquidation, reached.Step, reached.Market));
    }

    private static RequestAmend Amend(MarketHarness m, long order, string quantity, string price) =>
        new() { Order = new OrderId(order), Quantity = m.Q(quantity), Price = m.P(price) };
}
