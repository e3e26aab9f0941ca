using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Pricing;
using CrossMargin.Model;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>What the operator changes of a market. AAAUSDT has leverages 100, 50, 20 in tiers from 0, 50,000 and 250,000.</summary>
public sealed class OperatorScenarios
{
    private const string Start = """
        price AAAUSDT 100
        account alice 100000 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        """;

    private const string House = """{"markets":{"AAAUSDT":{"house":{"enabled":true}}}}""";

    [Fact]
    public void Brackets_Lowered_BindNewOrdersAndLeverage_AndTouchNoPosition()
    {
        TestExchange x = ScenarioTable.Run(Start + """

            alice leverage AAAUSDT 50
            bob leverage AAAUSDT 20
            alice buy AAAUSDT 600 @ 100
            bob sell AAAUSDT 600 @ 100 ioc
            """);
        AccountFigures before = AccountMarginOf(x, "alice");
        x.ToMarket("AAAUSDT", Brackets(x, "150000", 20, 10, 5));
        Assert.Equal(before, AccountMarginOf(x, "alice"));
        LeverageBracketsChanged told = Assert.Single(x.Of<LeverageBracketsChanged>());
        Assert.Equal((TestExchange.Money("150000"), 3, 10), (told.Cap, told.Count, (int)told.MaxLeverage[1]));
        MarketView view = x.Actors.View(x.Spec("AAAUSDT").Id);
        Assert.Equal((20, 10, 5, TestExchange.Money("150000")), (view.MaxLeverage(0), view.MaxLeverage(1), view.MaxLeverage(2), view.PositionCap));
        new ScenarioTable(x).Play("""
            expect alice position AAAUSDT 600
            alice buy AAAUSDT 1 @ 100 -> refused NotionalAboveTierLimit 0 6010000000000     # leverage 50 is allowed nowhere now
            alice sell AAAUSDT 600 @ 101 reduce                                             # closing is no new risk
            alice cancel-all
            alice leverage AAAUSDT 21 -> refused InvalidLeverage 20 21
            alice leverage AAAUSDT 11 -> refused LeverageTooHighForNotional 4999999999999 6000000000000
            alice leverage AAAUSDT 10
            alice buy AAAUSDT 899.999 @ 100
            alice buy AAAUSDT 0.1 @ 100 -> refused NotionalAboveTierLimit 15000000000000 15000990000000
            """);
    }

    [Fact]
    public void Brackets_Survive_InTheMarketAndAtTheNode()
    {
        TestExchange x = ScenarioTable.Run(Start);
        x.ToMarket("AAAUSDT", Brackets(x, "60000", 10, 10, 10));
        var writer = new StateWriter();
        x.Actors.Prices.Write(writer);
        var prices = new PriceTable(x.Profile.Markets.Count);
        prices.Read(new StateReader(writer.WrittenMemory));
        LeverageBrackets read = prices.Brackets(x.Spec("AAAUSDT").Id)!;
        Assert.Equal((10, 3, TestExchange.Money("60000")), (read[2], read.Count, read.Cap));
        Assert.Null(prices.Brackets(x.Spec("BBBUSDT").Id));
        writer.Clear();
        x.Actors.Markets[0].Write(writer);
        var market = new MarketActor(x.Spec("AAAUSDT"), x.Profile);
        market.Read(new StateReader(writer.WrittenMemory));
        Assert.Equal((10, TestExchange.Money("60000")), (market.View.MaxLeverage(0), market.View.PositionCap));
    }

    [Fact]
    public void Brackets_OlderTick_IsIgnored()
    {
        TestExchange x = ScenarioTable.Run(Start);
        x.ToMarket("AAAUSDT", Brackets(x, "60000", 10, 10, 10));
        x.ToMarket("AAAUSDT", Brackets(x, "70000", 30, 20, 10));
        var old = new BracketsTick { Sequence = 1, Market = x.Spec("AAAUSDT").Id, Count = 3, Cap = new Amount(1) };
        x.Actors.Prices.Inform(Message.Of(ActorId.Of(x.Spec("AAAUSDT").Id), ActorId.Monitor, default, old));
        Assert.Equal(30, x.Actors.Prices.Brackets(x.Spec("AAAUSDT").Id)![0]);
    }

    [Theory]
    [InlineData(2, "1", 20, 10, 5, RejectReason.InvalidBrackets)]
    [InlineData(17, "1", 20, 10, 5, RejectReason.InvalidBrackets)]
    [InlineData(3, "1", 20, 21, 5, RejectReason.InvalidLeverage)] // rises
    [InlineData(3, "1", 20, 10, 0, RejectReason.InvalidLeverage)]
    [InlineData(3, "1", 1001, 10, 5, RejectReason.InvalidLeverage)]
    [InlineData(3, "0", 20, 10, 5, RejectReason.InvalidAmount)]
    [InlineData(3, "-1", 20, 10, 5, RejectReason.InvalidAmount)]
    [InlineData(3, "10000000000.00000001", 20, 10, 5, RejectReason.InvalidAmount)]
    [InlineData(3, "1", 1000, 1000, 1, RejectReason.None)]
    public void Brackets_OutOfRange_AreRefusedAndChangeNothing(int count, string cap, int first, int second, int third, RejectReason reason)
    {
        TestExchange x = ScenarioTable.Run(Start);
        x.ToMarket("AAAUSDT", Brackets(x, cap, first, second, third) with { Count = count });
        List<MarketCommandRefused> refused = x.Of<MarketCommandRefused>();
        Assert.Equal(reason == RejectReason.None ? 0 : 1, refused.Count);
        if (reason == RejectReason.None) return;
        Assert.Equal((reason, MessageKind.SetLeverageBrackets), (refused[0].Refusal.Reason, refused[0].Command));
        Assert.Null(x.Actors.Prices.Brackets(x.Spec("AAAUSDT").Id));
        Assert.Equal(100, x.Actors.View(x.Spec("AAAUSDT").Id).MaxLeverage(0));
    }

    [Fact]
    public void House_SwitchedOffAndOn_QuotesVanishAndComeBack()
    {
        TestExchange x = ScenarioTable.Run(Start, House);
        MarketView view = x.Actors.View(x.Spec("AAAUSDT").Id);
        Assert.False(view.BestAsk.Price.IsNone);
        x.ToMarket("AAAUSDT", Settings(x) with { Enabled = false });
        Assert.True(view.BestAsk.Price.IsNone && view.BestBid.Price.IsNone);
        Assert.False(view.House.Enabled);
        x.ToMarket("AAAUSDT", Settings(x));
        DepthLevel[] asks = new DepthLevel[5];
        Assert.Equal(2, view.Depth(Side.Sell, asks)); // 1 % and 3 % above 100; 500 and, grown by half, 750 at the index
        Assert.Equal(["101 5", "103 7.5"], asks[..2].Select(l => $"{view.Spec.Format(l.Price)} {view.Spec.Format(l.Quantity)}"));
        Assert.Equal(2, x.Of<HouseChanged>().Count);
    }

    [Fact]
    public void House_NewSettings_LeaveTakenWhatWasTaken()
    {
        TestExchange x = ScenarioTable.Run(Start, House);
        x.ToMarket("AAAUSDT", Settings(x));
        x.BuyMarket("alice", "AAAUSDT", "2");
        MarketView view = x.Actors.View(x.Spec("AAAUSDT").Id);
        Assert.Equal(x.Q("AAAUSDT", "3"), view.BestAsk.Quantity);
        x.ToMarket("AAAUSDT", Settings(x) with { RefillMilliseconds = 20_000, DepthNotional = TestExchange.Money("1000") });
        Assert.Equal(x.Q("AAAUSDT", "8"), view.BestAsk.Quantity); // 10 less the 2
        x.Wait(2_000);
        Assert.Equal(x.Q("AAAUSDT", "9"), view.BestAsk.Quantity); // a tenth of 10 in a tenth of the time
    }

    [Fact]
    public void House_QuotesThatReachARestingOrder_TakeIt()
    {
        TestExchange x = ScenarioTable.Run(Start + "\nalice buy AAAUSDT 1 @ 99.5");
        x.ToMarket("AAAUSDT", Settings(x) with { HalfSpread = new Rate(1) });
        Assert.Empty(x.Of<OrderFilled>("alice"));
        new ScenarioTable(x).Play("price AAAUSDT 99.4\nexpect alice position AAAUSDT 1");
    }

    [Fact]
    public void House_Settings_SurviveWithWhatWasTaken()
    {
        TestExchange x = ScenarioTable.Run(Start, House);
        x.ToMarket("AAAUSDT", Settings(x));
        x.BuyMarket("alice", "AAAUSDT", "2");
        var writer = new StateWriter();
        x.Actors.Markets[0].Write(writer);
        var market = new MarketActor(x.Spec("AAAUSDT"), x.Profile);
        market.Read(new StateReader(writer.WrittenMemory));
        Assert.Equal(x.Actors.View(x.Spec("AAAUSDT").Id).House, market.View.House);
        Assert.Equal(x.Q("AAAUSDT", "3"), market.View.BestAsk.Quantity);
    }

    [Fact]
    public void House_OutOfRange_IsRefusedAndChangesNothing()
    {
        TestExchange x = ScenarioTable.Run(Start, House);
        HouseSpec before = x.Actors.View(x.Spec("AAAUSDT").Id).House;
        SetHouse good = Settings(x);
        SetHouse[] bad =
        [
            good with { Levels = 0 }, good with { Levels = 101 }, good with { HalfSpread = Rate.Zero }, good with { LevelStep = Rate.Zero },
            good with { LevelStep = new Rate(long.MaxValue) }, good with { Levels = 50, LevelStep = new Rate(Rate.One / 50) },
            good with { LevelGrowth = new Rate(-1) }, good with { DepthNotional = new Amount(-1) }, good with { VolumeShare = new Rate(-1) },
            good with { DepthNotional = new Amount(long.MaxValue) }, good with { RefillMilliseconds = 0 },
            good with { RefillMilliseconds = 86_400_001 }, good with { Enabled = new Flag(2) },
        ];
        foreach (SetHouse settings in bad) x.ToMarket("AAAUSDT", settings);
        Assert.Equal(bad.Length, x.Of<MarketCommandRefused>().Count(r => r.Refusal.Reason == RejectReason.InvalidHouse));
        Assert.Equal(before, x.Actors.View(x.Spec("AAAUSDT").Id).House);
    }

    [Fact]
    public void EveryCommandToAMarket_IsAnswered()
    {
        TestExchange x = ScenarioTable.Run(Start);
        MarketId market = x.Spec("AAAUSDT").Id;
        x.ToMarket("AAAUSDT", new SetMarketStatus { Market = market, Status = MarketStatus.Trading });
        Assert.Equal(RejectReason.NothingToChange, x.Events[0].Body<MarketCommandRefused>().Refusal.Reason);
        x.ToMarket("AAAUSDT", new SetMarketStatus { Market = market, Status = (MarketStatus)9 });
        Assert.Equal(RejectReason.InvalidType, x.Events[0].Body<MarketCommandRefused>().Refusal.Reason);
        x.ToMarket("AAAUSDT", new SetMarketStatus { Market = market, Status = MarketStatus.Halted });
        Assert.Contains(x.Events, e => e.Kind == EventKind.MarketStatusChanged);
        x.ToMarket("AAAUSDT", new SettleFunding { Market = market, Rate = new Rate(long.MaxValue) });
        Assert.Equal(RejectReason.InvalidAmount, x.Events[0].Body<MarketCommandRefused>().Refusal.Reason);
        x.ToMarket("AAAUSDT", new SettleFunding { Market = market, Rate = new Rate(Rate.One) });
        Assert.Contains(x.Events, e => e.Kind == EventKind.FundingSettled);
        x.ToMarket("BBBUSDT", new SettleFunding { Market = x.Spec("BBBUSDT").Id, Rate = Rate.Zero });
        Assert.Contains(x.Events, e => e.Kind == EventKind.FundingSkipped); // it has no price yet
    }

    private static AccountFigures AccountMarginOf(TestExchange x, string name) =>
        AccountMargin.Figures(x.State(name), x.Actors.Prices);

    private static SetLeverageBrackets Brackets(TestExchange x, string cap, params ReadOnlySpan<int> leverages)
    {
        var command = new SetLeverageBrackets { Market = x.Spec("AAAUSDT").Id, Count = leverages.Length, Cap = TestExchange.Money(cap) };
        for (int i = 0; i < leverages.Length; i++) command.MaxLeverage[i] = (ushort)leverages[i];
        return command;
    }

    private static SetHouse Settings(TestExchange x) => new()
    {
        Market = x.Spec("AAAUSDT").Id,
        Enabled = true,
        Levels = 2,
        HalfSpread = new Rate(Rate.One / 100),
        LevelStep = new Rate(Rate.One / 50),
        LevelGrowth = new Rate(Rate.One / 2),
        DepthNotional = TestExchange.Money("500"),
        RefillMilliseconds = 10_000,
    };
}
