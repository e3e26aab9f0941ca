using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class VolatilitySizerTests
{
    private const string Plain =
        "interval: '1', leverage: '20', target: '0.002', max-exposure: '8', tolerance: '0.2', fast: '10', slow: '60'";

    [Fact]
    public void Act_MovesOfATenthPercent_HoldsTwiceItsEquity()
    {
        TraderBench bench = TraderBench.Of("volatility-sizer", Plain);
        bench.Run(200, b => Shake(b, 1_000));
        Assert.InRange(bench.Position(1).Notional(bench).E8, 14_000_00000000, 26_000_00000000);
    }

    [Fact]
    public void Act_Storm_ShrinksAndCalmGrows()
    {
        TraderBench bench = TraderBench.Of("volatility-sizer", Plain);
        bench.Run(200, b => Shake(b, 1_000));
        Amount calm = bench.Position(1).Notional(bench);
        bench.Run(100, b => Shake(b, 5_000));
        Amount storm = bench.Position(1).Notional(bench);
        Assert.True(storm.E8 * 2 < calm.E8, $"{storm} after {calm}");
        bench.Run(200, b => Shake(b, 1_000));
        Assert.True(bench.Position(1).Notional(bench).E8 > storm.E8 * 2);
    }

    [Fact]
    public void Act_DeadCalm_StaysBelowItsLargestExposure()
    {
        TraderBench bench = TraderBench.Of("volatility-sizer", Plain);
        bench.Run(300, b => Shake(b, 20));
        Assert.InRange(bench.Position(1).Notional(bench).E8, 60_000_00000000, 82_000_00000000);
    }

    // Up and down by turns, a little more up.
    private static void Shake(TraderBench bench, long ppm) => bench.Move(1, bench.Step % 2 == 0 ? ppm : -ppm * 9 / 10);
}
