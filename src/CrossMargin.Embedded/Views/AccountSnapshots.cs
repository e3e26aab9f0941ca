using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Accounts;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Views;

namespace CrossMargin.Embedded.Views;

/// <summary>Copies accounts between two commands, on the engine's thread.</summary>
internal sealed class AccountSnapshots(ExchangeEngine engine)
{
    private readonly AccountViews _views = new(engine.Profile, new DeleverageQueue(engine).Quantile);

    /// <summary>Null where no such account was ever opened.</summary>
    public AccountSnapshot? Of(AccountId account) =>
        engine.FindAccount(account) is AccountActor actor ? _views.Of(actor.State, engine.Prices, engine.Sequence, engine.Now) : null;

    /// <summary>
    /// One open order by id, or by its client's name where the id is none; null where there is none, or where it was a conditional one.
    /// </summary>
    public OpenOrderSnapshot? OrderOf(AccountId account, MarketId market, OrderId order, in ClientOrderId name) =>
        engine.FindAccount(account) is AccountActor actor ? AccountViews.OrderOf(actor.State, market, order, name) : null;

    /// <summary>Whether an order that is not among the plain ones may be a conditional one; true where there is no such account.</summary>
    public bool MayBeConditional(AccountId account) =>
        engine.FindAccount(account) is not AccountActor { State.IsOpen: true } actor || AccountViews.HasConditionals(actor.State);
}
