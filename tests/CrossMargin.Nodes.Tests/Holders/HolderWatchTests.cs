using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;
using CrossMargin.Nodes.Machines;
using CrossMargin.TestKit;

namespace CrossMargin.Nodes.Tests.Holders;

public class HolderWatchTests
{
    private static readonly HolderWatchOptions s_options = new();
    private static readonly NodeId s_node = new(4);
    private static readonly AccountId s_long = new(1);
    private static readonly AccountId s_short = new(2);
    private static readonly AccountId s_debtor = new(3);

    private readonly Timestamp _start = new(1_700_000_000_000);

    [Fact]
    public void TakeDue_NewActivation_FirstGivesNodesTimeToSayWhomTheyWatch()
    {
        HolderWatch watch = NewWatch();
        Assert.Empty(watch.TakeDue(_start));
        Assert.Empty(watch.TakeDue(_start.AddMilliseconds(5_000)));
        Assert.Null(watch.Unwatched); // not known before the first look
        watch.Renewed(s_node, _start.AddMilliseconds(5_000), [s_long]);

        IReadOnlyList<AccountId> due = watch.TakeDue(_start.AddMilliseconds(s_options.FirstLookMilliseconds));

        Assert.Equal([s_short], due); // of whom nothing was heard
        Assert.Equal(1, watch.Unwatched);
    }

    [Fact]
    public void TakeDue_LeaseEnds_WakesWhomTheNodeWatched()
    {
        HolderWatch watch = NewWatch();
        watch.TakeDue(_start);
        watch.Renewed(s_node, _start, [s_long]);
        watch.Seen(s_short, new NodeId(5));
        watch.Renewed(new NodeId(5), _start.AddMilliseconds(20_000), []);
        Assert.Empty(watch.TakeDue(_start.AddMilliseconds(s_options.LeaseMilliseconds - 1)));

        Assert.Equal([s_long], watch.TakeDue(_start.AddMilliseconds(s_options.LeaseMilliseconds)));
    }

    [Fact]
    public void TakeDue_MembershipDeclaresNodeDead_WakesAtOnce()
    {
        HolderWatch watch = NewWatch();
        watch.TakeDue(_start);
        watch.Renewed(s_node, _start.AddMilliseconds(8_000), [s_long, s_short]);
        Assert.Empty(watch.TakeDue(_start.AddMilliseconds(9_000)));
        Assert.Equal(0, watch.Unwatched);

        watch.Ended(s_node);

        Assert.Equal([s_long, s_short], watch.TakeDue(_start.AddMilliseconds(9_100)));
        Assert.Equal(2, watch.Unwatched);
    }

    [Fact]
    public void TakeDue_AccountThatAskedForItWithoutAPosition_IsWokenUntilItNeedNotBe()
    {
        MarketMachine machine = NewMarket();
        var watch = new HolderWatch(machine, s_options);
        watch.TakeDue(_start);
        watch.Renewed(s_node, _start.AddMilliseconds(8_000), [s_long, s_short, s_debtor]);
        Ask(machine, isNeeded: true);
        watch.Ended(s_node);
        Assert.Equal([s_long, s_short, s_debtor], watch.TakeDue(_start.AddMilliseconds(9_000)));

        var stored = new StateWriter();
        machine.Write(stored);
        MarketMachine loaded = new(machine.Actor.View.Spec, TestProfiles.Simple());
        loaded.Read(new StateReader(stored.WrittenMemory));
        Assert.Equal([s_debtor], loaded.Debtors);
        Ask(loaded, isNeeded: false);
        Assert.Empty(loaded.Debtors);
    }

    private static void Ask(MarketMachine machine, bool isNeeded)
    {
        var ask = Message.Of(ActorId.Of(s_debtor), machine.Address, CommandId.None, new RequestWatch { IsNeeded = isNeeded });
        machine.Apply(ask, new ActorOutput());
    }

    private HolderWatch NewWatch() => new(NewMarket(), s_options);

    // Two holders: one has bought from the other.
    private MarketMachine NewMarket()
    {
        VenueProfile profile = TestProfiles.Simple();
        MarketSpec spec = profile.Markets[0];
        var machine = new MarketMachine(spec, profile);
        var output = new ActorOutput();
        machine.Begin(_start);
        Assert.True(spec.TryParsePrice("100", DecimalRounding.Down, out Price price));
        machine.Apply(Message.Of(ActorId.Client, machine.Address, CommandId.None, new SetIndexPrice { Market = spec.Id, Index = price }), output);
        foreach ((AccountId account, Side side) in new[] { (s_short, Side.Sell), (s_long, Side.Buy) })
        {
            var order = new SubmitOrder { Order = new OrderId(1), Price = price, Quantity = new Quantity(1_000), Side = side, TimeInForce = TimeInForce.Gtc };
            machine.Apply(Message.Of(ActorId.Of(account), machine.Address, CommandId.None, order), output);
        }

        Assert.Equal(2, machine.Actor.View.HolderCount);
        return machine;
    }
}
