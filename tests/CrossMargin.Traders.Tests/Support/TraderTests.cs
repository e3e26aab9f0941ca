using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Traders.Tests;

/// <summary>What holds for every strategy.</summary>
public sealed class TraderTests
{
    private const long Steps = 3_000;

    public static TheoryData<string> Strategies => [.. StrategyCatalog.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Act_LongWalk_TradesAndRepeatsItselfExactly(string strategy)
    {
        TraderBench a = Make(strategy);
        TraderBench b = Make(strategy);
        a.Run(Steps, Walk);
        b.Run(Steps, Walk);
        Assert.True(a.Placed.Count >= 3, $"{a.Placed.Count} orders");
        Assert.Equal(a.Log, b.Log);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Read_WhatWasWritten_GoesOnIdentically(string strategy)
    {
        TraderBench straight = Make(strategy);
        straight.Run(Steps, Walk);
        for (long at = 200; at < Steps; at += 700)
        {
            TraderBench broken = Make(strategy);
            broken.Run(at, Walk);
            byte[] state = State(broken.Trader);
            Trader restored = Make(strategy).Trader;
            var reader = new StateReader(state);
            restored.Read(reader);
            reader.ExpectEnd();
            Assert.Equal(state, State(restored));
            broken.Trader = restored;
            broken.Run(Steps - at, Walk);
            Assert.Equal(straight.Log, broken.Log);
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Act_EverythingIsRefused_BacksOff(string strategy)
    {
        TraderBench bench = Make(strategy);
        bench.Refuse = RejectReason.MarginInsufficient;
        bench.Run(Steps, Walk);
        int early = bench.Placed.Count;
        bench.Run(Steps, Walk);
        Assert.True(bench.Placed.Count - early <= early + 2, $"{early} orders, then {bench.Placed.Count - early}");
        Assert.True(bench.Placed.Count < Steps / 8);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Act_InLiquidation_KeepsStill(string strategy)
    {
        TraderBench bench = Make(strategy);
        bench.Run(Steps / 3, Walk);
        bench.Account.InLiquidation = true;
        int before = bench.Log.Count;
        bench.Run(Steps / 3, Walk);
        Assert.Equal(before, bench.Log.Count);
        bench.Account.InLiquidation = false;
        bench.Run(Steps / 3, Walk);
        Assert.True(bench.Log.Count > before);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Act_MarketPaused_PlacesNothing(string strategy)
    {
        TraderBench bench = Make(strategy);
        bench.Run(600, b =>
        {
            Walk(b);
            for (int m = 1; m <= 3; m++) b.SetData(new MarketId(m), d => d with { Pause = PauseReason.Wild });
        });
        Assert.Empty(bench.Placed);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Act_NothingLeft_GivesUp(string strategy)
    {
        TraderBench bench = Make(strategy);
        bench.Account.Wallet = new Amount(1);
        bench.Run(Steps, Walk);
        Assert.Equal(long.MaxValue, bench.Due);
        Assert.Empty(bench.Placed);
    }

    private static TraderBench Make(string strategy)
    {
        TraderMix mix = TraderMix.Default;
        StrategyShare share = mix.Strategies.First(s => s.Strategy.Name == strategy);
        int start = share.Strategy.IndexOf("start");
        ParameterRange[] parameters = [.. share.Parameters];
        parameters[start] = default;
        var deposit = Amount.FromWhole(20_000);
        share = share with { Share = Rate.Zero, Count = 1, Parameters = parameters, DepositMin = deposit, DepositMax = deposit };
        var alone = new TraderMix("test", "", [share]);
        TraderPlan plan = TraderPopulation.Create(alone, TestProfiles.Simple(), 5, 1)[0];
        return new TraderBench(plan.Trader, plan.Deposit);
    }

    private static byte[] State(Trader trader)
    {
        var writer = new StateWriter();
        trader.Write(writer);
        return writer.Written.ToArray();
    }

    // Waves of 600 steps with noise on top: something for those who follow and for those who fade.
    private static void Walk(TraderBench bench)
    {
        for (int m = 1; m <= 3; m++)
        {
            var random = new CounterRandom(99, (ulong)m);
            long drift = (bench.Step + 100 * m) / 300 % 2 == 0 ? 160 : -150;
            bench.Move(m, drift + random.Normal((ulong)bench.Step) / 2_000);
            long premium = (bench.Step / 400 + m) % 3 * 2_000 - 2_000;
            var funding = new Rate(premium * 30);
            bench.SetData(new MarketId(m), d => d with { Mark = Sizing.Shift(d.Index, premium * 50), FundingEstimate = funding });
        }
    }
}
