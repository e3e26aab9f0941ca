using CrossMargin.Feeds.Candles;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Tests.Candles;

/// <summary>The crash of 19 May 2021 as recorded: 12 symbols, bars of five minutes, three weeks.</summary>
public sealed class RecordedCrashTests
{
    private const string Recording = "spot_5m_2021-05-08_2021-05-29.csv.gz";

    private static CandleSet Load(Timestamp? from = null, Timestamp? to = null)
    {
        var query = new CandleQuery { Markets = Markets.Twelve, From = from, To = to };
        Assert.True(CandleFiles.TryRead([SharedData.Find(Recording)!], query, out CandleSet? set, out FeedError? error), error?.ToString());
        return set!;
    }

    [RecordedDataFact(Recording)]
    public void TryRead_WholeRecording_EveryBarIsThere()
    {
        CandleSet set = Load();
        Assert.Equal("2021-05-08T00:00:00.000Z", set.Start.ToString());
        Assert.Equal((12, 300_000L, 6_048L), (set.Series.Count, set.BarMilliseconds, set.BarCount));
        Assert.All(set.Series, s => Assert.Equal(6_048, s.Bars.Length));
        Assert.Equal("2021-05-28T23:55:00.000Z", set.Series[3].Bars[^1].OpenTime.ToString());
        Candle ada = set.Series[4].Bars[0];
        Assert.Equal(
            ["1.6529", "1.6543", "1.6461", "1.6477"],
            new[] { ada.Open, ada.High, ada.Low, ada.Close }.Select(set.Series[4].Market.Format));
        Assert.Equal("3600362", set.Series[4].Market.Format(ada.Volume));
        Assert.Equal("0.8985", set.Series[3].Market.Format(set.Series[3].Bars[^1].Close));
        Assert.Equal("2278727.9", set.Series[3].Market.Format(set.Series[3].Bars[^1].Volume));
        Assert.Equal("30000", set.Series[0].Market.Format(set.Series[0].Bars.Min(b => b.Low)));
    }

    [RecordedDataFact(Recording)]
    public void TryRead_WholeRecording_SumsAreExact()
    {
        // Added up with arbitrary precision outside this project: prices rounded half to even to the unit, volumes down to the lot.
        Candle[] bars = [.. Load().Series.SelectMany(s => s.Bars)];
        Assert.Equal(333_711_271_596_000, bars.Sum(b => b.Open.Units + b.High.Units + b.Low.Units + b.Close.Units));
        Assert.Equal(478_714_654_979, bars.Sum(b => b.Volume.Lots));
    }

    [RecordedDataFact(Recording)]
    public void Step_CrashDays_NeverLeavesTheBarsAndMeetsTheirExtremes()
    {
        CandleSet set = Load(new Timestamp(1_621_296_000_000), new Timestamp(1_621_555_200_000));
        Assert.True(CandleReplayFeed.TryCreate(set, 7, 20, [], out CandleReplayFeed? feed, out _));
        Assert.Equal((864 * 20, 15_000), (feed!.StepCount, feed.StepMilliseconds));
        var steps = Recorded.Run(feed);
        for (int market = 0; market < 12; market++)
        {
            for (int bar = 0; bar < 864; bar++)
            {
                Candle candle = set.Series[market].Bars[bar];
                Price[] ticks = [.. steps[(bar * 20)..(bar * 20 + 20)].Select(s => s.Updates[market].Index)];
                Assert.Equal((candle.Open, candle.High, candle.Low, candle.Close), (ticks[0], ticks.Max(), ticks.Min(), ticks[^1]));
            }
        }
    }
}
