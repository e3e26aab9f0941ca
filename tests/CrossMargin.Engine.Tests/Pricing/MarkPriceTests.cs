using CrossMargin.Engine.Pricing;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Engine.Tests.Pricing;

public class MarkPriceTests
{
    private const long EightHours = 28_800_000;

    [Theory]
    [InlineData(10_000_000, 0, 10_000, EightHours / 2, 0, 10_000_000)] // Price 1 is 10,000,500: the index is the median
    [InlineData(10_000_000, 10_000_700, 10_000, EightHours / 2, 0, 10_000_500)]
    [InlineData(10_000_000, 10_000_700, 10_000, EightHours / 2, 1202, 10_000_601)] // Price 2: half of 1,202 above
    [InlineData(10_000_000, 9_000_000, 0, 0, 3, 10_000_000)] // 1.5 above is 2, but Price 1 is the median
    [InlineData(3, 9_000_000, 0, 0, 3, 5)] // 3 + 1.5, to even: 2
    [InlineData(1, 1, -100_000_000, EightHours, -10, 1)] // never below one unit
    public void Of_GoldenFigures(long index, long last, long rate, long left, long basisTwice, long mark) =>
        Assert.Equal(mark, MarkPrice.Of(new Price(index), new Price(last), new Rate(rate), left, EightHours, basisTwice).Units);

    [Fact]
    public void Basis_MovesWithItsWindow()
    {
        FundingSpec spec = TestProfiles.Simple().Markets[0].Funding; // 150 s by 5 s: 30 samples
        var basis = new BasisAverage(spec);
        Assert.Equal(0, basis.TwiceMeanHalfEven);
        basis.Add(new Price(90), new Price(112), new Price(100), 10); // 2 twice the mid's distance, ten times
        Assert.Equal(2, basis.TwiceMeanHalfEven);
        basis.Add(new Price(100), new Price(110), new Price(100), 30);
        Assert.Equal((30, 10L), (basis.Count, basis.TwiceMeanHalfEven));
        basis.Add(new Price(100), new Price(100), new Price(100), 15);
        Assert.Equal(5, basis.TwiceMeanHalfEven);
        basis.Add(new Price(100), new Price(100), new Price(100), long.MaxValue);
        Assert.Equal(0, basis.TwiceMeanHalfEven);
    }

    [Fact]
    public void Prop_Basis_EqualsTheMeanOfTheLastSamples()
    {
        FundingSpec spec = TestProfiles.Simple().Markets[0].Funding;
        for (int seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var basis = new BasisAverage(spec);
            var all = new List<long>();
            for (int i = 0; i < 200; i++)
            {
                long bid = random.Next(1, 1000);
                long ask = random.Next(1, 1000);
                int times = random.Next(1, 4);
                basis.Add(new Price(bid), new Price(ask), new Price(500), times);
                for (int t = 0; t < times; t++) all.Add(bid + ask - 1000);
                long[] window = [.. all.TakeLast(30)];
                decimal mean = Math.Round((decimal)window.Sum() / window.Length, MidpointRounding.ToEven);
                Assert.Equal((long)mean, basis.TwiceMeanHalfEven);
                if (i != 100) continue;
                var writer = new StateWriter();
                basis.Write(writer);
                basis = new BasisAverage(spec);
                basis.Read(new StateReader(writer.WrittenMemory));
            }
        }
    }
}
