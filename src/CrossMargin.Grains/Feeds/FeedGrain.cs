using CrossMargin.Grains.Contracts;
using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CrossMargin.Grains.Feeds;

/// <summary>
/// Drives prices and time. The silo's feed goes on from the markets' present prices, so a feed grain that starts anew on another silo
/// continues; a market that is behind gets only the newest price.
/// </summary>
[Reentrant]
[KeepAlive]
public sealed class FeedGrain(SiloNode node, IClusterFeed feed, ILogger<FeedGrain> log) : Grain, IFeedGrain
{
    private readonly HashSet<ActorId> _underWay = []; // to look up
    private bool _isTicking;
    private Timestamp? _pushedAt;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        TimeSpan period = TimeSpan.FromMilliseconds(node.Options.FeedMilliseconds);
        this.RegisterGrainTimer(TurnAsync, new GrainTimerCreationOptions(TimeSpan.Zero, period) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task Ensure() => Task.CompletedTask;

    public async Task Push(PushedPrice[] prices)
    {
        foreach (PushedPrice price in prices)
        {
            bool isPrice = node.Profile.Contains(new MarketId(price.Market)) && price.Index > 0 && price.DepthVolume >= 0
                && price.Index <= node.Profile[new MarketId(price.Market)].MaxPrice.Units;
            if (!isPrice) throw new ArgumentException($"{price} is no price of a market");
        }

        _pushedAt = node.Clock.Now;
        await Task.WhenAll(prices.Select(p => SetAsync(new IndexUpdate(new MarketId(p.Market), new Price(p.Index), new Quantity(p.DepthVolume)))));
    }

    private async Task TurnAsync(CancellationToken cancellation)
    {
        if (_isTicking) return;
        _isTicking = true;
        try
        {
            Timestamp now = node.Clock.Now;
            bool isPushed = _pushedAt is { } at && now - at < 10L * node.Options.FeedMilliseconds;
            IReadOnlyList<IndexUpdate> updates = isPushed ? [] : await feed.NextAsync(now, ReadAsync);
            foreach (IndexUpdate update in updates) Go(ActorId.Of(update.Market), SetAsync(update));
            var time = new AdvanceTime { Now = now };
            foreach (MarketSpec spec in node.Profile.Markets)
            {
                ActorId market = ActorId.Of(spec.Id);
                Go(market, GrainFactory.GetGrain<IMarketGrain>(spec.Id.Value).Submit(Message.Of(ActorId.Client, market, CommandId.None, time), []));
            }

            Go(ActorId.Fund, GrainFactory.GetGrain<IInsuranceFundGrain>(0).Submit(Message.Of(ActorId.Client, ActorId.Fund, CommandId.None, time), []));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            SiloLog.FeedFailed(log, "the feed", e.Message);
        }
        finally
        {
            _isTicking = false;
        }
    }

    private Task SetAsync(IndexUpdate update)
    {
        ActorId market = ActorId.Of(update.Market);
        var body = new SetIndexPrice { Market = update.Market, Index = update.Index, DepthVolume = update.DepthVolume };
        return GrainFactory.GetGrain<IMarketGrain>(update.Market.Value).Submit(Message.Of(ActorId.Client, market, CommandId.None, body), []);
    }

    private Task<MarketSnapshot> ReadAsync(MarketId market) => GrainFactory.GetGrain<IMarketGrain>(market.Value).Read();

    // One failure a turn and actor is told; the next turn brings a newer price anyway.
    private async void Go(ActorId actor, Task call)
    {
        try
        {
            await call;
            _underWay.Remove(actor);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (_underWay.Add(actor)) SiloLog.FeedFailed(log, actor.ToString(), e.Message);
        }
    }
}

/// <summary>Where a cluster's index prices come from.</summary>
public interface IClusterFeed
{
    /// <summary>At most one price a market; asked about once a second, from one silo at a time.</summary>
    /// <param name="read">A market as it stands, for a feed that goes on from present prices.</param>
    Task<IReadOnlyList<IndexUpdate>> NextAsync(Timestamp now, Func<MarketId, Task<MarketSnapshot>> read);
}

/// <summary>Prices are only pushed from outside.</summary>
public sealed class PushedFeed : IClusterFeed
{
    public Task<IReadOnlyList<IndexUpdate>> NextAsync(Timestamp now, Func<MarketId, Task<MarketSnapshot>> read) =>
        Task.FromResult<IReadOnlyList<IndexUpdate>>([]);
}
