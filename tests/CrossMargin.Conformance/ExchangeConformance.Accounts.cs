using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Conformance;

// Money, leverage, modes, the operator's hand on accounts and markets.
public abstract partial class ExchangeConformance
{
    [Fact]
    public async Task Deposit_And_Withdraw_MoveTheWallet()
    {
        AccountId account = await AccountAsync("100");
        await DoneAsync(account, new Withdraw { Amount = Money("40") });
        Assert.Equal((Money("60"), Money("60")), (Wallet(await StateAsync(account)), (await StateAsync(account)).Withdrawable));
        await RefusedAsync(account, new Withdraw { Amount = Money("60.00000001") }, RejectReason.BalanceInsufficient);
        await RefusedAsync(account, new Deposit { Amount = Money("-1") }, RejectReason.InvalidAmount);
        Assert.Equal(Money("60"), Wallet(await StateAsync(account)));
    }

    [Fact]
    public async Task Open_Twice_IsRefused()
    {
        AccountId account = await AccountAsync();
        await RefusedAsync(account, new OpenAccount { MakerFee = Profile.MakerFee, TakerFee = Profile.TakerFee }, RejectReason.AccountExists);
    }

    [Fact]
    public async Task Leverage_DecidesWhatAnOrderReserves()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        await DoneAsync(account, new SetLeverage { Market = market, Leverage = 5 });
        await DoneAsync(account, Limit(market, Side.Buy, "10", "100"));
        AccountSnapshot state = await StateAsync(account);
        Assert.Equal(5, state.Markets[market.Value - 1].Leverage);
        Assert.Equal(Money("200"), state.OrderInitial);
        await RefusedAsync(account, new SetLeverage { Market = market, Leverage = 101 }, RejectReason.InvalidLeverage);
    }

    [Fact]
    public async Task Isolated_TakesAndGivesMargin()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        AccountId other = await AccountAsync();
        await DoneAsync(account, new SetMarginMode { Market = market, Mode = MarginMode.Isolated });
        await TradeAsync(account, other, market, "10", "100");
        LegSnapshot leg = Assert.Single((await StateAsync(account)).Legs);
        Assert.Equal(MarginMode.Isolated, leg.Mode);
        Assert.True(leg.IsolatedWallet > Money("49") && leg.IsolatedWallet <= Money("50"), leg.IsolatedWallet.ToString());
        await DoneAsync(account, new AdjustIsolatedMargin { Market = market, Amount = Money("25") });
        Assert.Equal(leg.IsolatedWallet + Money("25"), Assert.Single((await StateAsync(account)).Legs).IsolatedWallet);
        Assert.Equal(Money("25"), (await _host.History.MarginChangesAsync(account, market, HistoryPage.Last(10)))[^1].Change);
        await RefusedAsync(account, new SetMarginMode { Market = market, Mode = MarginMode.Cross }, RejectReason.PositionExists);
    }

    [Fact]
    public async Task Hedge_KeepsTwoLegs()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        AccountId other = await AccountAsync();
        await DoneAsync(account, new SetPositionMode { Hedge = true });
        await DoneAsync(account, Limit(market, Side.Buy, "2", "100", leg: PositionSide.Long));
        await DoneAsync(account, Limit(market, Side.Sell, "1", "101", leg: PositionSide.Short));
        await DoneAsync(other, Limit(market, Side.Sell, "2", "100", TimeInForce.Ioc));
        await DoneAsync(other, Limit(market, Side.Buy, "1", "101", TimeInForce.Ioc));
        await UntilAsync(async () => (await StateAsync(account)).Legs.Count(l => !l.Quantity.IsZero) == 2, "both legs are there");
        IReadOnlyList<LegSnapshot> legs = (await StateAsync(account)).Legs;
        Assert.Equal(Lots("2"), legs.Single(l => l.Side == PositionSide.Long).Quantity);
        Assert.Equal(Lots("-1"), legs.Single(l => l.Side == PositionSide.Short).Quantity);
        await RefusedAsync(account, Limit(market, Side.Buy, "1", "100"), RejectReason.PositionSideMismatch);
    }

    [Fact]
    public async Task Freeze_LetsNoRiskIn()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        OrderId order = OrderOf(await DoneAsync(account, Limit(market, Side.Buy, "1", "99")));
        await DoneAsync(account, new FreezeAccount { Frozen = true });
        Assert.True((await StateAsync(account)).IsFrozen);
        await RefusedAsync(account, Limit(market, Side.Buy, "1", "98"), RejectReason.AccountFrozen);
        await RefusedAsync(account, new Withdraw { Amount = Money("1") }, RejectReason.AccountFrozen);
        await DoneAsync(account, new CancelOrder { Market = market, Order = order });
        await DoneAsync(account, new FreezeAccount { Frozen = false });
        await DoneAsync(account, Limit(market, Side.Buy, "1", "98"));
    }

    [Fact]
    public async Task Halt_StopsOrdersNotCancels()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        OrderId rests = OrderOf(await DoneAsync(account, Limit(market, Side.Buy, "1", "99")));
        await DoneAsync(ActorId.Of(market), new SetMarketStatus { Market = market, Status = MarketStatus.Halted });
        Assert.Equal(MarketStatus.Halted, (await Gateway.ReadMarketAsync(market)).Status);
        CommandAnswer answer = await AskAsync(account, Limit(market, Side.Buy, "1", "98"));
        Assert.True(Reasons(answer).Contains(RejectReason.MarketHalted), string.Join(",", Reasons(answer)));
        Assert.NotNull((await Gateway.CancelOrderAsync(account, market, rests, default, _host.TakeCommand())).Canceled);
        await DoneAsync(ActorId.Of(market), new SetMarketStatus { Market = market, Status = MarketStatus.Trading });
        await DoneAsync(account, Limit(market, Side.Buy, "1", "98"));
    }

    [Fact]
    public async Task Brackets_HoldForNewRisk()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        TierTable own = Profile[market].Tiers;
        var brackets = new SetLeverageBrackets { Market = market, Count = own.Count, Cap = own.Cap };
        for (int i = 0; i < own.Count; i++) brackets.MaxLeverage[i] = (ushort)10;
        await DoneAsync(ActorId.Of(market), brackets);
        Assert.Equal(10, (await Gateway.ReadMarketAsync(market)).Tiers[0].MaxLeverage);
        await UntilAsync(
            async () => (await AskAsync(account, new SetLeverage { Market = market, Leverage = 15 })).Refusal.Reason == RejectReason.InvalidLeverage,
            "the account's node knows the new brackets");
    }

    [Fact]
    public async Task House_QuotesWhenItIsTurnedOn()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        await HouseAsync(market);
        MarketDepth depth = await Gateway.ReadDepthAsync(market, 5);
        Assert.True(depth.Bids.Count > 0 && depth.Asks.Count > 0);
        await DoneAsync(account, Limit(market, Side.Buy, "1", "101", TimeInForce.Ioc));
        Assert.Equal(Lots("1"), Net(await StateAsync(account), market));
        Assert.Equal(Lots("-1"), (await Gateway.ReadMarketAsync(market)).HouseQuantity);
    }

    [Fact]
    public async Task Funding_IsPaidFromLongsToShorts()
    {
        MarketId market = await MarketAsync();
        AccountId buyer = await AccountAsync();
        AccountId seller = await AccountAsync();
        await TradeAsync(buyer, seller, market, "10", "100");
        Amount before = Book(await StateAsync(buyer)) + Book(await StateAsync(seller));
        Price mark = (await Gateway.ReadMarketAsync(market)).Mark;
        Rate rate = new(Rate.One / 1000);
        await DoneAsync(ActorId.Of(market), new SettleFunding { Market = market, Rate = rate });
        await UntilAsync(async () => (await FundingOfAsync(buyer, market)).Count == 1 && (await FundingOfAsync(seller, market)).Count == 1, "both are told");
        Amount owed = rate.OfUp(Profile[market].Notional(mark, Lots("10")));
        Assert.Equal(-owed, (await FundingOfAsync(buyer, market))[0].Income);
        Amount received = (await FundingOfAsync(seller, market))[0].Income;
        Assert.True(received <= owed && received >= owed - new Amount(1), $"{received} of {owed}");
        Assert.Equal(before - owed + received, Book(await StateAsync(buyer)) + Book(await StateAsync(seller)));
        FundingRecord row = Assert.Single(await _host.History.FundingAsync(market, HistoryPage.Last(10)));
        Assert.Equal((rate, mark, false), (row.Rate, row.Mark, row.Skipped));
    }

    [Fact]
    public async Task Markets_AreReadInOrder()
    {
        MarketId market = await MarketAsync("123.4");
        IReadOnlyList<MarketSnapshot> all = await Gateway.ReadMarketsAsync();
        Assert.Equal(Profile.Markets.Select(m => m.Id), all.Select(m => m.Market));
        MarketSnapshot own = all[market.Value - 1];
        Assert.Equal((At("123.4"), At("123.4"), PauseReason.None), (own.Index, own.Mark, own.Pause));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Gateway.ReadMarketAsync(new MarketId(9_999)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Gateway.ReadDepthAsync(market, 0));
    }

    private async Task<IReadOnlyList<IncomeRecord>> FundingOfAsync(AccountId account, MarketId market) =>
        await _host.History.IncomeAsync(account, market, [BalanceReason.Funding], HistoryPage.Last(10));

    private Task HouseAsync(MarketId market) => DoneAsync(ActorId.Of(market), new SetHouse
    {
        Market = market,
        Enabled = true,
        Levels = 5,
        HalfSpread = new Rate(Rate.One / 1000),
        LevelStep = new Rate(Rate.One / 1000),
        LevelGrowth = new Rate(Rate.One / 2),
        DepthNotional = Money("100000"),
        VolumeShare = new Rate(Rate.One / 4),
        RefillMilliseconds = 10_000,
    });

    private static List<RejectReason> Reasons(CommandAnswer answer)
    {
        List<RejectReason> reasons = [answer.Refusal.Reason];
        foreach (Event e in answer.Events)
        {
            if (e.Kind == EventKind.OrderEnded) reasons.Add(e.Body<OrderEnded>().Refusal.Reason);
        }

        return reasons;
    }
}
