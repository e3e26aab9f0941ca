using CrossMargin.Hosting;
using CrossMargin.Model;
using static CrossMargin.Feeds.Tests.Recorded;

namespace CrossMargin.Feeds.Tests;

public sealed class ScriptedFeedTests
{
    private static readonly ScriptedPrice[] Script =
    [
        new(3, new MarketId(1), new Price(90), new Quantity(4)), new(0, new MarketId(1), new Price(100)),
        new(1, new MarketId(2), new Price(7)),
    ];

    private static string[] Given(ScriptedFeed feed) =>
        [.. Run(feed).Select(s => string.Join(' ', s.Updates.Select(u => $"{u.Market.Value}:{u.Index.Units}/{u.DepthVolume.Lots}")))];

    [Fact]
    public void Step_Holding_RepeatsEachPriceUntilTheNext() =>
        Assert.Equal(
            ["1:100/0", "1:100/0 2:7/0", "1:100/0 2:7/0", "1:90/4 2:7/0", "1:90/4 2:7/0"],
            Given(new ScriptedFeed(new Timestamp(Day), 1_000, 5, Script)));

    [Fact]
    public void Step_NotHolding_GivesEachPriceOnce() =>
        Assert.Equal(["1:100/0", "2:7/0", "", "1:90/4", ""], Given(new ScriptedFeed(new Timestamp(Day), 1_000, 5, Script, hold: false)));

    [Fact]
    public void Step_Funding_IsHandedOutInTime()
    {
        FundingUpdate[] funding = [new(new MarketId(1), new Timestamp(Day + 1_500), new Rate(9))];
        List<FeedStep> steps = Run(new ScriptedFeed(new Timestamp(Day), 1_000, 5, Script, funding));
        Assert.Equal([0, 0, 1, 0, 0], steps.Select(s => s.Funding.Count));
    }

    [Fact]
    public void Read_SnapshotTakenHalfWay_GoesOnAlike() => AssertResumes(() => new ScriptedFeed(new Timestamp(Day), 1_000, 5, Script));

    [Theory]
    [InlineData(-1, 5, 0)]
    [InlineData(5, 5, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 5, -1)]
    [InlineData(3, 5, 0)]
    public void Constructor_ImpossiblePrice_Throws(long step, long price, long depth) =>
        Assert.Throws<ArgumentException>(() => new ScriptedFeed(
            new Timestamp(Day), 1_000, 5, [.. Script, new(step, new MarketId(1), new Price(price), new Quantity(depth))]));
}
