using CrossMargin.Feeds.Synthetic;
using CrossMargin.Hosting;
using CrossMargin.Model;
using static CrossMargin.Feeds.Tests.Recorded;

namespace CrossMargin.Feeds.Tests.Synthetic;

public sealed class SyntheticFeedTests
{
    private const int StepsPerHour = 360;

    /// <summary>Index units of each step, one array a market.</summary>
    private static long[][] Prices(SyntheticSpec spec)
    {
        List<FeedStep> steps = Run(new SyntheticFeed(spec));
        return [.. spec.Markets.Select((_, m) => steps.Select(s => s.Updates[m].Index.Units).ToArray())];
    }

    // The figures below were worked out for steps of ten seconds.
    private static SyntheticSpec TenSeconds(SyntheticSpec spec) => spec with { StepMilliseconds = 10_000 };

    private static decimal Change(long from, long to) => (decimal)to / from - 1;

    [Fact]
    public void Step_CrashDay_HasADayOfFifteenSecondStepsAndAllMarketsInOrder()
    {
        var feed = new SyntheticFeed(SyntheticSpec.Crash([.. Markets.Twelve.Reverse()], 1));
        Assert.Equal((5_760, 15_000), (feed.StepCount, feed.StepMilliseconds));
        Assert.Equal("2021-05-19T00:00:00.000Z", feed.Start.ToString());
        Assert.All(Run(feed), s => Assert.Equal(Enumerable.Range(1, 12), s.Updates.Select(u => u.Market.Value)));
    }

    [Fact]
    public void Step_KnownSeed_NeverChanges()
    {
        List<FeedStep> steps = Run(new SyntheticFeed(TenSeconds(SyntheticSpec.Crash(Markets.Two, 42))));
        Assert.Equal((4_300_000_000L, 289_556L), (steps[0].Updates[0].Index.Units, steps[0].Updates[0].DepthVolume.Lots));
        Assert.Equal((221_070_812L, 3_513_445L), (steps[4_500].Updates[1].Index.Units, steps[4_500].Updates[1].DepthVolume.Lots));
        Assert.Equal((3_013_374_355L, 405_389L), (steps[8_639].Updates[0].Index.Units, steps[8_639].Updates[0].DepthVolume.Lots));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(42)]
    [InlineData(2021)]
    public void Step_CrashDay_CalmThenCrashThenPartialRebound(ulong seed)
    {
        long[][] prices = Prices(TenSeconds(SyntheticSpec.Crash(Markets.Twelve, seed)));
        foreach (long[] path in prices)
        {
            long[] calm = path[..(6 * StepsPerHour)];
            Assert.InRange(Change(calm.Min(), calm.Max()), 0.01m, 0.15m);
            int noon = 11 * StepsPerHour + 2 * StepsPerHour / 3;
            int low = noon;
            for (int i = noon; i < noon + 2 * StepsPerHour; i++)
            {
                if (path[i] < path[low]) low = i;
            }

            Assert.InRange(Change(path[noon], path[low]), -0.58m, -0.22m);
            Assert.InRange(Change(path[low], path[low + 90 * 6]), 0.08m, 0.60m);
            Assert.InRange(Change(path[noon], path[low + 90 * 6]), -0.45m, -0.05m);
        }
    }

    [Fact]
    public void Step_CrashDay_NoStepIsWild()
    {
        foreach (long[] path in Prices(SyntheticSpec.Crash(Markets.Twelve, 5)))
        {
            Assert.All(path.Zip(path[1..]), p => Assert.InRange(Change(p.First, p.Second), -0.04m, 0.04m));
        }
    }

    [Fact]
    public void Step_WithoutMoves_MarketsMoveTogetherButNotAlike()
    {
        // Over a day of five-minute returns the common factor explains most, not all, of two markets' signs.
        long[][] prices = Prices(new SyntheticSpec { Markets = Markets.Two, Seed = 8 });
        int same = 0;
        int count = 0;
        for (int i = 30; i < prices[0].Length; i += 30, count++)
        {
            if (Math.Sign(prices[0][i] - prices[0][i - 30]) == Math.Sign(prices[1][i] - prices[1][i - 30])) same++;
        }

        Assert.InRange(same * 100 / count, 60, 90);
    }

    [Fact]
    public void Step_Agitated_ThinsTheDepthThoughVolumeRises()
    {
        var calm = new SyntheticSpec { Markets = Markets.Two, Seed = 8, DurationMilliseconds = 3_600_000 };
        var move = new SyntheticMove
        {
            StartMilliseconds = 0,
            DurationMilliseconds = 3_600_000,
            Change = Rate.Zero,
            Agitation = Rate.Whole,
        };
        SyntheticSpec agitated = calm with { Moves = [move] };
        Assert.InRange(Depth(agitated) * 100 / Depth(calm), 73, 77);
        Assert.InRange(Depth(agitated with { DepthWhenAgitated = Rate.Whole }) * 100 / Depth(calm), 490, 510);
        Assert.InRange(Depth(calm with { VolumeScale = new Rate(2 * Rate.One) }) * 100 / Depth(calm), 199, 201);

        static decimal Depth(SyntheticSpec spec) => Run(new SyntheticFeed(spec)).Sum(s =>
            (decimal)s.Updates[0].Index.Units * s.Updates[0].DepthVolume.Lots);
    }

    [Fact]
    public void Step_MoveWithoutNoise_EndsExactlyAtTheChangeTimesBeta()
    {
        var move = new SyntheticMove
        {
            StartMilliseconds = 60_000,
            DurationMilliseconds = 600_000,
            Change = new Rate(-30_000_000),
            Waves = 4,
        };
        var spec = new SyntheticSpec
        {
            Markets = Markets.Two,
            Seed = 3,
            DurationMilliseconds = 900_000,
            CommonVolatility = Rate.Zero,
            OwnVolatility = Rate.Zero,
            JumpsPerDay = 0,
            Moves = [move],
        };
        long[][] prices = Prices(TenSeconds(spec));
        Assert.Equal("43000", Markets.Two[0].Format(new Price(prices[0][6])));
        Assert.Equal("30100", Markets.Two[0].Format(new Price(prices[0][^1])));
        Assert.Equal("2227", Markets.Two[1].Format(new Price(prices[1][^1])));
    }

    [Fact]
    public void Step_OtherSeedOrStepLength_KeepsStartPricesAndChangesTheRest()
    {
        SyntheticSpec spec = SyntheticSpec.Crash(Markets.Two, 1);
        Assert.Equal(Prices(spec)[0], Prices(spec)[0]);
        Assert.NotEqual(Prices(spec)[0][1..], Prices(spec with { Seed = 2 })[0][1..]);
        Assert.Equal(Prices(spec)[0][0], Prices(spec with { StepMilliseconds = 5_000 })[0][0]);
        Assert.Equal(17_280, new SyntheticFeed(spec with { StepMilliseconds = 5_000 }).StepCount);
    }

    [Fact]
    public void Read_SnapshotTakenHalfWay_GoesOnAlike() =>
        AssertResumes(() => new SyntheticFeed(
            new SyntheticSpec { Markets = Markets.Two, Seed = 4, DurationMilliseconds = 600_000 },
            [new FundingUpdate(new MarketId(1), new Timestamp(Day + 400_000), new Rate(5))]));

    [Fact]
    public void Constructor_SpecThatCannotRun_Throws()
    {
        var spec = new SyntheticSpec { Markets = Markets.Two, Seed = 1 };
        Assert.Throws<ArgumentException>(() => new SyntheticFeed(spec with { Markets = [] }));
        Assert.Throws<ArgumentException>(() => new SyntheticFeed(spec with { StepMilliseconds = 0 }));
        Assert.Throws<ArgumentException>(() => new SyntheticFeed(spec with { DurationMilliseconds = 9_999 }));
        Assert.Throws<ArgumentException>(() => new SyntheticFeed(spec with { StepMilliseconds = 1 }));
    }
}
