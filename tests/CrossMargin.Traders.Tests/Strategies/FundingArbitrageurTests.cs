using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class FundingArbitrageurTests
{
    private const string Plain =
        "interval: '1', leverage: '10', exposure: '2', enter: '0.001', leave: '0.0002', stop: '0.05', premium-weight: '1'";

    [Fact]
    public void Act_NoDifference_DoesNothing()
    {
        TraderBench bench = TraderBench.Of("funding-arbitrageur", Plain);
        bench.Run(50);
        Assert.Empty(bench.Placed);
    }

    [Fact]
    public void Act_OneMarketPaysMore_SellsItAndBuysTheCheapest()
    {
        TraderBench bench = Entered();
        Assert.True(bench.Position(2).Lots < 0);
        Assert.True(bench.Position(3).Lots > 0);
        Assert.Equal(0, bench.Position(1).Lots);
        long difference = (bench.Position(2).Notional(bench) - bench.Position(3).Notional(bench)).Abs.E8;
        Assert.True(difference < bench.Position(2).Notional(bench).E8 / 100);
    }

    [Fact]
    public void Act_PremiumOverTheIndex_CountsAsCarry()
    {
        TraderBench bench = TraderBench.Of("funding-arbitrageur", Plain);
        bench.SetData(new MarketId(1), d => d with { Mark = Sizing.Shift(d.Index, 200_000) });
        bench.Run(1);
        Assert.True(bench.Position(1).Lots < 0);
    }

    [Fact]
    public void Act_DifferenceGone_ClosesBothLegs()
    {
        TraderBench bench = Entered();
        bench.Run(10);
        Assert.Equal(2, bench.Account.PositionCount);
        for (int m = 1; m <= 3; m++) bench.SetData(new MarketId(m), d => d with { FundingEstimate = new Rate(10_000) });
        bench.Run(3);
        Assert.Equal(0, bench.Account.PositionCount);
    }

    [Fact]
    public void Act_OneLegLost_ClosesTheOther()
    {
        TraderBench bench = Entered();
        bench.Position(2).Lots = 0;
        bench.Position(2).OpenCost = Amount.Zero;
        bench.Run(1);
        Assert.Equal(0, bench.Position(3).Lots);
    }

    private static TraderBench Entered()
    {
        TraderBench bench = TraderBench.Of("funding-arbitrageur", Plain);
        bench.SetData(new MarketId(2), d => d with { FundingEstimate = new Rate(150_000) });
        bench.SetData(new MarketId(3), d => d with { FundingEstimate = new Rate(-50_000) });
        bench.Run(1);
        return bench;
    }
}
