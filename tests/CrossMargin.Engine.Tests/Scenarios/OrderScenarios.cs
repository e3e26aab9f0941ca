using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>Orders of all kinds from end to end, in traders' words.</summary>
public sealed class OrderScenarios
{
    private const string Two = """
        account alice 10000 maker 0 taker 0
        account bob 10000 maker 0 taker 0
        price AAAUSDT 100

        """;

    [Fact]
    public void Trap15_TimesInForce() => ScenarioTable.Run(Two + """
        bob sell AAAUSDT 2 @ 100
        alice buy AAAUSDT 3 @ 100 fok -> refused FillOrKillNotFillable 2000 3000
        alice buy AAAUSDT 1 @ 100 gtx -> refused WouldCross 10000000 10000000
        alice buy AAAUSDT 3 @ 100 ioc -> filled 2 @ 100
        expect alice orders 0
        alice buy AAAUSDT 1 @ 99 gtx -> accepted
        expect alice orders 1
        alice buy AAAUSDT 1 @ 98 gtd 5000 -> accepted
        wait 4999
        expect alice orders 2
        wait 1
        expect alice orders 1
        """);

    [Fact]
    public void Trap17_SelfTradePrevention_TheIncomingOrdersModeDecides() => ScenarioTable.Run(Two + """
        alice sell AAAUSDT 1 @ 100 stp both as a
        bob sell AAAUSDT 1 @ 100
        alice buy AAAUSDT 1 @ 100 ioc stp taker -> ended ExpiredInMatch SelfTrade
        expect alice orders 1
        alice buy AAAUSDT 1 @ 100 ioc stp maker -> filled 1 @ 100      # bob's
        expect alice orders 0
        expect alice position AAAUSDT 1
        """);

    /// <summary>Smaller at the same price keeps its place; larger loses it.</summary>
    [Fact]
    public void Amend_KeepsPriorityOnlyWhenItMay() => ScenarioTable.Run(Two + """
        account carol 10000 maker 0 taker 0
        alice buy AAAUSDT 5 @ 99 as a
        bob buy AAAUSDT 5 @ 99 as b
        alice amend a 4 @ 99
        carol sell AAAUSDT 4 @ 99 ioc
        expect alice position AAAUSDT 4
        alice buy AAAUSDT 5 @ 98 as c
        bob buy AAAUSDT 5 @ 98 as d
        alice amend c 6 @ 98
        carol sell AAAUSDT 5 @ 99 ioc                                  # bob's 5 at 99
        carol sell AAAUSDT 5 @ 98 ioc
        expect bob position AAAUSDT 10
        expect alice position AAAUSDT 4
        """);

    [Fact]
    public void Trap14_ReduceOnly_IsCutNewestFirst_AndNeverFlips() => ScenarioTable.Run(Two + """
        account carol 10000 maker 0 taker 0
        alice buy AAAUSDT 5 @ 100
        bob sell AAAUSDT 5 @ 100 ioc
        alice sell AAAUSDT 3 @ 101 reduce as a
        alice sell AAAUSDT 3 @ 102 reduce as b                         # cut to 2 at once
        carol buy AAAUSDT 4 @ 100
        alice sell AAAUSDT 4 market reduce -> filled 4 @ 100           # leaves 1: b goes, a is cut
        expect alice orders 1
        carol buy AAAUSDT 3 @ 101
        expect alice position AAAUSDT 0
        expect alice orders 0
        """);

    [Fact]
    public void Trap16_Triggers_FireOnTheirSource_AGapStillFires() => ScenarioTable.Run(Two + """
        account carol 100000 maker 0 taker 0
        alice buy AAAUSDT 5 @ 100
        bob sell AAAUSDT 5 @ 100 ioc
        carol buy AAAUSDT 1 @ 97.5
        carol buy AAAUSDT 20 @ 92
        alice stop-market sell AAAUSDT 1 at 97
        alice stop sell AAAUSDT 1 at 97 @ 96 last
        price AAAUSDT 95                                               # past 97 in one jump; sold at 97.5, now the last price
        expect alice position AAAUSDT 4
        expect alice triggers 1
        bob sell AAAUSDT 1 @ 92 ioc                                    # last 92
        expect alice triggers 0
        expect alice orders 1                                          # a limit at 96 waits
        alice take-profit-market sell AAAUSDT 0 at 98
        carol buy AAAUSDT 20 @ 97
        price AAAUSDT 99
        expect alice position AAAUSDT 0
        expect alice orders 0
        """);

    /// <summary>A trailing stop of 2 % from the highest mark: 105 × 0.98 = 102.9.</summary>
    [Fact]
    public void TrailingStop_FollowsTheHighestMark() => ScenarioTable.Run(Two + """
        account carol 100000 maker 0 taker 0
        alice buy AAAUSDT 5 @ 100
        bob sell AAAUSDT 5 @ 100 ioc
        alice trailing sell AAAUSDT 5 callback 0.02
        price AAAUSDT 105
        price AAAUSDT 103
        expect alice position AAAUSDT 5
        carol buy AAAUSDT 5 @ 102
        price AAAUSDT 102.9
        expect alice position AAAUSDT 0
        expect alice wallet 10010
        """);

    [Fact]
    public void ClosePosition_WithoutAPosition_IsRefusedWhenItFires() => ScenarioTable.Run(Two + """
        alice stop-market sell AAAUSDT 0 at 97
        price AAAUSDT 96
        expect alice triggers 0
        expect alice position AAAUSDT 0
        expect alice orders 0
        """);

    [Fact]
    public void Countdown_CancelsUnlessRenewed() => ScenarioTable.Run(Two + """
        alice buy AAAUSDT 1 @ 95
        alice stop-market buy AAAUSDT 1 at 110
        alice countdown AAAUSDT 5000
        wait 4000
        alice countdown AAAUSDT 5000
        wait 4000
        expect alice orders 1
        wait 1000
        expect alice orders 0
        expect alice triggers 0
        alice countdown AAAUSDT 31622400001 -> refused InvalidAmount 31622400000 31622400001
        """);

    [Fact]
    public void HedgeMode_BothLegsLive_ClosingNeedsNoFlag() => ScenarioTable.Run(Two + """
        alice hedge
        bob buy AAAUSDT 3 @ 100
        alice sell AAAUSDT 3 @ 100 ioc short -> filled 3 @ 100
        bob sell AAAUSDT 5 @ 100
        alice buy AAAUSDT 5 @ 100 ioc long -> filled 5 @ 100
        expect alice position AAAUSDT 5 long
        expect alice position AAAUSDT -3 short
        alice buy AAAUSDT 1 @ 100 -> refused PositionSideMismatch 1 0
        bob sell AAAUSDT 9 @ 100
        alice buy AAAUSDT 9 @ 100 ioc short -> filled 3 @ 100           # a buy on the short leg only closes
        expect alice position AAAUSDT 0 short
        alice oneway -> refused PositionExists 0 5000
        """);

    /// <summary>Equity 10.05 pays for 1 at leverage 20 up to 104.7: 5.235 + 4.7 + 0.0523. The take bound is 105.</summary>
    [Fact]
    public void MarketOrder_NeverBeyondItsBound() => ScenarioTable.Run("""
        account alice 10.05
        account bob 10000 maker 0 taker 0
        price AAAUSDT 100
        bob sell AAAUSDT 0.5 @ 104.7
        bob sell AAAUSDT 0.5 @ 104.8
        alice buy AAAUSDT 1 market -> filled 0.5 @ 104.7
        expect alice position AAAUSDT 0.5
        """);

    [Fact]
    public void HaltedMarket_TakesCancelsOnly() => ScenarioTable.Run(Two + """
        alice buy AAAUSDT 1 @ 99 as a
        halt AAAUSDT
        alice buy AAAUSDT 1 @ 99 -> refused MarketHalted
        alice amend a 2 @ 99 -> refused MarketHalted
        alice cancel a -> accepted
        expect alice orders 0
        resume AAAUSDT
        alice buy AAAUSDT 1 @ 99 -> accepted
        """);
}
