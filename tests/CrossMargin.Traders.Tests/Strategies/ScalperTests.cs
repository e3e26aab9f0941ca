using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class ScalperTests
{
    private const string Taker =
        "interval: '2', take-chance: '1', follow-chance: '1', slippage: '0.001', margin-use: '0.1', target: '0.002', "
        + "stop: '0.003', max-hold: '40'";

    [Fact]
    public void Act_TakesTheTouch_RestsItsExitAtTheTargetAndGetsIt()
    {
        TraderBench bench = TraderBench.Of("scalper", Taker);
        bench.Run(1);
        Assert.Equal(TimeInForce.Ioc, bench.Placed[0].TimeInForce);
        Assert.True(bench.Position(1).Lots > 0);
        Price entry = bench.Placed[0].Price;
        bench.Run(4);
        BenchOrder exit = Assert.Single(bench.Account.Resting);
        Assert.True(exit.ReduceOnly && exit.Side == Side.Sell && exit.Price > entry);
        bench.Move(1, 3_000);
        Assert.Equal(0, bench.Position(1).Lots);
        Assert.True(bench.Account.Wallet > Amount.FromWhole(10_000));
    }

    [Fact]
    public void Act_LossPassesTheStop_LeavesAtMarket()
    {
        TraderBench bench = TraderBench.Of("scalper", Taker);
        bench.Run(4);
        int before = bench.Placed.Count;
        bench.Move(1, -5_000);
        bench.Run(4);
        PlaceOrder close = bench.Placed[before];
        Assert.Equal(OrderType.Market, close.Type);
        Assert.Equal(OrderFlags.ReduceOnly, close.Flags);
        Assert.Equal(Side.Sell, close.Side);
    }

    [Fact]
    public void Act_HeldTooLong_LeavesAtMarket()
    {
        TraderBench bench = TraderBench.Of("scalper", Taker);
        bench.Run(48);
        Assert.Contains(bench.Placed, o => o.Type == OrderType.Market && o.Flags == OrderFlags.ReduceOnly);
    }

    [Fact]
    public void Act_JoinsTheTouch_RestsAtTheBestPrice()
    {
        TraderBench bench = TraderBench.Of("scalper", Taker.Replace("take-chance: '1'", "take-chance: '0'", StringComparison.Ordinal));
        bench.Run(1);
        Assert.Equal(bench[new MarketId(1)].BestBid, Assert.Single(bench.Account.Resting).Price);
    }
}
