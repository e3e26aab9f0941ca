using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Hosting.Tests;

public sealed class CounterRandomTests
{
    [Theory]
    [InlineData(0ul, 0ul, 0ul, 11_190_416_520_358_821_097ul)]
    [InlineData(1ul, 0ul, 0ul, 16_930_899_750_174_515_498ul)]
    [InlineData(0ul, 1ul, 0ul, 9_996_395_956_383_590_734ul)]
    [InlineData(0ul, 0ul, 1ul, 1_105_626_583_789_833_764ul)]
    [InlineData(42ul, 7ul, 1_000_000ul, 5_582_875_973_330_657_314ul)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 12_484_913_000_127_133_310ul)]
    public void At_KnownDraws_NeverChange(ulong seed, ulong stream, ulong counter, ulong expected) =>
        Assert.Equal(expected, CounterRandom.At(seed, stream, counter));

    [Fact]
    public void Helpers_KnownDraws_NeverChange()
    {
        var random = new CounterRandom(2021, 5);
        Assert.Equal((long[])[943, 397, 51, 348, 758], Enumerable.Range(0, 5).Select(i => random.Below((ulong)i, 1_000)));
        Assert.Equal((long[])[9, -2, -9, -3, 5], Enumerable.Range(0, 5).Select(i => random.Between((ulong)i, -10, 10)));
        Assert.Equal(
            (long[])[203_002, -1_226_516, -1_460_037, -90_957, 599_151],
            Enumerable.Range(0, 5).Select(i => random.Normal((ulong)i)));
        Assert.Equal(228, Enumerable.Range(0, 1_000).Count(i => random.Chance((ulong)i, 250_000)));
    }

    [Fact]
    public void Prop_Below_StaysInRange() =>
        Prop.ForAll((from b in ArbMap.Default.GeneratorFor<long>() where b >= 1 select b).ToArbitrary(), ArbMap.Default.ArbFor<ulong>(),
            (bound, counter) => new CounterRandom(9, 9).Below(counter, bound) is var x && x >= 0 && x < bound).QuickCheckThrowOnFailure();

    [Fact]
    public void Between_BothEnds_AreReached()
    {
        var random = new CounterRandom(1, 1);
        long[] draws = [.. Enumerable.Range(0, 1_000).Select(i => random.Between((ulong)i, -1, 1))];
        Assert.Equal([-1L, 0L, 1L], draws.Distinct().Order());
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1_000_000, 2_000)]
    [InlineData(2_000_000, 2_000)]
    public void Chance_AtTheEdges_IsNeverOrAlways(long ppm, int hits)
    {
        var random = new CounterRandom(3, 3);
        Assert.Equal(hits, Enumerable.Range(0, 2_000).Count(i => random.Chance((ulong)i, ppm)));
    }

    [Fact]
    public void Below_BoundZero_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new CounterRandom(1, 1).Below(0, 0));

    [Fact]
    public void Normal_ManyDraws_HasMeanZeroAndDeviationOne()
    {
        var random = new CounterRandom(77, 12);
        const int count = 100_000;
        Int128 sum = 0, squares = 0, neighbours = 0;
        long previous = 0;
        for (int i = 0; i < count; i++)
        {
            long x = random.Normal((ulong)i);
            Assert.InRange(x, -6_000_000, 6_000_000);
            sum += x;
            squares += (Int128)x * x;
            neighbours += (Int128)x * previous;
            previous = x;
        }

        // Five standard errors: 5e6 / sqrt(100,000) is about 15,800.
        Assert.InRange((long)(sum / count), -15_800, 15_800);
        Assert.InRange((long)(squares / count / 1_000_000), 975_000, 1_025_000);
        Assert.InRange((long)(neighbours / count / 1_000_000), -15_800, 15_800);
    }

    [Fact]
    public void At_NeighbouringSeedsStreamsCounters_ShareNothing()
    {
        var seen = new HashSet<ulong>();
        for (ulong seed = 0; seed < 20; seed++)
        {
            for (ulong stream = 0; stream < 20; stream++)
            {
                for (ulong counter = 0; counter < 20; counter++) Assert.True(seen.Add(CounterRandom.At(seed, stream, counter)));
            }
        }
    }
}
