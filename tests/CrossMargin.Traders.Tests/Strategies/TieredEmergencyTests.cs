using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class TieredEmergencyTests
{
    private const long HourSteps = 240;
    private const string Plain =
        "interval: '1', leverage: '10', markets: '1', margin-use: '0.3', half-at: '0.15', out-at: '0.25', account-stop: '0.2', "
        + "stop-hours: '48', "
        + "target: '5', enter-chance: '1'";

    [Fact]
    public void Act_LossOf15PercentOfTheMargin_HalfGoesOnce()
    {
        TraderBench bench = Entered();
        long all = bench.Position(1).Lots;
        bench.Move(1, -13_000);
        bench.Run(2);
        Assert.Equal(all, bench.Position(1).Lots);
        bench.Move(1, -3_000);
        bench.Run(3);
        Assert.InRange(bench.Position(1).Lots, all / 2 - 1, all / 2 + 1);
    }

    [Fact]
    public void Act_LossOf25PercentOfTheMargin_AllGoes()
    {
        TraderBench bench = Entered();
        bench.Move(1, -16_000);
        bench.Run(1);
        bench.Move(1, -10_000);
        bench.Run(1);
        Assert.Equal(0, bench.Position(1).Lots);
    }

    [Fact]
    public void Act_AccountLost20Percent_ClosesAllAndStopsFor48Hours()
    {
        TraderBench bench = Entered();
        bench.Account.Wallet -= Amount.FromWhole(2_100);
        bench.Run(1);
        Assert.Equal(0, bench.Position(1).Lots);
        int placed = bench.Placed.Count;
        bench.Run(48 * HourSteps - 2);
        Assert.Equal(placed, bench.Placed.Count);
        bench.Run(4);
        Assert.True(bench.Placed.Count > placed);
        Assert.True(bench.Position(1).Lots != 0);
    }

    private static TraderBench Entered()
    {
        TraderBench bench = TraderBench.Of("tiered-emergency", Plain);
        bench.Run(1);
        Assert.True(bench.Position(1).Lots > 0);
        return bench;
    }
}
