using CrossMargin.Model;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>Accounts that the operator freezes, lets go or closes.</summary>
public sealed class AccountClosingScenarios
{
    private const string Start = """
        price AAAUSDT 100
        account alice 1000 maker 0 taker 0
        account bob 1000 maker 0 taker 0
        alice leverage AAAUSDT 20
        """;

    [Fact]
    public void Freeze_RefusesWhateverAddsRisk_TakesWhatCloses() => ScenarioTable.Run(Start + """

        alice buy AAAUSDT 2 @ 100 as open
        bob sell AAAUSDT 1 @ 100 ioc
        alice freeze
        alice freeze -> refused NothingToChange
        alice buy AAAUSDT 1 @ 99 -> refused AccountFrozen 0 0
        alice sell AAAUSDT 1 @ 101 -> refused AccountFrozen          # may close, may open: not certain
        alice sell AAAUSDT 5 market -> refused AccountFrozen
        alice stop-market sell AAAUSDT 1 at 90 -> refused AccountFrozen
        alice amend open 2 @ 99 -> refused AccountFrozen
        alice sell AAAUSDT 0.5 @ 101 reduce as close
        alice amend close 0.4 @ 102
        alice stop-market sell AAAUSDT 1 at 90 reduce
        alice stop-market sell AAAUSDT 0 at 91
        alice withdraw 1 -> refused AccountFrozen
        alice leverage AAAUSDT 21 -> refused AccountFrozen
        alice leverage AAAUSDT 20
        alice leverage AAAUSDT 19
        alice isolated BBBUSDT -> refused AccountFrozen
        alice deposit 5
        alice cancel open
        alice cancel close
        alice move AAAUSDT isolated -> refused AccountFrozen
        alice unfreeze
        alice unfreeze -> refused NothingToChange
        alice withdraw 1
        alice buy AAAUSDT 1 @ 99
        """);

    [Fact]
    public void Freeze_IsolatedMargin_MayBeAddedAndNotRemoved() => ScenarioTable.Run(Start + """

        alice isolated AAAUSDT
        alice buy AAAUSDT 2 @ 100
        bob sell AAAUSDT 2 @ 100 ioc
        alice add AAAUSDT 50
        alice freeze
        alice remove AAAUSDT 1 -> refused AccountFrozen
        alice add AAAUSDT 1
        expect alice margin AAAUSDT 61
        alice move AAAUSDT cross -> refused AccountFrozen
        """);

    [Fact]
    public void Freeze_FlatAccount_KeepsItsPositionMode() => ScenarioTable.Run(Start + """

        bob freeze
        bob hedge -> refused AccountFrozen
        """);

    [Fact]
    public void Freeze_HedgeMode_WhatCanOnlyCloseGoes() => ScenarioTable.Run(Start + """

        account carol 1000 maker 0 taker 0 hedge
        carol buy AAAUSDT 1 @ 100 long
        bob sell AAAUSDT 1 @ 100 ioc
        carol freeze
        carol sell AAAUSDT 1 @ 99 short -> refused AccountFrozen
        carol sell AAAUSDT 1 @ 101 long
        """);

    [Fact]
    public void Freeze_ConditionalOrders_ThatMayOpenAreRejectedAtTheirTrigger()
    {
        TestExchange x = ScenarioTable.Run(Start + """

            alice buy AAAUSDT 1 @ 100
            bob sell AAAUSDT 1 @ 100 ioc
            bob buy AAAUSDT 5 @ 80
            alice stop-market sell AAAUSDT 3 at 95 as opens
            alice stop-market sell AAAUSDT 0 at 94 as closes
            alice freeze
            price AAAUSDT 95
            expect alice triggers 1
            expect alice position AAAUSDT 1
            """);
        TriggerEnded rejected = Assert.Single(x.Of<TriggerEnded>("alice"));
        Assert.Equal((AlgoStatus.Rejected, RejectReason.AccountFrozen), (rejected.Status, ((Refusal)rejected.Refusal).Reason));
        new ScenarioTable(x).Play("""
            price AAAUSDT 94
            expect alice triggers 0
            """);
        Assert.Equal(AlgoStatus.Triggered, x.Of<TriggerEnded>("alice")[1].Status);
    }

    [Fact]
    public void Freeze_LiquidationAndFundingGoOn()
    {
        TestExchange x = ScenarioTable.Run("""
            price AAAUSDT 100
            account alice 100 maker 0 taker 0
            account bob 10000 maker 0 taker 0
            alice leverage AAAUSDT 20
            alice buy AAAUSDT 10 @ 100
            bob sell AAAUSDT 10 @ 100 ioc
            bob buy AAAUSDT 10 @ 88
            alice freeze
            funding AAAUSDT 0.001
            expect alice wallet 99
            price AAAUSDT 90.5
            expect alice position AAAUSDT 0
            """);
        Assert.NotEmpty(x.Of<LiquidationEnded>("alice"));
    }

    [Fact]
    public void Close_PaysEverythingOut_AndIsForGood()
    {
        TestExchange x = ScenarioTable.Run("""
            price AAAUSDT 100
            price BBBUSDT 40
            price CCCUSDT 10
            account alice 1000.12345678 maker 0 taker 0
            alice deposit 2 asset 1
            alice freeze
            alice close
            expect alice wallet 0
            alice close -> refused AccountClosed 0 1
            alice deposit 1 -> refused AccountClosed
            alice unfreeze -> refused AccountClosed
            alice cancel-all -> refused AccountClosed
            account alice 5 -> refused AccountClosed
            expect alice wallet 0
            wait 100
            """, """{"collateral":{"enabled":true}}""");
        Assert.Equal(
            [(AssetId.Settlement, "-1000.12345678", BalanceReason.Withdrawal), (new AssetId(1), "-2", BalanceReason.Withdrawal)],
            x.Of<BalanceChanged>("alice").TakeLast(2).Select(b => (b.Asset, b.Change.ToString(), b.Reason)));
        Assert.Single(x.Of<AccountClosed>("alice"));
    }

    [Fact]
    public void Close_RowByRow() => ScenarioTable.Run(Start + """

        alice buy AAAUSDT 1 @ 100
        alice close -> refused OpenOrdersExist 0 1
        bob sell AAAUSDT 1 @ 100 ioc
        alice close -> refused PositionExists
        alice stop-market sell AAAUSDT 0 at 91
        alice close -> refused OpenOrdersExist 0 1
        alice sell AAAUSDT 1 @ 100
        bob buy AAAUSDT 1 @ 100 ioc
        alice close -> refused OpenOrdersExist 0 1
        alice cancel-all
        alice close
        bob close
        """);

    [Fact]
    public void Close_TellsItsSuccessor()
    {
        TestExchange x = ScenarioTable.Run(Start);
        x.Do("alice", new CloseAccount { Successor = new AccountId(77) });
        Assert.Equal(new AccountId(77), x.Of<AccountClosed>("alice")[0].Successor);
    }
}
