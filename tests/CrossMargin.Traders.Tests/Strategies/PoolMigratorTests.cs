using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class PoolMigratorTests
{
    private const string Plain =
        "interval: '1', leverage: '20', markets: '1', margin-use: '0.1', migrate-at: '0.2', target: '0.05', stop: '0.02', "
        + "threshold: '0.001'";

    [Fact]
    public void Act_Signal_OpensIsolated()
    {
        TraderBench bench = Entered();
        Assert.Equal(MarginMode.Isolated, bench.Position(1).Mode);
        Assert.DoesNotContain(MessageKind.MovePosition, bench.Kinds);
    }

    [Fact]
    public void Act_Winner_MovesToTheCrossPoolAndIsClosedAtItsTarget()
    {
        TraderBench bench = Entered();
        bench.Move(1, 9_000); // 18 % of the margin at 20x
        bench.Run(2);
        Assert.Equal(MarginMode.Isolated, bench.Position(1).Mode);
        bench.Move(1, 3_000);
        bench.Run(2);
        Assert.Equal(MarginMode.Cross, bench.Position(1).Mode);
        Assert.True(bench.Position(1).Lots > 0);
        bench.Move(1, 45_000);
        bench.Run(1);
        Assert.Equal(0, bench.Position(1).Lots);
    }

    [Fact]
    public void Act_AfterAMove_TheNextPositionIsIsolatedAgain()
    {
        TraderBench bench = Entered();
        bench.Move(1, 12_000);
        bench.Run(2);
        bench.Position(1).Setting = MarginMode.Cross;
        bench.Move(1, 45_000);
        bench.Run(1);
        Assert.Equal(0, bench.Position(1).Lots);
        for (int i = 0; i < 30 && bench.Position(1).Lots == 0; i++) bench.Run(1, b => b.Move(1, 500));
        Assert.True(bench.Position(1).Lots > 0);
        Assert.Equal(MarginMode.Isolated, bench.Position(1).Mode);
    }

    [Fact]
    public void Act_Loser_StaysIsolatedAndIsCut()
    {
        TraderBench bench = Entered();
        bench.Move(1, -21_000);
        bench.Run(1);
        Assert.Equal(0, bench.Position(1).Lots);
        Assert.DoesNotContain(MessageKind.MovePosition, bench.Kinds);
    }

    private static TraderBench Entered()
    {
        TraderBench bench = TraderBench.Of("isolated-then-cross", Plain);
        for (int i = 0; i < 30 && bench.Position(1).Lots == 0; i++) bench.Run(1, b => b.Move(1, 400));
        Assert.True(bench.Position(1).Lots > 0);
        return bench;
    }
}
