using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class MomentumTests
{
    private const string Plain =
        "interval: '1', leverage: '125', markets: '1', margin-use: '0.3', fast: '2', slow: '12', threshold: '0.002', short-chance: '1', "
        + "take-profit: '0.5', stop: '0.01', stop-users: ";

    [Fact]
    public void Act_Rises_BuysWithTheHighestLeverageOfTheTiers()
    {
        TraderBench bench = TraderBench.Of("momentum", Plain + "'0'", deposit: "1000");
        bench.Run(1);
        Assert.Empty(bench.Placed);
        bench.Run(6, b => b.Move(1, 2_000));
        BenchPosition position = bench.Position(1);
        Assert.Equal(bench.Spec(position.Market).Tiers[0].MaxLeverage, position.Leverage);
        Assert.True(position.Lots > 0);
        Assert.True(position.Notional(bench) > Amount.FromWhole(20_000));
        Assert.True(position.Notional(bench) < bench.Spec(position.Market).Tiers.NotionalLimitAt(position.Leverage));
    }

    [Fact]
    public void Act_TrendTurns_GetsOut()
    {
        TraderBench bench = TraderBench.Of("momentum", Plain + "'0'", deposit: "1000");
        bench.Run(6, b => b.Move(1, 2_000));
        Assert.True(bench.Position(1).Lots > 0);
        bench.Run(12, b => b.Move(1, -1_500));
        Assert.True(bench.Position(1).Lots <= 0);
    }

    [Fact]
    public void Act_Falls_SellsIfItDares()
    {
        TraderBench bench = TraderBench.Of("momentum", Plain + "'0'", deposit: "1000");
        bench.Run(6, b => b.Move(1, -2_000));
        Assert.True(bench.Position(1).Lots < 0);
    }

    [Fact]
    public void Act_StopUser_PlacesAStopThatCloses()
    {
        TraderBench bench = TraderBench.Of("momentum", Plain + "'1'", deposit: "1000");
        bench.Run(3, b => b.Move(1, 3_000));
        BenchOrder stop = Assert.Single(bench.Account.Triggers);
        Assert.Equal(Side.Sell, stop.Side);
        Assert.True(stop.Price < bench[new MarketId(1)].Mark);
        bench.Move(1, -20_000);
        Assert.Equal(0, bench.Position(1).Lots);
    }
}
