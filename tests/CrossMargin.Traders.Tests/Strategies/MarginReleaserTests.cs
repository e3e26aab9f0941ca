using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class MarginReleaserTests
{
    private const long HourSteps = 240;
    private const string Plain =
        "interval: '1', leverage: '5', markets: '1', margin-use: '0.2', top-up: '0.5', hours: '24', release: '0.5', target: '5', "
        + "stop: '0.5', "
        + "long-bias: '1'";

    [Fact]
    public void Act_Entry_IsIsolatedWithMarginToSpare()
    {
        TraderBench bench = Entered();
        BenchPosition position = bench.Position(1);
        Assert.Equal(MarginMode.Isolated, position.Mode);
        Assert.InRange(position.IsolatedWallet.E8 * 5 * 100 / position.Notional(bench).E8, 148, 151);
    }

    [Fact]
    public void Act_24HoursInProfit_TakesMarginBack()
    {
        TraderBench bench = Entered();
        bench.Move(1, 10_000);
        Amount before = bench.Position(1).IsolatedWallet;
        bench.Run(24 * HourSteps - 5);
        Assert.Equal(before, bench.Position(1).IsolatedWallet);
        bench.Run(10);
        BenchPosition position = bench.Position(1);
        Assert.True(position.IsolatedWallet < before);
        Assert.True(position.IsolatedWallet.E8 >= position.Notional(bench).E8 / 5);
        Amount once = position.IsolatedWallet;
        bench.Run(24 * HourSteps);
        Assert.True(bench.Position(1).IsolatedWallet < once);
    }

    [Fact]
    public void Act_ProfitInterrupted_StartsThe24HoursAnew()
    {
        TraderBench bench = Entered();
        Amount before = bench.Position(1).IsolatedWallet;
        bench.Move(1, 10_000);
        bench.Run(20 * HourSteps);
        bench.Move(1, -20_000);
        bench.Run(2);
        bench.Move(1, 20_000);
        bench.Run(10 * HourSteps);
        Assert.Equal(before, bench.Position(1).IsolatedWallet);
    }

    private static TraderBench Entered()
    {
        TraderBench bench = TraderBench.Of("time-based-releaser", Plain);
        bench.Run(10);
        Assert.True(bench.Position(1).Lots > 0);
        return bench;
    }
}
