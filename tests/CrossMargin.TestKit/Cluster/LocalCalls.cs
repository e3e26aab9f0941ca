using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.History;
using CrossMargin.Nodes.Pumps;
using CrossMargin.Nodes.Views;

namespace CrossMargin.TestKit.Cluster;

/// <summary>The actors of a <see cref="LocalCluster"/> as a gateway calls them. A call to a node that dies throws.</summary>
public sealed class LocalCalls(LocalCluster cluster) : IActorCalls, IHistoryCalls
{
    public Task<CommandAnswer> SubmitAsync(Message command, IReadOnlyList<CommandId> answered) =>
        cluster.CallAsync(command.To, a => a.Run(() => a.Pump.SubmitAsync(command, answered)));

    public Task<AccountSnapshot?> ReadAccountAsync(AccountId account) =>
        cluster.CallAsync(ActorId.Of(account), a => a.Run(() => ActorReads.AccountAsync(a.Pump)));

    public Task<MarketSnapshot> ReadMarketAsync(MarketId market) =>
        cluster.CallAsync(ActorId.Of(market), a => a.Run(() => ActorReads.MarketAsync(a.Pump)));

    public Task<MarketDepth> ReadDepthAsync(MarketId market, int levels) =>
        cluster.CallAsync(ActorId.Of(market), a => a.Run(() => ActorReads.DepthAsync(a.Pump, levels)));

    public Task<ReadOnlyMemory<byte>> AskAsync(ActorId actor, ReadOnlyMemory<byte> question) =>
        cluster.CallAsync(actor, a => a.Run(() => HistoryDesk.AnswerAsync(a.Pump, question)));

    public Task<FundSnapshot> ReadFundAsync() => cluster.CallAsync(ActorId.Fund, a => a.Run(() => ActorReads.FundAsync(a.Pump)));
}
