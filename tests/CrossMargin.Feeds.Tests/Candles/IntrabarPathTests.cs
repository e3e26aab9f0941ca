using CrossMargin.Feeds.Candles;
using CrossMargin.Model;
using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Feeds.Tests.Candles;

public sealed class IntrabarPathTests
{
    private static readonly MarketId Market = new(3);

    private static readonly Candle Flat = new(default, new(1), new(1), new(1), new(1), default);

    private sealed record Case(Candle Candle, int Ticks, ulong Seed);

    private static Gen<Case> Cases =>
        from largest in Gen.Elements(1L, 3, 100, 1_000_000, long.MaxValue - 1)
        from low in Gen.Choose(0, int.MaxValue).Select(x => 1 + x % largest)
        from range in Gen.Elements(0L, 1, 2, 50, largest, long.MaxValue - 1 - low)
        let high = low + Math.Min(range, long.MaxValue - 1 - low)
        from open in Gen.Choose(0, 1_000).Select(p => low + (long)((Int128)(high - low) * p / 1_000))
        from close in Gen.Choose(0, 1_000).Select(p => low + (long)((Int128)(high - low) * p / 1_000))
        from ticks in Gen.Choose(IntrabarPath.FewestTicks, 60)
        from seed in ArbMap.Default.GeneratorFor<ulong>()
        from bar in Gen.Choose(0, 1_000_000)
        select new Case(
            new Candle(new Timestamp(Recorded.Day + bar * 60_000L), new(open), new(high), new(low), new(close), new(1)), ticks, seed);

    private static long[] Path(Case c)
    {
        var ticks = new long[c.Ticks];
        IntrabarPath.Fill(c.Seed, Market, c.Candle, ticks);
        return ticks;
    }

    [Fact]
    public void Prop_Fill_PassesOpenHighLowCloseExactlyAndStaysInside() =>
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            long[] path = Path(c);
            long[] inner = path[1..^1];
            return path[0] == c.Candle.Open.Units && path[^1] == c.Candle.Close.Units
                && inner.Max() == c.Candle.High.Units && inner.Min() == c.Candle.Low.Units
                && path.All(p => p >= c.Candle.Low.Units && p <= c.Candle.High.Units);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Prop_Fill_SameInputs_SamePath() =>
        Prop.ForAll(Cases.ToArbitrary(), c => Path(c).SequenceEqual(Path(c))).QuickCheckThrowOnFailure();

    [Fact]
    public void Fill_KnownCandle_NeverChanges()
    {
        var candle = new Candle(new Timestamp(Recorded.Day), new(1_000), new(1_100), new(900), new(1_050), new(1));
        Assert.Equal(
            (long[])[1_000, 971, 954, 922, 900, 917, 934, 958, 965, 986,
                1_000, 1_011, 1_035, 1_050, 1_065, 1_083, 1_100, 1_089, 1_070, 1_050],
            Path(new Case(candle, 20, 1)));
        Assert.Equal((long[])[1_000, 1_100, 900, 1_050], Path(new Case(candle, 4, 2)));
    }

    [Fact]
    public void Fill_OtherSeedMarketOrBar_GivesAnotherPath()
    {
        var candle = new Candle(new Timestamp(Recorded.Day), new(100_000), new(110_000), new(90_000), new(105_000), new(1));
        long[] path = Path(new Case(candle, 20, 1));
        Assert.NotEqual(path, Path(new Case(candle, 20, 2)));
        Assert.NotEqual(path, Path(new Case(candle with { OpenTime = new Timestamp(Recorded.Day + 1) }, 20, 1)));
        var other = new long[20];
        IntrabarPath.Fill(1, new MarketId(4), candle, other);
        Assert.NotEqual(path, other);
    }

    [Fact]
    public void Fill_ManyBars_BothOrdersHappenAndTheUsualOneLeads()
    {
        int lowFirst = 0;
        for (int bar = 0; bar < 1_000; bar++)
        {
            var rising = new Candle(new Timestamp(Recorded.Day + bar), new(1_000), new(1_100), new(900), new(1_050), new(1));
            long[] path = Path(new Case(rising, 20, 9));
            if (Array.IndexOf(path, 900) < Array.IndexOf(path, 1_100)) lowFirst++;
        }

        Assert.InRange(lowFirst, 630, 770);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1_001)]
    public void Fill_TooFewOrTooManyTicks_Throws(int ticks) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Path(new Case(Flat, ticks, 0)));
}
