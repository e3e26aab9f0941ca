using CrossMargin.Grains.Contracts;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Directory;
using CrossMargin.Nodes.Gateway;
using CrossMargin.Nodes.History;
using CrossMargin.Nodes.Pumps;

namespace CrossMargin.Grains.Nodes;

/// <summary>The actors through a silo or a cluster client.</summary>
public sealed class ClusterCalls(IGrainFactory grains) : IActorCalls, IHistoryCalls, IDirectoryCalls, IFeedCalls
{
    public Task<CommandAnswer> SubmitAsync(Message command, IReadOnlyList<CommandId> answered)
    {
        long[] ids = answered.Count == 0 ? [] : [.. answered.Select(static id => id.Value)];
        return Of(command.To).Submit(command, ids);
    }

    public Task<AccountSnapshot?> ReadAccountAsync(AccountId account) => grains.GetGrain<IAccountGrain>(account.Value).Read();

    public Task<MarketSnapshot> ReadMarketAsync(MarketId market) => grains.GetGrain<IMarketGrain>(market.Value).Read();

    public Task<MarketDepth> ReadDepthAsync(MarketId market, int levels) => grains.GetGrain<IMarketGrain>(market.Value).ReadDepth(levels);

    public Task<FundSnapshot> ReadFundAsync() => grains.GetGrain<IInsuranceFundGrain>(0).Read();

    public async Task<ReadOnlyMemory<byte>> AskAsync(ActorId actor, ReadOnlyMemory<byte> question) => await Of(actor).AskHistory(question.ToArray());

    public async Task<ReadOnlyMemory<byte>> AskAsync(int shard, ReadOnlyMemory<byte> question) =>
        await grains.GetGrain<IDirectoryGrain>(shard).Ask(question.ToArray());

    public Task PushPriceAsync(IReadOnlyList<IndexUpdate> prices) => grains.GetGrain<IFeedGrain>(0).Push(
        [.. prices.Select(static p => new PushedPrice(p.Market.Value, p.Index.Units, p.DepthVolume.Lots))]);

    public Task ControlPriceAsync(MarketId market, PriceControl control) =>
        Task.FromException(new NotSupportedException("not supported here: a cluster's prices are pushed, or its feed's own"));

    public Task SetFeedAsync(FeedChoice feed) =>
        Task.FromException(new NotSupportedException("not supported here: a cluster's feed is set in its configuration"));

    public Task<FeedState> StateAsync() => Task.FromResult(new FeedState(new FeedChoice(FeedKind.Push, null, 0), [], null));

    private IActorGrain Of(ActorId actor) => actor.Kind switch
    {
        ActorKind.Account => grains.GetGrain<IAccountGrain>(actor.Number),
        ActorKind.Market => grains.GetGrain<IMarketGrain>(actor.Number),
        ActorKind.Fund => grains.GetGrain<IInsuranceFundGrain>(0),
        _ => throw new ArgumentException($"commands go to accounts, markets and the fund, not to {actor}"),
    };
}
