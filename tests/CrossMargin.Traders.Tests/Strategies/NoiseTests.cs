using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class NoiseTests
{
    [Fact]
    public void Act_LongBias_EndsLongButNeverFarPastItsExposure()
    {
        TraderBench bench = TraderBench.Of(
            "noise", "interval: '1', markets: '1', long-bias: '0.8', exposure: '3', order-size: '0.2', leverage: '20'");
        for (int i = 0; i < 500; i++)
        {
            bench.Run(1);
            Assert.True(bench.Position(1).Notional(bench) <= Amount.FromWhole(36_000));
        }

        Assert.True(bench.Position(1).Lots > 0);
        Assert.Contains(bench.Placed, o => o.Type == OrderType.Market);
        Assert.Contains(bench.Placed, o => o.Type == OrderType.Limit);
        Assert.Contains(bench.Placed, o => o.Side == Side.Sell);
    }

    [Fact]
    public void Act_ManyOpenOrders_CancelsThem()
    {
        TraderBench bench = TraderBench.Of(
            "noise", "interval: '1', market-chance: '0', max-offset: '0.01', max-open: '3'");
        bench.Run(200);
        Assert.Contains(MessageKind.CancelAllOrders, bench.Kinds);
        Assert.True(bench.Account.Resting.Count <= 3);
    }

    [Fact]
    public void Create_TwoTraders_TradeDifferently()
    {
        TraderBench a = TraderBench.Of("noise", ordinal: 0);
        TraderBench b = TraderBench.Of("noise", ordinal: 3);
        a.Run(2000);
        b.Run(2000);
        Assert.NotEqual(a.Log, b.Log);
    }
}
