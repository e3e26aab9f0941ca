using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Conformance;

// Orders: placing, matching, changing, cancelling, refusing.
public abstract partial class ExchangeConformance
{
    [Fact]
    public async Task Place_Limit_RestsInAccountAndDepth()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        CommandAnswer answer = await DoneAsync(account, Limit(market, Side.Buy, "2", "99.5", name: "mine"));
        OpenOrderSnapshot order = Assert.Single((await StateAsync(account)).Orders);
        Assert.Equal((OrderOf(answer), Lots("2"), At("99.5"), "mine"), (order.Id, order.Leaves, order.Price, order.ClientOrderId.ToString()));
        MarketDepth depth = await Gateway.ReadDepthAsync(market, 10);
        Assert.Equal(new PriceLevel(At("99.5"), Lots("2")), Assert.Single(depth.Bids));
        Assert.Empty(depth.Asks);
        Assert.Equal(At("99.5"), (await Gateway.ReadMarketAsync(market)).BestBid.Price);
    }

    [Fact]
    public async Task Place_Crossing_FillsBothAndChargesFees()
    {
        MarketId market = await MarketAsync();
        AccountId buyer = await AccountAsync();
        AccountId seller = await AccountAsync();
        await DoneAsync(buyer, Limit(market, Side.Buy, "3", "100"));
        CommandAnswer answer = await DoneAsync(seller, Limit(market, Side.Sell, "5", "99.9"));
        OrderFilled fill = answer.Events.Single(e => e.Kind == EventKind.OrderFilled).Body<OrderFilled>();
        Assert.Equal((At("100"), Lots("3"), OrderStatus.PartiallyFilled), (fill.Price, fill.Quantity, fill.Status));
        await UntilAsync(async () => Net(await StateAsync(buyer), market) == Lots("3"), "the maker has its fill");
        AccountSnapshot bought = await StateAsync(buyer);
        AccountSnapshot sold = await StateAsync(seller);
        Assert.Equal(Lots("-3"), Net(sold, market));
        Assert.Equal(Money("10000") - Profile.MakerFee.OfUp(Money("300")), Wallet(bought));
        Assert.Equal(Money("10000") - Profile.TakerFee.OfUp(Money("300")), Wallet(sold));
        Assert.Equal(Lots("2"), Assert.Single(sold.Orders).Leaves);
        Assert.Empty(bought.Orders);
    }

    [Fact]
    public async Task Place_Ioc_RestExpires()
    {
        MarketId market = await MarketAsync();
        AccountId maker = await AccountAsync();
        AccountId taker = await AccountAsync();
        await DoneAsync(maker, Limit(market, Side.Sell, "1", "100"));
        CommandAnswer answer = await DoneAsync(taker, Limit(market, Side.Buy, "4", "100", TimeInForce.Ioc));
        OrderEnded ended = answer.Events.Single(e => e.Kind == EventKind.OrderEnded).Body<OrderEnded>();
        Assert.Equal((OrderStatus.Expired, CancelReason.ImmediateOrCancel, Lots("1")), (ended.Status, ended.Reason, ended.Cumulative));
        Assert.Empty((await StateAsync(taker)).Orders);
    }

    [Fact]
    public async Task Place_FillOrKillThatCannot_IsRefusedWhole()
    {
        MarketId market = await MarketAsync();
        AccountId maker = await AccountAsync();
        AccountId taker = await AccountAsync();
        await DoneAsync(maker, Limit(market, Side.Sell, "1", "100"));
        CommandAnswer answer = await AskAsync(taker, Limit(market, Side.Buy, "2", "100", TimeInForce.Fok));
        Assert.DoesNotContain(answer.Events, e => e.Kind == EventKind.OrderFilled);
        Assert.Contains(answer.Events, e => e.Kind == EventKind.OrderEnded && e.Body<OrderEnded>().Reason == CancelReason.FillOrKill);
        Assert.Equal(Money("10000"), (await StateAsync(taker)).Available);
    }

    [Fact]
    public async Task Place_PostOnlyThatCrosses_TakesNothing()
    {
        MarketId market = await MarketAsync();
        AccountId maker = await AccountAsync();
        AccountId other = await AccountAsync();
        await DoneAsync(maker, Limit(market, Side.Sell, "1", "100"));
        CommandAnswer answer = await AskAsync(other, Limit(market, Side.Buy, "1", "100", TimeInForce.Gtx));
        Assert.Contains(answer.Events, e => e.Kind == EventKind.OrderEnded && e.Body<OrderEnded>().Reason == CancelReason.WouldCross);
        Assert.Empty((await StateAsync(other)).Legs);
    }

    [Fact]
    public async Task Place_Market_TakesWithinItsBound()
    {
        MarketId market = await MarketAsync();
        AccountId maker = await AccountAsync();
        AccountId taker = await AccountAsync();
        await DoneAsync(maker, Limit(market, Side.Sell, "1", "100"));
        await DoneAsync(maker, Limit(market, Side.Sell, "1", "108"));
        var order = new PlaceOrder { Market = market, Side = Side.Buy, Type = OrderType.Market, TimeInForce = TimeInForce.Ioc, Quantity = Lots("2") };
        CommandAnswer answer = await DoneAsync(taker, order);
        Assert.Equal(Lots("1"), answer.Events.Single(e => e.Kind == EventKind.OrderFilled).Body<OrderFilled>().Quantity);
        Assert.Equal(Lots("1"), Net(await StateAsync(taker), market));
    }

    [Fact]
    public async Task Place_BeyondTheMargin_IsRefusedWithTheFigures()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync("50");
        CommandAnswer answer = await AskAsync(account, Limit(market, Side.Buy, "11", "100"));
        Assert.Equal((RejectReason.MarginInsufficient, Money("50").E8), (answer.Refusal.Reason, answer.Refusal.Limit));
        Assert.True(answer.Refusal.Actual > answer.Refusal.Limit);
        Assert.Empty((await StateAsync(account)).Orders);
    }

    [Fact]
    public async Task Place_OfNobody_IsRefused()
    {
        MarketId market = await MarketAsync();
        AccountId nobody = _host.TakeAccount();
        await RefusedAsync(nobody, Limit(market, Side.Buy, "1", "100"), RejectReason.UnknownAccount);
        Assert.Null(await Gateway.ReadAccountAsync(nobody));
    }

    [Fact]
    public async Task Place_ShapeAndFilters_AreRefused()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        await RefusedAsync(account, Limit(market, Side.Buy, "0.001", "100"), RejectReason.NotionalTooSmall);
        await RefusedAsync(account, Limit(market, Side.Buy, "1", "120"), RejectReason.PriceAboveBand);
        await RefusedAsync(account, Limit(new MarketId(999), Side.Buy, "1", "100"), RejectReason.UnknownMarket);
        PlaceOrder reduce = Limit(market, Side.Sell, "1", "100", flags: OrderFlags.ReduceOnly);
        await RefusedAsync(account, reduce, RejectReason.ReduceOnlyWithoutPosition);
        await DoneAsync(account, Limit(market, Side.Buy, "1", "99", name: "twin"));
        await RefusedAsync(account, Limit(market, Side.Buy, "1", "98", name: "twin"), RejectReason.DuplicateClientOrderId);
    }

    [Fact]
    public async Task Submit_WhatIsNoCommand_Throws()
    {
        AccountId account = await AccountAsync();
        var fill = Message.Of(ActorId.Client, ActorId.Of(account), _host.TakeCommand(), new Fill());
        await Assert.ThrowsAsync<ArgumentException>(() => Gateway.SubmitAsync([fill]));
        await Assert.ThrowsAsync<ArgumentException>(() => Gateway.SubmitAsync([Message.Of(
            ActorId.Of(account), ActorId.Of(account), _host.TakeCommand(), new Deposit { Amount = Money("1") })]));
        Assert.Equal(Money("10000"), Wallet(await StateAsync(account)));
    }

    [Fact]
    public async Task Submit_SeveralCommands_AreExecutedInOrder()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        ClientOrderId.TryParse("chain", out ClientOrderId name);
        ActorId to = ActorId.Of(account);
        var amend = new AmendOrder { Market = market, ClientOrderId = name, Side = Side.Buy, Quantity = Lots("2"), Price = At("98") };
        IReadOnlyList<CommandAnswer> answers = await Gateway.SubmitAsync(
        [
            Message.Of(ActorId.Client, to, _host.TakeCommand(), Limit(market, Side.Buy, "1", "99", name: "chain")),
            Message.Of(ActorId.Client, to, _host.TakeCommand(), amend),
            Message.Of(ActorId.Client, to, _host.TakeCommand(), new CancelOrder { Market = market, ClientOrderId = name }),
        ]);
        Assert.All(answers, a => Assert.True(a.Unavailable is null && a.Refusal.IsNone, a.Refusal.ToString()));
        Assert.Contains(answers[1].Events, e => e.Kind == EventKind.OrderAmended && e.Body<OrderAmended>().Price == At("98"));
        OrderEnded ended = answers[2].Events.Single(e => e.Kind == EventKind.OrderEnded).Body<OrderEnded>();
        Assert.Equal((Lots("2"), CancelReason.ByClient), (ended.Quantity, ended.Reason));
        Assert.Empty((await Gateway.ReadDepthAsync(market, 5)).Bids);
    }

    [Fact]
    public async Task Submit_TheSameIdTwice_HasOneEffectWhereHostsRemember()
    {
        if (!_host.Features.HasFlag(HostFeatures.CommandsOnce)) return; // in one process nothing is sent twice
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        Message order = Message.Of(ActorId.Client, ActorId.Of(account), _host.TakeCommand(), Limit(market, Side.Buy, "1", "99"));
        CommandAnswer first = (await Gateway.SubmitAsync([order]))[0];
        CommandAnswer again = (await Gateway.SubmitAsync([order]))[0];
        Assert.Equal((first.Time, null), (again.Time, again.Unavailable)); // its events need not be kept: the client has them
        Assert.Single((await StateAsync(account)).Orders);
    }

    [Fact]
    public async Task Cancel_ByIdAndByName_ShowsTheOrderAsItWas()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        AccountId other = await AccountAsync();
        OrderId id = OrderOf(await DoneAsync(account, Limit(market, Side.Sell, "3", "100")));
        await DoneAsync(other, Limit(market, Side.Buy, "1", "100", TimeInForce.Ioc));
        await UntilAsync(async () => Net(await StateAsync(account), market) == Lots("-1"), "the maker has its fill");
        CanceledOrder? byId = (await Gateway.CancelOrderAsync(account, market, id, default, _host.TakeCommand())).Canceled;
        Assert.NotNull(byId);
        Assert.Equal((Lots("2"), Money("100")), (byId.Before.Leaves, byId.Before.FilledQuote));
        Assert.True(byId.Answer.Refusal.IsNone);
        await DoneAsync(account, Limit(market, Side.Sell, "1", "101", name: "named"));
        ClientOrderId.TryParse("named", out ClientOrderId name);
        Assert.NotNull((await Gateway.CancelOrderAsync(account, market, default, name, _host.TakeCommand())).Canceled);
        Assert.Empty((await StateAsync(account)).Orders);
    }

    [Fact]
    public async Task Cancel_OfWhatIsNotThere_IsNull()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        CancelAttempt none = await Gateway.CancelOrderAsync(account, market, new OrderId(77), default, _host.TakeCommand());
        Assert.Equal(new CancelAttempt(null, MayBeConditional: false), none);
        OrderId id = OrderOf(await DoneAsync(account, Limit(market, Side.Buy, "1", "99")));
        Assert.Null((await Gateway.CancelOrderAsync(account, await MarketAsync(), id, default, _host.TakeCommand())).Canceled);
        await RefusedAsync(account, new CancelOrder { Market = market, Order = new OrderId(77) }, RejectReason.UnknownOrder);
    }

    [Fact]
    public async Task CancelAll_OfOneMarket_LeavesTheOthers()
    {
        MarketId market = await MarketAsync();
        MarketId other = await MarketAsync();
        AccountId account = await AccountAsync();
        for (int i = 0; i < 5; i++) await DoneAsync(account, Limit(market, Side.Buy, "1", $"9{i + 4}"));
        await DoneAsync(account, Limit(other, Side.Buy, "1", "99"));
        await DoneAsync(account, new CancelAllOrders { Market = market, Scope = CancelScope.Orders });
        Assert.Equal(other, Assert.Single((await StateAsync(account)).Orders).Market);
        Assert.Empty((await Gateway.ReadDepthAsync(market, 10)).Bids);
    }

    [Fact]
    public async Task CancelAccountOrders_ByTheOperator_TakesThemFromTheMarketAndLeavesOthers()
    {
        MarketId market = await MarketAsync();
        MarketId elsewhere = await MarketAsync();
        AccountId account = await AccountAsync();
        AccountId other = await AccountAsync("100000");
        await TradeAsync(account, other, market, "2", "100");
        OrderId order = OrderOf(await DoneAsync(account, Limit(market, Side.Buy, "1", "95")));
        await DoneAsync(account, Limit(elsewhere, Side.Buy, "1", "95"));
        await DoneAsync(other, Limit(market, Side.Buy, "1", "94"));
        await DoneAsync(account, Stop(market, "90"));
        await DoneAsync(ActorId.Of(market), new CancelAccountOrders { Market = market, Account = account });
        await UntilAsync(async () => (await StateAsync(account)) is { Triggers.Count: 0, Orders.Count: 1 }, "the account has heard of it");
        Assert.Equal(elsewhere, (await StateAsync(account)).Orders[0].Market);
        Assert.Equal([new PriceLevel(At("94"), Lots("1"))], (await Gateway.ReadDepthAsync(market, 10)).Bids);
        await UntilAsync(async () => (await _host.History.OrderAsync(account, order, default, ""))?.Reason == CancelReason.ByOperator, "so has history");
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => AskAsync(ActorId.Of(market), new CancelAccountOrders { Market = market, Account = AccountId.House }));
    }

    [Fact]
    public async Task Trigger_RestsFiresAndCloses()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        AccountId other = await AccountAsync("100000");
        await TradeAsync(account, other, market, "2", "100");
        await DoneAsync(other, Limit(market, Side.Buy, "5", "96"));
        await DoneAsync(account, Stop(market, "97"));
        OpenTriggerSnapshot waits = Assert.Single((await StateAsync(account)).Triggers);
        Assert.Equal(At("97"), waits.TriggerPrice);
        await IndexAsync(market, "96.5");
        await UntilAsync(async () => Net(await StateAsync(account), market).IsZero, "the stop has closed the position");
        Assert.Empty((await StateAsync(account)).Triggers);
        TriggerRecord? row = await _host.History.TriggerAsync(account, waits.Id, "");
        Assert.Equal((AlgoStatus.Triggered, true), (row?.Status, row?.Order.Value > 0));
    }

    [Fact]
    public async Task Trigger_Cancelled_NeverFires()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        AccountId other = await AccountAsync("100000");
        await TradeAsync(account, other, market, "2", "100");
        await DoneAsync(account, Stop(market, "97"));
        AlgoId algo = Assert.Single((await StateAsync(account)).Triggers).Id;
        CancelAttempt missed = await Gateway.CancelOrderAsync(account, market, new OrderId(77), default, _host.TakeCommand());
        Assert.Equal(new CancelAttempt(null, MayBeConditional: true), missed);
        await DoneAsync(account, new CancelTrigger { Market = market, Algo = algo });
        await IndexAsync(market, "96.5");
        Assert.Equal(Lots("2"), Net(await StateAsync(account), market));
        Assert.Equal(AlgoStatus.Canceled, (await _host.History.TriggerAsync(account, algo, ""))?.Status);
    }

    private static PlaceOrder Stop(MarketId market, string trigger) => new()
    {
        Market = market,
        Side = Side.Sell,
        Type = OrderType.StopMarket,
        TimeInForce = TimeInForce.Gtc,
        Quantity = Lots("2"),
        TriggerPrice = At(trigger),
        TriggerSource = TriggerSource.Mark,
        Flags = OrderFlags.ReduceOnly,
    };
}
