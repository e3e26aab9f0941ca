using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Views;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Server.Tests.Live;

public class LiveSimulatorTests
{
    private static readonly MarketId s_first = new(1);

    [Fact]
    public void Live_AnEventfulDay_ReplaysToTheSameHashAndBalances()
    {
        var world = new LiveWorld(new TraderChoice(60, null, []), profile: VenueProfiles.Binance);
        world.Run(TimeSpan.FromMinutes(4));
        int trades = world.Trades;
        world.Do(world.Controls.PauseAsync());
        world.Run(TimeSpan.FromMinutes(1));
        world.Do(world.Controls.StepAsync(90_500));
        world.Do(world.Controls.ControlPriceAsync(s_first, new PriceControl(PriceControlKind.Shock, Price.None, new Rate(-5_000_000))));
        world.Do(world.Controls.ResumeAsync());
        world.Do(world.Controls.SetSpeedAsync(60));
        world.Run(TimeSpan.FromMinutes(1));
        world.Do(world.Controls.ControlPriceAsync(s_first, new PriceControl(PriceControlKind.Drift, Price.None, new Rate(-30_000_000))));
        world.Do(world.Controls.SetTradersAsync(new TraderChoice(25, null, ["BTCUSDT", "ETHUSDT", "SOLUSDT"])));
        world.Run(TimeSpan.FromMinutes(1));
        world.Do(world.Controls.SetFeedAsync(new FeedChoice(FeedKind.Synthetic, null, 77)));
        world = world.Restart(TimeSpan.FromHours(3));
        world.Run(TimeSpan.FromMinutes(1));

        Assert.True(trades > 100, $"{trades} trades");
        Assert.True(world.Trades > 100, $"{world.Trades} trades after the restart");
        Assert.Equal("", string.Join('\n', world.Failures.Take(1)));
        Assert.Equal(world.Engine.StateHash(), world.ReplayedHash());
        InvariantAudit.Check(world.Engine);
    }

    [Fact]
    public void Disk_NearlyFull_PricesAndTimeGoOnTradersRest()
    {
        var world = new LiveWorld(new TraderChoice(20, null, []));
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Contains(world.Journal, c => c.Message.Kind == MessageKind.PlaceOrder);
        int before = world.Journal.Count;
        world.TakesOrders = false;
        world.Do(world.Controls.SetTradersAsync(new TraderChoice(40, null, [])));
        world.Run(TimeSpan.FromSeconds(20));
        MessageKind[] kinds = [.. world.Journal.Skip(before).Select(c => c.Message.Kind).Distinct()];
        Assert.Contains(MessageKind.AdvanceTime, kinds);
        Assert.Contains(MessageKind.SetIndexPrice, kinds);
        Assert.DoesNotContain(MessageKind.OpenAccount, kinds);
        Assert.DoesNotContain(MessageKind.Deposit, kinds);
        Assert.DoesNotContain(world.Journal.Skip(before), c => c.Message.Kind == MessageKind.PlaceOrder
            && (c.Message.Body<PlaceOrder>().Flags & OrderFlags.ReduceOnly) == 0);

        int rested = world.Journal.Count;
        world.TakesOrders = true;
        world.Run(TimeSpan.FromSeconds(40));
        Assert.Contains(world.Journal.Skip(rested), c => c.Message.Kind == MessageKind.OpenAccount);
        Assert.Contains(world.Journal.Skip(rested), c => c.Message.Kind == MessageKind.PlaceOrder
            && (c.Message.Body<PlaceOrder>().Flags & OrderFlags.ReduceOnly) == 0);
    }

    [Fact]
    public void Clock_AgreeingAtTheStop_JumpsToTheWall()
    {
        var world = new LiveWorld();
        world.Run(TimeSpan.FromSeconds(5));
        world = world.Restart(TimeSpan.FromHours(20));

        Assert.Equal(world.Time.GetUtcNow().ToUnixTimeMilliseconds(), world.Engine.Now.Milliseconds);
        Assert.Contains(world.Journal, c => c.Message.Kind == MessageKind.JumpTime);
    }

    [Fact]
    public void Clock_PausedAtTheStop_GoesOnFromItsLastTime()
    {
        var world = new LiveWorld();
        world.Run(TimeSpan.FromSeconds(5));
        world.Do(world.Controls.PauseAsync());
        Timestamp stopped = world.Engine.Now;
        world = world.Restart(TimeSpan.FromHours(20));
        world.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(stopped, world.Clock.Now);
        world.Do(world.Controls.ResumeAsync());
        world.Run(TimeSpan.FromSeconds(5));

        Assert.Equal(stopped.AddMilliseconds(5_000), world.Clock.Now);
        Assert.False(world.State().AgreesWithWallClock);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(604_800_001)]
    public void Step_OutOfRange_IsRefused(long milliseconds)
    {
        var world = new LiveWorld();
        world.Do(world.Controls.PauseAsync());
        Assert.Throws<ArgumentException>(() => world.Do(world.Controls.StepAsync(milliseconds)));
    }

    [Fact]
    public void Step_WhileRunning_IsRefused()
    {
        var world = new LiveWorld();
        Assert.Throws<ArgumentException>(() => world.Do(world.Controls.StepAsync(1_000)));
    }

    [Fact]
    public void Speed_AnExchangeThatCannotKeepUp_LagsByABoundedTime()
    {
        var world = new LiveWorld();
        world.Run(TimeSpan.FromSeconds(1));
        world.Do(world.Controls.SetSpeedAsync(10));
        world.Time.Pass(TimeSpan.FromHours(1));
        world.Simulator.OnBeat(world.Engine.Now, world);
        Assert.InRange(world.Clock.Now - world.Engine.Now, 1, 20_000);
    }

    [Fact]
    public void Traders_AreOpenedOnce_AndFewerWindDown()
    {
        var world = new LiveWorld(new TraderChoice(40, null, []), profile: VenueProfiles.Binance);
        world.Run(TimeSpan.FromMinutes(3));
        Assert.Equal(40, world.Engine.AccountCount);
        world.Do(world.Controls.SetTradersAsync(new TraderChoice(10, null, [])));
        world.Run(TimeSpan.FromMinutes(2));
        var reader = new ExchangeReader(world.Engine);
        for (int i = 11; i <= 40; i++)
        {
            IAccountView account = reader.Account(new AccountId(i));
            Assert.Equal((0, 0), (account.PositionCount, account.OpenOrderCount));
        }

        Assert.Equal(40, world.Engine.AccountCount);
        Assert.Equal((10, 0), world.Simulator.TraderCounts);
    }

    [Fact]
    public void Traders_AfterARestart_HaveNoOldOrders()
    {
        var world = new LiveWorld(new TraderChoice(40, null, []));
        world.Run(TimeSpan.FromMinutes(2));
        int before = world.Journal.Count;
        world = world.Restart(TimeSpan.FromSeconds(2));
        world.Run(TimeSpan.FromSeconds(1));
        int cancels = world.Journal.Skip(before).Count(c => c.Message.Kind == MessageKind.CancelAllOrders && c.Message.To.Kind == ActorKind.Account);

        Assert.True(cancels >= 40, $"{cancels} cancels");
        Assert.Equal(40, world.Engine.AccountCount);
    }

    [Fact]
    public void Traders_WhoLostEverything_AreFundedAgain()
    {
        var world = new LiveWorld(new TraderChoice(3, null, []));
        world.Run(TimeSpan.FromSeconds(2));
        var account = new AccountId(1);
        Amount wallet = new ExchangeReader(world.Engine).Account(account).Withdrawable();
        world.Submit(Message.Of(ActorId.Client, ActorId.Of(account), new CommandId(5), new CancelAllOrders { Scope = CancelScope.All }));
        world.Submit(Message.Of(ActorId.Client, ActorId.Of(account), new CommandId(6), new Withdraw { Amount = wallet }));
        world.Run(TimeSpan.FromMinutes(15));
        int deposits = world.Journal.Count(c => c.Message.Kind == MessageKind.Deposit && c.Message.To == ActorId.Of(account));

        Assert.Equal(2, deposits);
    }

    [Fact]
    public void Traders_AMixThatIsNone_ChangesNothing()
    {
        var world = new LiveWorld(new TraderChoice(5, null, []));
        world.Run(TimeSpan.FromSeconds(2));
        Assert.Throws<ArgumentException>(() => world.Do(world.Controls.SetTradersAsync(new TraderChoice(5, "strategies: 3", []))));
        Assert.Throws<ArgumentException>(() => world.Do(world.Controls.SetTradersAsync(new TraderChoice(5, null, ["NOPE"]))));
        Assert.Equal(new TraderChoice(5, null, []).Count, world.State().Traders.Count);
    }
}

internal static class Accounts
{
    /// <summary>All of the wallet, of an account without positions.</summary>
    public static Amount Withdrawable(this IAccountView account) => account.Wallet;
}
