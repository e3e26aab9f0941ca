using CrossMargin.Model;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Scenarios;

/// <summary>Exchange time that jumps over a stop: what fell due fires, funding is skipped.</summary>
public sealed class JumpTimeScenarios
{
    private const long EightHours = 8 * 3_600_000;

    [Fact]
    public void Jump_OverThreeFundingTimes_SkipsAndRecordsEach()
    {
        TestExchange x = Held();
        string alice = x.Wallet("alice");
        x.Forget();
        x.Jump(3 * EightHours);
        long first = ((x.Now.Milliseconds - (3 * EightHours)) / EightHours + 1) * EightHours;
        Assert.Equal([first, first + EightHours, first + (2 * EightHours)], Skipped(x, "AAAUSDT"));
        Assert.Empty(x.Of<FundingSettled>());
        Assert.Equal(alice, x.Wallet("alice"));
        Assert.Equal(first + (3 * EightHours), x.Actors.View(x.Spec("AAAUSDT").Id).NextFundingTime.Milliseconds);
    }

    [Fact]
    public void Jump_PastAFundingTime_AnUsedPriceMakesNoDifference()
    {
        TestExchange x = Held();
        long left = EightHours - (x.Now.Milliseconds % EightHours);
        x.Wait(left - 100);
        x.Price("AAAUSDT", "100"); // as fresh as it can be
        x.Forget();
        x.Jump(100);
        Assert.Single(Skipped(x, "AAAUSDT"));
        Assert.Empty(x.Of<FundingSettled>());
    }

    [Fact]
    public void Advance_PastTheSameFundingTime_Settles()
    {
        TestExchange x = Held();
        long left = EightHours - (x.Now.Milliseconds % EightHours);
        x.Wait(left - 100);
        x.Price("AAAUSDT", "100");
        x.Forget();
        x.Wait(100);
        Assert.NotEmpty(x.Of<FundingSettled>());
    }

    [Fact]
    public void Jump_WhatFellDueFires_InTheMarketsOrder()
    {
        TestExchange x = Held();
        new ScenarioTable(x).Play("""
            alice buy AAAUSDT 1 @ 90 gtd 600000 as dated
            alice buy AAAUSDT 1 @ 91 as watched
            alice countdown AAAUSDT 5000
            """);
        x.Forget();
        x.Jump(700_000);
        Assert.Equal(
            [CancelReason.GoodTillDate, CancelReason.Countdown],
            x.Of<OrderEnded>("alice").Select(e => e.Reason));
        Assert.Equal(PauseReason.Stale, x.Actors.Prices.Pause(x.Spec("AAAUSDT").Id));
        x.Price("AAAUSDT", "100");
        Assert.Equal(PauseReason.None, x.Actors.Prices.Pause(x.Spec("AAAUSDT").Id));
    }

    [Fact]
    public void Jump_SamplesNoPremiumOfTheTimeThatDidNotRun()
    {
        TestExchange jumped = Held();
        Quote(jumped);
        Rate before = jumped.Actors.View(jumped.Spec("AAAUSDT").Id).FundingEstimate;
        jumped.Jump(9_000);
        Assert.Equal(before, jumped.Actors.View(jumped.Spec("AAAUSDT").Id).FundingEstimate);
        TestExchange ran = Held();
        Quote(ran);
        ran.Wait(9_000);
        Assert.NotEqual(before, ran.Actors.View(ran.Spec("AAAUSDT").Id).FundingEstimate);

        // Far above the index, deep enough for the impact notional: one sample moves the estimate.
        static void Quote(TestExchange x)
        {
            x.Buy("bob", "AAAUSDT", "300", "104");
            x.Accepted();
        }
    }

    private static TestExchange Held()
    {
        var x = new TestExchange();
        x.Wait(1);
        foreach (MarketSpec spec in x.Profile.Markets) x.Price(spec.Symbol, spec.Symbol == "AAAUSDT" ? "100" : "10");
        x.Account("alice", "1000000");
        x.Account("bob", "1000000");
        x.Trade("alice", "bob", "AAAUSDT", "2", "100");
        return x;
    }

    private static long[] Skipped(TestExchange x, string symbol) =>
    [
        .. x.Story.Where(e => e.Kind == EventKind.FundingSkipped && e.Market == x.Spec(symbol).Id)
            .Select(e => e.Body<FundingSkipped>().FundingTime.Milliseconds),
    ];
}
