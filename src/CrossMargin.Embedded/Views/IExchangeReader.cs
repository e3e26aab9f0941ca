using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Views;

/// <summary>Reads an engine between two commands, on its thread.</summary>
public interface IExchangeReader
{
    /// <summary>The market's public data as it stands.</summary>
    MarketData Market(MarketId market);

    /// <summary>An open account as it stands; the one object is used again for each call and is valid until the next command.</summary>
    IAccountView Account(AccountId account);
}
