using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class BufferKeeperTests
{
    private const string Plain =
        "interval: '1', leverage: '50', markets: '1', exposure: '30', floor: '1.5', warn: '2.5', restore: '5', target: '0.5', "
        + "stop: '0.9', enter-chance: '1', "
        + "long-bias: '1'";

    [Fact]
    public void Act_Entry_LeavesTheRestoredMultiple()
    {
        TraderBench bench = TraderBench.Of("buffer-keeper", Plain);
        bench.Run(2);
        Assert.True(bench.Position(1).Notional(bench) > Amount.FromWhole(100_000));
        Assert.True(Multiple(bench) >= 480);
    }

    [Fact]
    public void Act_SlowFall_KeepsThreeHalvesOfMaintenanceAllTheWayDown()
    {
        string passive = Plain.Replace("enter-chance: '1'", "enter-chance: '0.000001'", StringComparison.Ordinal);
        TraderBench bench = TraderBench.Of("buffer-keeper", passive);
        Hold(bench, 250_000);
        bool reduced = false;
        for (int i = 0; i < 200 && bench.Position(1).Lots > 0; i++)
        {
            bench.Move(1, -800);
            long before = bench.Position(1).Lots;
            Assert.True(Multiple(bench) > 150, $"step {i}: {Multiple(bench)} %");
            bench.Run(1);
            if (bench.Position(1).Lots == before) continue;
            reduced = true;
            Assert.True(bench.Position(1).Lots < before);
            Assert.True(bench.Position(1).Lots == 0 || Multiple(bench) >= 450);
        }

        Assert.True(reduced);
        Assert.True(bench.Account.Equity.IsPositive);
    }

    [Fact]
    public void Act_NoDanger_ReducesNothing()
    {
        TraderBench bench = TraderBench.Of("buffer-keeper", Plain);
        bench.Run(20);
        Assert.Single(bench.Placed);
    }

    // Equity in percent of the maintenance margin.
    private static long Multiple(TraderBench bench) => bench.Account.Equity.E8 * 100 / Math.Max(1, bench.Account.Maintenance.E8);

    private static void Hold(TraderBench bench, long notional)
    {
        MarketSpec spec = bench.Spec(new MarketId(1));
        BenchPosition position = bench.Position(1);
        position.Leverage = 50;
        position.Lots = Sizing.Lots(spec, bench[spec.Id].Mark, Amount.FromWhole(notional)).Lots;
        position.OpenCost = spec.Notional(bench[spec.Id].Mark, new Quantity(position.Lots));
    }
}
