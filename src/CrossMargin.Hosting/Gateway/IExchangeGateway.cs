using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// The way into an exchange and the view of it, for whatever speaks to clients. Thread-safe. Every answer waits until what it shows is
/// durable.
/// </summary>
public interface IExchangeGateway
{
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
    /// What <paramref name="read"/> makes of an account's state as it stands; called once, on the exchange's own thread, so it must be
    /// short and must not keep the view. Null where there is no such account.
    /// </summary>
    Task<T?> ReadAccountAsync<T>(AccountId account, Func<IAccountView, T> read)
        where T : class;

    Task<MarketData> ReadMarketAsync(MarketId market);

    /// <summary>The published depth, best level first, at most <paramref name="levels"/> (1 to 1,000) a side.</summary>
    Task<MarketDepth> ReadDepthAsync(MarketId market, int levels);
}

/// <summary>Traders' and house's quantities by price.</summary>
public sealed record MarketDepth(IReadOnlyList<PriceLevel> Bids, IReadOnlyList<PriceLevel> Asks);

/// <summary>One published level.</summary>
public readonly record struct PriceLevel(Price Price, Quantity Quantity);
