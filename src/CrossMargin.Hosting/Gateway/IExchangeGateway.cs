using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// The way into an exchange and the view of it, for whatever speaks to clients. Thread-safe. Every answer waits until what it shows is
/// durable. Where the exchange is broken or closed, reads throw <see cref="ExchangeUnavailableException"/>.
/// </summary>
public interface IExchangeGateway
{
    /// <summary>The rules and the markets by symbol.</summary>
    VenueProfile Profile { get; }

    /// <summary>Why nothing is taken any more, in words for an operator; or null.</summary>
    string? Unavailable { get; }

    /// <summary>
    /// Executes commands in order, with nothing of the same client between them, and answers each. A command is a message from
    /// <see cref="ActorId.Client"/> to an account, market or the fund, with a command id that its client uses once.
    /// </summary>
    /// <returns>
    /// As many answers as commands. A message that is no command throws <see cref="ArgumentException"/>, nothing executed.
    /// </returns>
    // :: Step 1: a client hands commands to the host
    Task<IReadOnlyList<CommandAnswer>> SubmitAsync(IReadOnlyList<Message> commands);

    /// <summary>
    /// Cancels one open order and shows it as it was before, with nothing between the two. Nothing is done where the account has no open
    /// order of that id or name in the market; orders that were conditional ones are not looked at.
    /// </summary>
    /// <param name="order">The order's id; none: it is looked up by its client's name.</param>
    /// <param name="command">The command id, which its client uses once.</param>
    Task<CancelAttempt> CancelOrderAsync(AccountId account, MarketId market, OrderId order, ClientOrderId name, CommandId command);

    /// <summary>Null where there is no such account.</summary>
    Task<AccountSnapshot?> ReadAccountAsync(AccountId account);

    Task<MarketSnapshot> ReadMarketAsync(MarketId market);

    /// <summary>All markets in id order, as of one moment where the host can.</summary>
    Task<IReadOnlyList<MarketSnapshot>> ReadMarketsAsync();

    /// <summary>The published depth, best level first, at most <paramref name="levels"/> (1 to 1,000) a side.</summary>
    Task<MarketDepth> ReadDepthAsync(MarketId market, int levels);

    Task<FundSnapshot> ReadFundAsync();
}

/// <summary>The exchange takes nothing any more: it is closed, or it stopped because a rule broke or its disk failed.</summary>
public sealed class ExchangeUnavailableException(string reason) : IOException(reason);
