using CrossMargin.Grains.Contracts;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Pumps;

namespace CrossMargin.Grains.Nodes;

/// <summary>The actors through a silo or a cluster client.</summary>
public sealed class ClusterCalls(IGrainFactory grains) : IActorCalls
{
    public Task<CommandAnswer> SubmitAsync(Message command, IReadOnlyList<CommandId> answered)
    {
        long[] ids = answered.Count == 0 ? [] : [.. answered.Select(static id => id.Value)];
        IActorGrain grain = command.To.Kind switch
        {
            ActorKind.Account => grains.GetGrain<IAccountGrain>(command.To.Number),
            ActorKind.Market => grains.GetGrain<IMarketGrain>(command.To.Number),
            ActorKind.Fund => grains.GetGrain<IInsuranceFundGrain>(0),
            _ => throw new ArgumentException($"commands go to accounts, markets and the fund, not to {command.To}"),
        };
        return grain.Submit(command, ids);
    }

    public Task<AccountSnapshot?> ReadAccountAsync(AccountId account) => grains.GetGrain<IAccountGrain>(account.Value).Read();

    public Task<MarketSnapshot> ReadMarketAsync(MarketId market) => grains.GetGrain<IMarketGrain>(market.Value).Read();

    public Task<MarketDepth> ReadDepthAsync(MarketId market, int levels) => grains.GetGrain<IMarketGrain>(market.Value).ReadDepth(levels);

    public Task<FundSnapshot> ReadFundAsync() => grains.GetGrain<IInsuranceFundGrain>(0).Read();
}
