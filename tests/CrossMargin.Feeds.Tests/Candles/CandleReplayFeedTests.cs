using CrossMargin.Feeds.Candles;
using CrossMargin.Hosting;
using CrossMargin.Model;
using static CrossMargin.Feeds.Tests.Recorded;

namespace CrossMargin.Feeds.Tests.Candles;

public sealed class CandleReplayFeedTests
{
    private static readonly MarketSpec Btc = Markets.Two[0];

    private static CandleSet Set => Read(Query(Markets.Two), File(
        "a.csv", Header,
        Bar(0, "BTCUSDT,100,110,90,105,7"), Bar(1, "BTCUSDT,105,106,104,106,8"), Bar(1, "ETHUSDT,5,6,4,5.5,1"),
        Bar(3, "BTCUSDT,107,108,106,107,9"), Bar(4, "BTCUSDT,1,1,1,1,10")));

    private static CandleReplayFeed Feed(CandleSet set, int ticks = 4, ulong seed = 1, params FundingUpdate[] funding)
    {
        bool made = CandleReplayFeed.TryCreate(set, seed, ticks, funding, out CandleReplayFeed? feed, out FeedError? error);
        Assert.True(made, error?.ToString());
        return feed!;
    }

    [Fact]
    public void Step_WholeReplay_HasTheGridOfTheBars()
    {
        CandleReplayFeed feed = Feed(Set);
        Assert.Equal(new Timestamp(Day), feed.Start);
        Assert.Equal(15_000, feed.StepMilliseconds);
        Assert.Equal(20, feed.StepCount);
    }

    [Fact]
    public void Step_BeforeFirstBar_GivesNoPrice()
    {
        var steps = Run(Feed(Set));
        Assert.All(steps[..4], s => Assert.Equal(Btc.Id, Assert.Single(s.Updates).Market));
        Assert.All(steps[4..], s => Assert.Equal([1, 2], s.Updates.Select(u => u.Market.Value)));
    }

    [Fact]
    public void Step_OverMissingBarsAndAfterTheLast_HoldsTheCloseWithoutVolume()
    {
        var steps = Run(Feed(Set));
        MarketSpec eth = Markets.Two[1];
        Assert.True(eth.TryParsePrice("5.5", DecimalRounding.Exact, out Price close));
        Assert.All(steps[8..12], s => Assert.Equal(("106", Quantity.Zero), (Btc.Format(s.Updates[0].Index), s.Updates[0].DepthVolume)));
        Assert.All(steps[8..], s => Assert.Equal(new IndexUpdate(eth.Id, close, Quantity.Zero), s.Updates[1]));
        Assert.All(steps[12..16], s => Assert.Equal("9", Btc.Format(s.Updates[0].DepthVolume)));
    }

    [Fact]
    public void Step_EachBar_PassesItsFourPrices()
    {
        string[] first = [.. Run(Feed(Set))[..4].Select(s => Btc.Format(s.Updates[0].Index))];
        Assert.Equal(("100", "105"), (first[0], first[3]));
        Assert.Equal(["110", "90"], first[1..3].OrderDescending().Reverse());
    }

    [Fact]
    public void Step_PathOfABar_DoesNotDependOnWhereTheReplayBegins()
    {
        CandleQuery later = Query(Markets.Two) with { From = new Timestamp(Day + 60_000) };
        PriceFile file = File(
            "a.csv", Header, Bar(0, "BTCUSDT,1,9,1,2,7"), Bar(1, "BTCUSDT,105,206,104,106,8"), Bar(2, "BTCUSDT,1,9,1,2,7"));
        var whole = Run(Feed(Read(Query(Markets.Two), file), 20));
        var part = Run(Feed(Read(later, file), 20));
        Assert.Equal(whole[20..].Select(s => s.Updates[0]), part.Select(s => s.Updates[0]));
    }

    [Fact]
    public void Step_Funding_ComesAtTheFirstStepNotBeforeItsTime()
    {
        FundingUpdate[] rates =
        [
            new(Btc.Id, new Timestamp(Day - 1), new Rate(1)), new(Btc.Id, new Timestamp(Day), new Rate(2)),
            new(Btc.Id, new Timestamp(Day + 15_001), new Rate(3)), new(new MarketId(2), new Timestamp(Day + 15_001), new Rate(4)),
            new(new MarketId(12), new Timestamp(Day + 20_000), new Rate(5)), new(Btc.Id, new Timestamp(Day + 10_000_000), new Rate(6)),
        ];
        var given = Run(Feed(Set, 4, 1, rates)).SelectMany(s => s.Funding.Select(f => (s.Step, f.Rate.E8)));
        Assert.Equal([(0, 2), (2, 3), (2, 4)], given);
    }

    [Fact]
    public void Read_SnapshotTakenHalfWay_GoesOnAlike()
    {
        CandleSet set = Set;
        FundingUpdate[] rates = new FundingUpdate[20];
        for (int i = 0; i < rates.Length; i++) rates[i] = new FundingUpdate(Btc.Id, new Timestamp(Day + i * 15_000), new Rate(i));
        AssertResumes(() => Feed(set, 4, 5, rates));
        AssertResumes(() => Feed(set, 10, 5, rates));
    }

    [Fact]
    public void Read_SnapshotOfAnotherFeed_Throws()
    {
        var writer = new StateWriter();
        Feed(Set, 4).Write(writer);
        Assert.Throws<StateFormatException>(() => Feed(Set, 5).Read(new StateReader(writer.WrittenMemory)));
    }

    [Fact]
    public void Step_OutOfOrder_Throws()
    {
        CandleReplayFeed feed = Feed(Set);
        Assert.Throws<InvalidOperationException>(() => feed.Step(1, [], []));
        Run(feed);
        Assert.Throws<InvalidOperationException>(() => feed.Step(feed.StepCount, [], []));
    }

    [Theory]
    [InlineData(3, "3 ticks a bar are not between 4 and 1000")]
    [InlineData(1_001, "1001 ticks a bar are not between 4 and 1000")]
    [InlineData(7, "7 ticks do not divide a bar of 60000 ms into whole milliseconds")]
    public void TryCreate_TicksThatDoNotFit_Refuses(int ticks, string expected)
    {
        Assert.False(CandleReplayFeed.TryCreate(Set, 1, ticks, [], out _, out FeedError? error));
        Assert.Equal(expected, error.ToString());
    }
}
