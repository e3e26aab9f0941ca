using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Pumps;

/// <summary>
/// The actors of a cluster as a gateway calls them, wherever they are. Thread-safe. A call that fails (a silo died, a time-out) throws; a
/// command may then be handed in again under its id and has no second effect.
/// </summary>
public interface IActorCalls
{
    /// <summary>Executes a command at its account, market or the fund; see <see cref="ActorPump.SubmitAsync"/>.</summary>
    Task<CommandAnswer> SubmitAsync(Message command, IReadOnlyList<CommandId> answered);

    /// <summary>Null where there is no such account.</summary>
    Task<AccountSnapshot?> ReadAccountAsync(AccountId account);

    Task<MarketSnapshot> ReadMarketAsync(MarketId market);

    Task<MarketDepth> ReadDepthAsync(MarketId market, int levels);

    Task<FundSnapshot> ReadFundAsync();
}
