using CrossMargin.Engine.Accounts;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>Funding, collateral, isolated margin, transfers: figures by hand, exact to 1e-8.</summary>
public sealed class MoneyScenarios
{
    /// <summary>
    /// Mark 100.1, rate 0.00012345. alice, long 0.003: 0.000037072035 owed, up: 0.00003708. bob, short 0.001: 0.000012357345, down:
    /// 0.00001235. carol, short 0.002: 0.00002471469, down: 0.00002471. The difference of 0.00000002 is dust.
    /// </summary>
    [Fact]
    public void Trap34_Funding_PayersUpReceiversDownTheRestIsDust() => ScenarioTable.Run("""
        account alice 100 maker 0 taker 0
        account bob 100 maker 0 taker 0
        account carol 100 maker 0 taker 0
        price AAAUSDT 100.1
        alice buy AAAUSDT 0.003 @ 100.1
        bob sell AAAUSDT 0.001 @ 100.1 ioc -> filled 0.001 @ 100.1
        carol sell AAAUSDT 0.002 @ 100.1 ioc -> filled 0.002 @ 100.1
        funding AAAUSDT 0.00012345
        expect alice wallet 99.99996292
        expect bob wallet 100.00001235
        expect carol wallet 100.00002471
        expect dust AAAUSDT 0.00000002
        """, """{"defaults":{"minNotional":"0"}}""");

    /// <summary>Funding alone liquidates: 1 % of 10,000 leaves 200 − 100 − 60 = 40 of equity against 49.7 at 99.4 (trap 33).</summary>
    [Fact]
    public void Trap33_FundingThenJudgement() => ScenarioTable.Run("""
        account alice 200 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 100
        alice buy AAAUSDT 100 @ 100
        bob sell AAAUSDT 100 @ 100 ioc -> filled 100 @ 100
        price AAAUSDT 99.4
        expect alice position AAAUSDT 100
        funding AAAUSDT 0.01
        expect alice position AAAUSDT 0
        expect alice wallet 0
        expect fund position AAAUSDT 100
        """);

    /// <summary>
    /// 12 AAA at 100 count 10 × 95 % + 2 × 90 % = 1,130 (trap 9). A loss of 20 in BBB passes the limit of 10: 20 / (100 × 0.99) is sold, up to
    /// 0.20202021, for 20.00000079.
    /// </summary>
    [Fact]
    public void Trap09_Collateral_CountsBySliceAndIsSoldWhenTheDebtIsTooLarge() => ScenarioTable.Run("""
        account alice 0 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        price BBBUSDT 40
        alice deposit 12 asset 1
        expect alice equity 1130
        alice buy BBBUSDT 20 @ 40
        bob sell BBBUSDT 20 @ 40 ioc -> filled 20 @ 40
        price BBBUSDT 39
        expect alice wallet 0
        alice sell BBBUSDT 20 @ 39
        bob buy BBBUSDT 20 @ 39 ioc -> filled 20 @ 39
        expect alice wallet 0.00000079
        alice withdraw 11.79797979 asset 1 -> accepted
        alice withdraw 0.00000001 asset 1 -> refused BalanceInsufficient 0 1
        """, """{"collateral":{"enabled":true,"sellBelow":"-10"}}""");

    /// <summary>A debt without a position is still a debt: when the collateral's price no longer covers it, it is sold.</summary>
    [Fact]
    public void Trap07_DebtCoveredByCollateralAlone_IsWatchedWithoutAPosition() => ScenarioTable.Run("""
        account alice 0 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        price BBBUSDT 40
        alice deposit 1 asset 1
        alice leverage BBBUSDT 50
        alice buy BBBUSDT 80 @ 40
        bob sell BBBUSDT 80 @ 40 ioc -> filled 80 @ 40
        alice sell BBBUSDT 80 @ 39.1 reduce
        price BBBUSDT 39.1
        bob buy BBBUSDT 80 @ 39.1 ioc -> filled 80 @ 39.1
        expect alice position BBBUSDT 0
        expect alice wallet -72
        price AAAUSDT 85                                # 85 x 95 % still covers 72
        expect alice wallet -72
        price AAAUSDT 75                                # 75 x 95 % = 71.25 does not: 72 / 74.25 is sold
        expect alice wallet 0.00000002
        """, """{"collateral":{"enabled":true,"sellBelow":"-10000"}}""");

    /// <summary>
    /// A wild index of the collateral, 100 to 75, liquidates nobody who trades elsewhere: the debt of 72 is covered by nothing less than 75.79,
    /// but nothing is sold or withdrawn until the price is trusted.
    /// </summary>
    [Fact]
    public void WildCollateralPrice_HoldsSaleAndWithdrawal_UntilItIsTrusted() => ScenarioTable.Run("""
        account alice 0 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        price BBBUSDT 40
        alice deposit 1 asset 1
        alice leverage BBBUSDT 50
        alice buy BBBUSDT 80 @ 40
        bob sell BBBUSDT 80 @ 40 ioc -> filled 80 @ 40
        alice sell BBBUSDT 80 @ 39.1 reduce
        price BBBUSDT 39.1
        bob buy BBBUSDT 80 @ 39.1 ioc -> filled 80 @ 39.1
        price AAAUSDT 75
        expect alice wallet -72
        alice withdraw 0.1 asset 1 -> refused PriceUnavailable 1 2
        skip 5000
        price AAAUSDT 75
        expect alice wallet 0.00000002
        """, """{"collateral":{"enabled":true,"sellBelow":"-10000"}}""");

    /// <summary>Half of a profit counts, a loss whole.</summary>
    [Fact]
    public void Trap10_PartialProfitCounting_PerPosition() => ScenarioTable.Run("""
        account alice 1000 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        price BBBUSDT 40
        alice buy AAAUSDT 100 @ 100
        bob sell AAAUSDT 100 @ 100 ioc
        alice buy BBBUSDT 100 @ 40
        bob sell BBBUSDT 100 @ 40 ioc
        price AAAUSDT 102
        expect alice equity 1100
        price BBBUSDT 39
        expect alice equity 1000
        """, """{"profitShare":"0.5"}""");

    /// <summary>60,000: marginal tiers 60,000 × 1 % − 250 = 350; flat tiers 1 % of all = 600 (traps 1 and 2).</summary>
    [Theory]
    [InlineData("marginal", "350")]
    [InlineData("flat", "600")]
    public void Trap01_Trap02_MaintenanceByTierForm(string tiers, string maintenance)
    {
        TestExchange x = ScenarioTable.Run("""
            account alice 10000 maker 0 taker 0
            account bob 100000 maker 0 taker 0
            price AAAUSDT 100
            alice buy AAAUSDT 600 @ 100
            bob sell AAAUSDT 600 @ 100 ioc -> filled 600 @ 100
            """, $$"""{"tiers":"{{tiers}}"}""");
        Assert.Equal(maintenance, AccountMargin.Figures(x.State("alice"), x.Actors.Prices).Maintenance.ToString());
    }

    /// <summary>
    /// Isolated at leverage 20: 10 at 100 takes 50 of margin and pays its fee of 0.2 from it. Half closed at 102 with a fee of 0.255 returns
    /// half of 49.8 with the profit of 10 less the fee: 34.645. Added, removed (never below the initial margin), moved.
    /// </summary>
    [Fact]
    public void Isolated_OpenReduceAddRemoveMove() => ScenarioTable.Run("""
        account alice 1000
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        alice isolated AAAUSDT
        alice buy AAAUSDT 10 @ 100
        bob sell AAAUSDT 10 @ 100 ioc -> filled 10 @ 100
        expect alice margin AAAUSDT 49.8
        expect alice cross 950
        bob buy AAAUSDT 5 @ 102
        alice sell AAAUSDT 5 market reduce -> filled 5 @ 102
        expect alice margin AAAUSDT 24.9
        expect alice cross 984.645
        alice add AAAUSDT 10
        expect alice margin AAAUSDT 34.9
        alice remove AAAUSDT 9.90000001 -> refused MarginInsufficient 990000000 990000001
        alice remove AAAUSDT 9.9
        expect alice margin AAAUSDT 25
        alice leverage AAAUSDT 10 -> refused LeverageReductionIsolated 20 10
        alice move AAAUSDT cross
        expect alice margin AAAUSDT 0
        expect alice cross 1009.545
        price AAAUSDT 98
        alice move AAAUSDT isolated                     # 490 / 20 and the open loss of 10
        expect alice margin AAAUSDT 34.5
        expect alice mode AAAUSDT isolated
        """);

    /// <summary>Opening loses at once what the order lies beyond the mark: reserved at placement, and taken by the leg.</summary>
    [Fact]
    public void Trap12_OpenLoss_IsReservedAndGoesWithTheIsolatedLeg() => ScenarioTable.Run("""
        account alice 1000 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        alice isolated AAAUSDT
        alice buy AAAUSDT 10 @ 101
        expect alice available 939.5                    # 1010 / 20 and 10 x 1
        bob sell AAAUSDT 10 @ 101 ioc -> filled 10 @ 101
        expect alice margin AAAUSDT 60.5
        expect alice cross 939.5
        """);

    /// <summary>The worse of both sides reserves, never the sum: 10 bought at 99 is 49.5, 10 sold at 101 is 50.5.</summary>
    [Fact]
    public void Trap11_BothSides_TheWorseReserves() => ScenarioTable.Run("""
        account alice 1000 maker 0 taker 0
        price AAAUSDT 100
        alice buy AAAUSDT 10 @ 99
        expect alice available 950.5
        alice sell AAAUSDT 10 @ 101
        expect alice available 949.5
        """);

    /// <summary>A profit of 100 may be traded with, not withdrawn: 1,000 less the initial margin of 510.</summary>
    [Fact]
    public void Trap38_Withdrawable_NeverUnrealizedProfit() => ScenarioTable.Run("""
        account alice 1000 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        alice buy AAAUSDT 100 @ 100
        bob sell AAAUSDT 100 @ 100 ioc
        price AAAUSDT 102
        expect alice available 690
        alice withdraw 490.00000001 -> refused BalanceInsufficient 49000000000 49000000001
        alice withdraw 490
        expect alice wallet 510
        """);

    /// <summary>Long and short of one market add up; the tier limit holds for what several orders together could open.</summary>
    [Fact]
    public void TierLimit_CountsAllOrdersOfASide() => ScenarioTable.Run("""
        account alice 100000 maker 0 taker 0
        account bob 100000 maker 0 taker 0
        price AAAUSDT 100
        alice leverage AAAUSDT 100
        alice buy AAAUSDT 400 @ 100
        bob sell AAAUSDT 400 @ 100 ioc -> filled 400 @ 100
        alice sell AAAUSDT 400 @ 100
        alice sell AAAUSDT 400 @ 100
        alice sell AAAUSDT 400 @ 100 -> refused NotionalAboveTierLimit 4999999999999 8000000000000
        """);
}
