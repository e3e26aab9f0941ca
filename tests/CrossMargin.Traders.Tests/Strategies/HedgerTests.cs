using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class HedgerTests
{
    private const string Plain =
        "interval: '1', leverage: '10', exposure: '2', tolerance: '0.05', target: '0.02', stop: '0.02', rest: '1000'";

    [Fact]
    public void Act_Flat_OpensTwoOppositeLegsOfTheSameMoney()
    {
        (TraderBench bench, BenchPosition bought, BenchPosition sold) = Opened();
        Assert.InRange(bought.Notional(bench).E8, 19_900_00000000, 20_000_00000000);
        Assert.InRange(sold.Notional(bench).E8, 19_900_00000000, 20_000_00000000);
    }

    [Fact]
    public void Act_BothFallTogether_KeepsBothAndItsMoney()
    {
        (TraderBench bench, BenchPosition bought, BenchPosition sold) = Opened();
        Amount before = bench.Account.Equity;
        for (int m = 1; m <= 3; m++) bench.Move(m, -200_000);
        bench.Run(3);
        Assert.True(bought.Lots > 0 && sold.Lots < 0);
        Assert.True((bench.Account.Equity - before).Abs < Amount.FromWhole(50));
    }

    [Fact]
    public void Act_LegsDrift_ShrinksTheLarger()
    {
        (TraderBench bench, BenchPosition bought, BenchPosition sold) = Opened();
        sold.Lots /= 2;
        sold.OpenCost = new Amount(sold.OpenCost.E8 / 2);
        bench.Run(1);
        long difference = (bought.Notional(bench) - sold.Notional(bench)).Abs.E8;
        Assert.True(difference <= bought.Notional(bench).E8 / 20);
        Assert.True(sold.Lots < 0);
    }

    [Fact]
    public void Act_TargetReached_ClosesBothAndRests()
    {
        (TraderBench bench, BenchPosition bought, _) = Opened();
        bench.Move(bought.Market.Value, 25_000);
        bench.Run(50);
        Assert.Equal(0, bench.Account.PositionCount);
        Assert.True(bench.Account.Wallet > Amount.FromWhole(10_300));
    }

    private static (TraderBench Bench, BenchPosition Bought, BenchPosition Sold) Opened()
    {
        TraderBench bench = TraderBench.Of("hedger", Plain);
        bench.Run(1);
        BenchPosition[] open = [.. Enumerable.Range(1, 3).Select(bench.Position).Where(p => p.Lots != 0)];
        Assert.Equal(2, open.Length);
        return (bench, open.Single(p => p.Lots > 0), open.Single(p => p.Lots < 0));
    }
}
