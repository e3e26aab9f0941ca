using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Markets;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Views;

/// <summary>Reads the actors of an exchange as they stand between two commands.</summary>
public sealed class ExchangeReader(ExchangeEngine engine) : IExchangeReader
{
    private readonly AccountView _account = new(engine.Profile, engine.Prices);

    public MarketData Market(MarketId market)
    {
        MarketView view = MarketViewOf(market);
        DepthLevel bid = view.BestBid;
        DepthLevel ask = view.BestAsk;
        return new MarketData(
            view.Index, view.Mark, view.Last, bid.Price, ask.Price, bid.Quantity, ask.Quantity, view.FundingEstimate, view.Pause);
    }

    public IAccountView Account(AccountId account)
    {
        var actor = (AccountActor?)engine.FindAccount(account);
        if (actor is null) throw new ArgumentException($"{account} was never opened", nameof(account));
        _account.Show(actor.State);
        return _account;
    }

    /// <summary>The market's own view, with depth and holders.</summary>
    public MarketView MarketViewOf(MarketId market) => ((MarketActor)engine.Markets[market.Value - 1]).View;
}
