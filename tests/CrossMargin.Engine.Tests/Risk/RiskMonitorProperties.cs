using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Risk;

public sealed class RiskMonitorProperties
{
    private const int Steps = 200;

    [Theory]
    [MemberData(nameof(RiskProfiles.All), MemberType = typeof(RiskProfiles))]
    public void Prop_Receive_SameLiquidationsInTheSameOrderAsTheFullScan(string name)
    {
        VenueProfile profile = RiskProfiles.Of(name);
        int liquidated = 0;
        long woken = 0;
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var run = new RandomRun(profile, seed, accounts: 40, Steps);
            RiskWorld fast = run.Play(RandomRun.Indexed);
            RiskWorld slow = run.Play(RandomRun.Scanning);
            Assert.Equal(slow.Liquidated, fast.Liquidated);
            Assert.Equal(slow.CheckNobodyMissed(), fast.CheckNobodyMissed());
            liquidated += fast.Liquidated.Count;
            woken += fast.Monitor.Counters.Crossed;
        }

        Assert.True(liquidated > 60, $"{liquidated} liquidations");
        Assert.True(woken > liquidated, "the run crossed no box of a sound pool");
    }

    [Theory]
    [MemberData(nameof(RiskProfiles.All), MemberType = typeof(RiskProfiles))]
    public void Prop_Restart_RunGoesOnAsIfItHadNotStopped(string name)
    {
        VenueProfile profile = RiskProfiles.Of(name);
        for (ulong seed = 11; seed <= 13; seed++)
        {
            var run = new RandomRun(profile, seed, accounts: 40, Steps);
            RiskWorld whole = run.Play(RandomRun.Indexed);
            RiskWorld stopped = run.Play(RandomRun.Indexed, 3, 90, 91, 150);
            Assert.Equal(whole.Liquidated, stopped.Liquidated);
            Assert.Equal(whole.CheckNobodyMissed(), stopped.CheckNobodyMissed());
        }
    }

    [Fact]
    public void Watch_ChangeThatLeavesTheBoxProved_KeepsIt()
    {
        VenueProfile profile = RiskProfiles.Of("marginal");
        RiskWorld world = new RandomRun(profile, 5, accounts: 40, steps: 1).Play(RandomRun.Indexed);
        long built = world.Monitor.Counters.BoxesBuilt;
        foreach (TestAccount account in world.Accounts)
        {
            account.Balances[0] += Amount.FromWhole(1_000);
            world.Changed(account);
        }

        world.Settle();
        Assert.True(world.Monitor.Counters.BoxesKept > 40, $"{world.Monitor.Counters}");
        Assert.InRange(world.Monitor.Counters.BoxesBuilt - built, 0, 40); // points at the edge have nothing to keep
    }
}
