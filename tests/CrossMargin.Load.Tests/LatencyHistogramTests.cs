using CrossMargin.Load.Measuring;
using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Load.Tests;

public class LatencyHistogramTests
{
    [Fact]
    public void At_Empty_IsZero() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().At(0.99));

    [Fact]
    public void At_OneOfThousandIsSlow_ShowsAtTheEndOnly()
    {
        var histogram = new LatencyHistogram();
        for (int i = 0; i < 999; i++) histogram.Add(TimeSpan.FromMilliseconds(1));
        histogram.Add(TimeSpan.FromSeconds(3));
        Assert.InRange(histogram.At(0.5).TotalMilliseconds, 1, 1.01);
        Assert.InRange(histogram.At(0.999).TotalMilliseconds, 1, 1.01);
        Assert.Equal(TimeSpan.FromSeconds(3), histogram.At(1));
        Assert.Equal(TimeSpan.FromSeconds(3), histogram.Max);
    }

    [Fact]
    public void Add_Negative_CountsAsZero()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMilliseconds(-5));
        Assert.Equal(1, histogram.Count);
        Assert.Equal(TimeSpan.Zero, histogram.At(1));
    }

    [Fact]
    public void Prop_At_IsTheExactPercentileWithinItsBucket() => Prop.ForAll(
        Gen.Choose(0, 62).SelectMany(bits => Gen.Choose(0, int.MaxValue).Select(x => (1L << bits) / 100 + x % (1L << Math.Min(bits, 30))))
            .NonEmptyListOf().ToArbitrary(),
        Gen.Choose(0, 1000).ToArbitrary(),
        (List<long> ticks, int permille) =>
        {
            var histogram = new LatencyHistogram();
            long[] sorted = [.. ticks.Select(t => Math.Min(t, long.MaxValue / 200)).Order()];
            foreach (long t in sorted) histogram.Add(new TimeSpan(t));
            long exact = sorted[Math.Max(1, (int)Math.Ceiling(permille / 1000.0 * sorted.Length)) - 1];
            long found = histogram.At(permille / 1000.0).Ticks;
            Assert.InRange(found, exact, exact + exact / 100 + 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Add_Another_IsAsIfAllWereCountedInOne()
    {
        var one = new LatencyHistogram();
        var other = new LatencyHistogram();
        for (int i = 1; i <= 100; i++) (i % 2 == 0 ? one : other).Add(TimeSpan.FromMilliseconds(i));
        one.Add(other);
        Assert.Equal(100, one.Count);
        Assert.InRange(one.At(0.5).TotalMilliseconds, 50, 50.5);
        Assert.Equal(TimeSpan.FromMilliseconds(100), one.Max);
    }
}
