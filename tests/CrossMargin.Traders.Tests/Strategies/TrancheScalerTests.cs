using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class TrancheScalerTests
{
    private const string Plain =
        "interval: '1', leverage: '20', exposure: '4', step: '0.01', stop: '0.02', give-back: '0.5', threshold: '0.001'";

    [Fact]
    public void Act_IntoProfit_BuildsFortyThirtyThirty()
    {
        TraderBench bench = Entered();
        long first = bench.Position(1).Lots;
        bench.Run(5);
        Assert.Equal(first, bench.Position(1).Lots);
        bench.Move(1, 10_500);
        bench.Run(3);
        long second = bench.Position(1).Lots;
        Assert.InRange(second * 40, first * 69, first * 71);
        bench.Move(1, 10_500);
        bench.Run(3);
        Assert.InRange(bench.Position(1).Lots * 40, first * 98, first * 102);
        bench.Move(1, 30_000);
        bench.Run(3);
        Assert.Equal(3, bench.Placed.Count);
    }

    [Fact]
    public void Act_Loses_NeverAddsAndLeavesAtTheStop()
    {
        TraderBench bench = Entered();
        bench.Move(1, -15_000);
        bench.Run(3);
        Assert.Single(bench.Placed);
        bench.Move(1, -10_000);
        bench.Run(1);
        Assert.Equal(0, bench.Position(1).Lots);
    }

    [Fact]
    public void Act_GivesBackHalfOfTheBest_Leaves()
    {
        TraderBench bench = Entered();
        bench.Run(6, b => b.Move(1, 10_000));
        Assert.True(bench.Position(1).Lots > 0);
        bench.Move(1, -35_000);
        bench.Run(1);
        Assert.Equal(0, bench.Position(1).Lots);
        Assert.True(bench.Account.Wallet > Amount.FromWhole(10_000));
    }

    private static TraderBench Entered()
    {
        TraderBench bench = TraderBench.Of("tranche-scaler", Plain);
        for (int i = 0; i < 20 && bench.Position(1).Lots == 0; i++) bench.Run(1, b => b.Move(1, 500));
        Assert.InRange(bench.Position(1).Notional(bench).E8, 15_900_00000000, 16_000_00000000);
        return bench;
    }
}
