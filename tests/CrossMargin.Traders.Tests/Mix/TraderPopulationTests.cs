using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Traders.Tests;

public sealed class TraderPopulationTests
{
    private static readonly VenueProfile s_profile = TestProfiles.Simple();

    [Fact]
    public void Sizes_SharesAndCounts_AddUpByLargestRemainder()
    {
        TraderMix mix = Mix(
            ("noise", "share: \"0.5\""), ("scalper", "share: \"0.3\""), ("momentum", "share: \"0.2\""), ("market-maker", "count: 3"));
        Assert.Equal([4, 2, 2, 3], TraderPopulation.Sizes(mix, 11));
        Assert.Equal([4, 2, 1, 3], TraderPopulation.Sizes(mix, 10));
        for (int n = 3; n < 200; n++) Assert.Equal(n, TraderPopulation.Sizes(mix, n).Sum());
    }

    [Fact]
    public void Sizes_CountsPastThePopulation_AreRefused() =>
        Assert.Throws<TraderMixException>(() => TraderPopulation.Sizes(Mix(("noise", "count: 5")), 4));

    [Fact]
    public void Create_UnknownMarket_NamesIt()
    {
        TraderMix mix = TraderMixReader.Read(
            "strategies:\n  - name: noise\n    share: 1\n    deposit: {min: 1, max: 1}\n    markets: [ZZZUSDT]\n", "m.yaml").Mix!;
        var e = Assert.Throws<TraderMixException>(() => TraderPopulation.Create(mix, s_profile, 1, 5));
        Assert.StartsWith("m.yaml:2: market \"ZZZUSDT\"", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_DefaultMix_InterleavesStrategiesAndKeepsDepositsInBounds()
    {
        IReadOnlyList<TraderPlan> plans = TraderPopulation.Create(TraderMix.Default, s_profile, 7, 1000);
        Assert.Equal(Enumerable.Range(1, 1000), plans.Select(p => p.Trader.Account.Value));
        foreach (StrategyShare share in TraderMix.Default.Strategies)
        {
            TraderPlan[] own = [.. plans.Where(p => p.Trader.Strategy == share.Strategy.Name)];
            Assert.All(own, p => Assert.InRange(p.Deposit.E8, share.DepositMin.E8, share.DepositMax.E8));
            int firstHalf = own.Count(p => p.Trader.Account.Value <= 500);
            Assert.InRange(firstHalf, own.Length / 2 - 1, (own.Length + 1) / 2 + 1);
        }

        Assert.True(plans.Select(p => p.Deposit).Distinct().Count() > 300);
    }

    [Fact]
    public void Create_SameSeedTwice_SamePopulation()
    {
        IReadOnlyList<TraderPlan> a = TraderPopulation.Create(TraderMix.Default, s_profile, 7, 300);
        IReadOnlyList<TraderPlan> b = TraderPopulation.Create(TraderMix.Default, s_profile, 7, 300);
        IReadOnlyList<TraderPlan> c = TraderPopulation.Create(TraderMix.Default, s_profile, 8, 300);
        Assert.Equal(a.Select(p => (p.Trader.Strategy, p.Deposit)), b.Select(p => (p.Trader.Strategy, p.Deposit)));
        Assert.NotEqual(a.Select(p => p.Deposit), c.Select(p => p.Deposit));
    }

    private static TraderMix Mix(params (string Name, string Size)[] entries)
    {
        string yaml = "strategies:\n"
            + string.Concat(entries.Select(e => $"  - name: {e.Name}\n    {e.Size}\n    deposit: {{min: 1, max: 9}}\n"));
        TraderMixResult result = TraderMixReader.Read(yaml, "m.yaml");
        Assert.Null(result.Error);
        return result.Mix!;
    }
}
