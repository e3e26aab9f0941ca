using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Risk;
using CrossMargin.TestKit;

namespace CrossMargin.Nodes.Tests.Risk;

public class NodeWatchTests
{
    private static readonly VenueProfile s_profile = TestProfiles.Simple();
    private readonly NodeWatch _watch = new(s_profile, new NodeId(1));

    [Fact]
    public void Renewed_ByAnOlderEpoch_ConfirmsNothing()
    {
        Assert.True(Renew(1, epoch: 3, at: 0));
        Assert.False(Renew(1, epoch: 2, at: 20_000)); // an activation that does not know that it was replaced

        Assert.Equal([new MarketId(1)], _watch.SuspendExpired(new Timestamp(30_000)));
        Assert.Equal(PauseReason.Stale, _watch.Prices.Pause(new MarketId(1)));
        Assert.False(Renew(1, epoch: 3, at: 31_000));
        Assert.Equal(PauseReason.None, _watch.Prices.Pause(new MarketId(1)));
    }

    [Fact]
    public void KnowsAllMarkets_OneHasNotAnswered_False()
    {
        Renew(1, epoch: 1, at: 0);
        Renew(2, epoch: 1, at: 0);
        Renew(2, epoch: 2, at: 10);
        Assert.False(_watch.KnowsAllMarkets);
        Assert.False(new AccountMachine(new AccountId(1), s_profile, _watch).IsReady);
        Assert.False(new FundMachine(s_profile, _watch).IsReady);

        Renew(3, epoch: 1, at: 20);
        Assert.True(_watch.KnowsAllMarkets);
        Assert.True(new AccountMachine(new AccountId(1), s_profile, _watch).IsReady);
    }

    private bool Renew(int market, int epoch, long at)
    {
        var tick = new PriceTick { Market = new MarketId(market), Epoch = epoch, Sequence = 1, Mark = new Price(100), Index = new Price(100) };
        return _watch.Renewed(tick, default, new Timestamp(at));
    }
}
