using CrossMargin.Feeds.Candles;
using CrossMargin.Feeds.Synthetic;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Tests;

/// <summary>The shipped venue and the feeds fit together: recorded prices are inside its filters, no index move pauses its markets.</summary>
public sealed class ShippedProfileTests
{
    private const string Recording = "spot_5m_2021-05-08_2021-05-29.csv.gz";

    private static VenueProfile Binance
    {
        get
        {
            Assert.True(VenueProfiles.TryShipped("binance", out VenueProfile profile));
            return profile;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(42)]
    public void SyntheticCrash_OfTheShippedMarkets_StaysInsideTheirJumpBands(ulong seed) =>
        AssertNoJump(Binance, Recorded.Run(new SyntheticFeed(SyntheticSpec.Crash(Binance.Markets, seed))));

    [RecordedDataFact(Recording)]
    public void RecordedCrash_OfTheShippedMarkets_StaysInsideTheirJumpBands()
    {
        var query = new CandleQuery { Markets = Binance.Markets, From = new(1_621_296_000_000), To = new(1_621_555_200_000) };
        Assert.True(CandleFiles.TryRead([SharedData.Find(Recording)!], query, out CandleSet? set, out FeedError? error), error?.ToString());
        Assert.Equal(12, set!.Series.Count);
        Assert.True(CandleReplayFeed.TryCreate(set, 1, CandleReplayFeed.DefaultTicksPerBar, [], out CandleReplayFeed? feed, out _));
        AssertNoJump(Binance, Recorded.Run(feed!));
    }

    private static void AssertNoJump(VenueProfile profile, List<FeedStep> steps)
    {
        for (int i = 1; i < steps.Count; i++)
        {
            for (int m = 0; m < steps[i].Updates.Count; m++)
            {
                MarketSpec market = profile[steps[i].Updates[m].Market];
                long before = steps[i - 1].Updates[m].Index.Units;
                long after = steps[i].Updates[m].Index.Units;
                bool inside = (Int128)Math.Abs(after - before) * Rate.One <= (Int128)before * market.JumpBand.E8;
                Assert.True(inside, $"{market.Symbol} from {before} to {after} at step {i}, band {market.JumpBand}");
            }
        }
    }
}
