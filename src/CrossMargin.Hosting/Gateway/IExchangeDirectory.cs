using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>What an exchange consists of. Thread-safe.</summary>
public interface IExchangeDirectory
{
    /// <summary>The rules and the markets by symbol.</summary>
    VenueProfile Profile { get; }

    /// <summary>Ids of all open accounts, rising.</summary>
    Task<IReadOnlyList<AccountId>> AccountsAsync();
}
