using CrossMargin.Embedded.Runs;
using CrossMargin.Embedded.Views;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Live;

/// <summary>
/// Accounts of traders that are no longer wanted: their orders are cancelled and their positions closed at market, with new attempts until
/// nothing is left. Used on the exchange's thread.
/// </summary>
internal sealed class RetiredTraders(int mostTraders, CommandNumbers numbers)
{
    private const int VisitsPerStep = 10;
    private const long StepsBetweenAttempts = 15;

    private readonly Queue<(AccountId Account, long At)> _accounts = new();
    private readonly TurnCommands _turn = new();

    public int Count => _accounts.Count;

    /// <summary>Finds everybody above the traders that are wanted, and below other people's accounts, who still has something.</summary>
    public void Find(int wanted, ExchangeReader reader, IBeatCommands exchange)
    {
        _accounts.Clear();
        foreach (IActor actor in exchange.Engine.Accounts)
        {
            int number = actor.Address.Number;
            if (number <= wanted || number > mostTraders) continue;
            var account = new AccountId(number);
            if (HasAnything(actor, reader.Account(account))) _accounts.Enqueue((account, 0));
        }
    }

    /// <summary>A few of those whose turn it is. Who is at work again is let go.</summary>
    public void Step(long step, TraderCrew crew, ExchangeReader reader, IBeatCommands exchange)
    {
        for (int n = Math.Min(VisitsPerStep, _accounts.Count); n > 0; n--)
        {
            (AccountId account, long at) = _accounts.Peek();
            if (at > step) return;
            _accounts.Dequeue();
            if (!crew.IsAtWork(account) && Close(account, reader, exchange)) _accounts.Enqueue((account, step + StepsBetweenAttempts));
        }
    }

    // False when nothing was left to close.
    private bool Close(AccountId account, ExchangeReader reader, IBeatCommands exchange)
    {
        IAccountView view = reader.Account(account);
        if (!HasAnything(exchange.Engine.FindAccount(account)!, view)) return false;
        if (view.InLiquidation) return true;
        _turn.Begin(account, default, numbers.Last);
        _turn.Submit(new CancelAllOrders { Market = MarketId.None, Scope = CancelScope.All });
        for (int i = 0; i < view.PositionCount; i++)
        {
            PositionView position = view.Position(i);
            _turn.Submit(new PlaceOrder
            {
                Market = position.Market,
                Side = position.Quantity.Sign > 0 ? Side.Sell : Side.Buy,
                Type = OrderType.Market,
                TimeInForce = TimeInForce.Ioc,
                PositionSide = position.Side,
                Flags = OrderFlags.ReduceOnly,
                SelfTradePrevention = SelfTradePrevention.ExpireMaker,
                Quantity = Quantity.Min(position.Quantity.Abs, exchange.Engine.Profile[position.Market].MaxMarketQuantity),
            });
        }

        numbers.Last = _turn.LastId;
        for (int i = 0; i < _turn.Count; i++) exchange.Submit(_turn.Commands[i].Message);
        return true;
    }

    private static bool HasAnything(IActor actor, IAccountView view) =>
        view.PositionCount > 0 || view.OpenOrderCount > 0 || ((AccountActor)actor).State.Triggers is { Count: > 0 };
}
