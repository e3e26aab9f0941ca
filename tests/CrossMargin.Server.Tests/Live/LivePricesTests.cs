using CrossMargin.Embedded.Views;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Server.Tests.Live;

public class LivePricesTests
{
    private static readonly MarketId s_market = new(1);

    [Fact]
    public void Hold_UntilReleased_StandsStillAndReturnsToTheFeed()
    {
        LiveWorld world = Started();
        MarketSpec spec = world.Engine.Profile[s_market];
        Price held = Moved(Index(world), 101, 100);
        Control(world, PriceControlKind.Hold, held);
        Assert.Equal(held, Index(world));
        world.Run(TimeSpan.FromMinutes(3));
        Assert.Equal(held, Index(world));
        Assert.Equal(PauseReason.None, new ExchangeReader(world.Engine).Market(s_market).Pause);
        world = world.Restart(TimeSpan.FromSeconds(30));
        world.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(held, Index(world));
        Assert.Equal(PriceControlKind.Hold, world.State().Prices[0].Control.Kind);
        Control(world, PriceControlKind.Release, Price.None);
        world.Run(TimeSpan.FromSeconds(3));

        Assert.NotEqual(held, Index(world));
        Assert.True(Index(world) < held, $"{spec.Format(Index(world))} is not back below {spec.Format(held)}");
    }

    [Fact]
    public void Drift_OverTwoHours_IsTheRateEachHour()
    {
        LiveWorld world = Started();
        Price from = Index(world);
        Control(world, PriceControlKind.Drift, Price.None, new Rate(4_000_000));
        world.Do(world.Controls.PauseAsync());
        long begun = world.Engine.Now.Milliseconds;
        world.Do(world.Controls.StepAsync(2 * 3_600_000));
        world.Do(world.Controls.StepAsync(1_000 - world.Engine.Now.Milliseconds % 1_000));
        Int128 whole = Rounding.DivHalfEven(Rounding.DivHalfEven((Int128)from.Units * 104, 100) * 104, 100);

        Assert.InRange(Index(world).Units, (long)whole, (long)(whole * 10_001 / 10_000));
        Assert.InRange(world.Engine.Now.Milliseconds - begun, 7_200_000, 7_201_000);
    }

    [Fact]
    public void Shock_WithinTheBand_MovesAtOnceAndFollowsTheFeedFromThere()
    {
        LiveWorld world = Started();
        Price before = Index(world);
        Control(world, PriceControlKind.Shock, Price.None, new Rate(-2_000_000));
        Assert.Equal(Moved(before, 98, 100), Index(world));
        world.Run(TimeSpan.FromSeconds(20));

        Assert.NotEqual(Moved(before, 98, 100), Index(world));
        Assert.InRange(Index(world).Units, before.Units * 96 / 100, before.Units * 995 / 1000);
    }

    [Fact]
    public void Set_BeyondTheJumpBand_PausesTheMarketAndItRecovers()
    {
        LiveWorld world = Started();
        Control(world, PriceControlKind.Set, Moved(Index(world), 2, 1));
        Assert.Equal(PauseReason.Wild, new ExchangeReader(world.Engine).Market(s_market).Pause);
        long recover = world.Engine.Profile.Liquidation.RecoverMilliseconds;
        world.Run(TimeSpan.FromMilliseconds(recover + 2_000));

        Assert.Equal(PauseReason.None, new ExchangeReader(world.Engine).Market(s_market).Pause);
    }

    [Theory]
    [InlineData(PriceControlKind.Hold, 0, 0)]
    [InlineData(PriceControlKind.Set, -5, 0)]
    [InlineData(PriceControlKind.Set, long.MaxValue, 0)]
    [InlineData(PriceControlKind.Drift, 0, -100_000_000)]
    [InlineData(PriceControlKind.Shock, 0, 1_000_000_001)]
    [InlineData((PriceControlKind)9, 1, 0)]
    public void Control_BadValues_AreRefusedAndChangeNothing(PriceControlKind kind, long price, long rate)
    {
        LiveWorld world = Started();
        int commands = world.Journal.Count;
        Assert.Throws<ArgumentException>(() => Control(world, kind, new Price(price), new Rate(rate)));
        Assert.Equal(commands, world.Journal.Count);
    }

    [Fact]
    public void Push_PricesComeFromOutside_AndGetStale()
    {
        LiveWorld world = Started();
        Price price = Moved(Index(world), 1001, 1000);
        Assert.Throws<ArgumentException>(() => world.Do(world.Controls.PushPriceAsync([new IndexUpdate(s_market, price, default)])));
        world.Do(world.Controls.SetFeedAsync(new FeedChoice(FeedKind.Push, null, 0)));
        world.Do(world.Controls.PushPriceAsync([new IndexUpdate(s_market, price, default)]));
        Assert.Equal(price, Index(world));
        world.Run(TimeSpan.FromMilliseconds(world.Engine.Profile.Liquidation.StaleMilliseconds + 1_000));
        Assert.Equal(PauseReason.Stale, new ExchangeReader(world.Engine).Market(s_market).Pause);
        world = world.Restart(TimeSpan.FromSeconds(1));
        world.Do(world.Controls.PushPriceAsync([new IndexUpdate(s_market, price, default)]));

        Assert.Equal(PauseReason.None, new ExchangeReader(world.Engine).Market(s_market).Pause);
        Assert.Equal(FeedKind.Push, world.State().Feed.Kind);
    }

    [Fact]
    public void Synthetic_AfterARestart_GoesOnFromThePresentPrices()
    {
        LiveWorld world = Started();
        world.Run(TimeSpan.FromMinutes(5));
        Price before = Index(world);
        world = world.Restart(TimeSpan.FromHours(5));
        world.Run(TimeSpan.FromSeconds(2));

        Assert.InRange(Index(world).Units, before.Units * 99 / 100, before.Units * 101 / 100);
    }

    [Fact]
    public void Replay_OfAFile_GoesOnAfterARestartAndHoldsItsEnd()
    {
        string file = Path.Combine(Path.GetTempPath(), $"crossmargin-live-{Guid.NewGuid():N}.csv");
        string symbol = VenueProfiles.Simple.Markets[0].Symbol;
        string[] rows = [.. Enumerable.Range(0, 3).Select(i => $"{1_600_000_020_000 + i * 60_000},{symbol},{100 + i},{101 + i},{100 + i},{101 + i},5")];
        File.WriteAllLines(file, ["time,symbol,open,high,low,close,volume", .. rows]);
        try
        {
            LiveWorld world = Started();
            world.Do(world.Controls.SetFeedAsync(new FeedChoice(FeedKind.Replay, file, 1)));
            world.Run(TimeSpan.FromSeconds(61));
            Assert.InRange(Units(world, Index(world)), 101m, 102m);
            Timestamp stopped = world.Engine.Now;
            world = world.Restart(TimeSpan.FromHours(1));
            Assert.Equal(stopped, world.Clock.Now);
            world.Run(TimeSpan.FromSeconds(60));
            Assert.InRange(Units(world, Index(world)), 102m, 103m);
            world.Run(TimeSpan.FromMinutes(3));

            Assert.Equal(103m, Units(world, Index(world)));
            Assert.Contains("ended", world.State().FeedNote, StringComparison.Ordinal);
            Assert.Equal(PauseReason.None, new ExchangeReader(world.Engine).Market(s_market).Pause);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Replay_OfAMissingFile_IsRefusedAndTheFeedStays()
    {
        LiveWorld world = Started();
        var missing = new FeedChoice(FeedKind.Replay, "/nowhere/prices.csv", 1);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => world.Do(world.Controls.SetFeedAsync(missing)));
        Assert.Contains("no such file", refused.Message, StringComparison.Ordinal);
        Assert.Equal(FeedKind.Synthetic, world.State().Feed.Kind);
        Assert.True(world.State().AgreesWithWallClock);
    }

    private static LiveWorld Started()
    {
        var world = new LiveWorld();
        world.Run(TimeSpan.FromSeconds(3));
        return world;
    }

    private static Price Index(LiveWorld world) => new ExchangeReader(world.Engine).Market(s_market).Index;

    private static decimal Units(LiveWorld world, Price price) =>
        decimal.Parse(world.Engine.Profile[s_market].Format(price), System.Globalization.CultureInfo.InvariantCulture);

    private static Price Moved(Price price, long by, long of) => new((long)Rounding.DivHalfEven((Int128)price.Units * by, of));

    private static void Control(LiveWorld world, PriceControlKind kind, Price price, Rate rate = default) =>
        world.Do(world.Controls.ControlPriceAsync(s_market, new PriceControl(kind, price, rate)));
}
