using CrossMargin.Embedded.Runs;
using CrossMargin.Embedded.Views;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Live;

/// <summary>
/// The simulated traders at work: who has a turn in a step, what they saw, what they hand in. A trader is put to work when it is first
/// looked at: its account is opened, orders of a former life are cancelled, and its deposit is made up where less than half is left. A
/// crew that follows another waits for its accounts to be wound down.
/// Used on the exchange's thread.
/// </summary>
internal sealed class TraderCrew
{
    // The account of each trader is looked at once in so many steps: has it lost everything? After the rest it is funded again.
    private const long CheckSteps = 60;
    private const long RestSteps = 600;

    // Below this part of its first deposit (1e-8) a trader without positions has lost everything.
    private const long BrokeFraction = 5_000_000;

    private readonly ITraderPopulation _population;
    private readonly FundedTrader[] _traders;
    private readonly bool[] _works;
    private readonly long[] _wake;
    private readonly long[] _brokeSince;
    private readonly TraderMail _mail;
    private readonly TurnCommands _turn = new();
    private readonly CommandNumbers _numbers;
    private readonly Action<AccountId, Exception>? _failed;

    public TraderCrew(ITraderPopulation population, CommandNumbers numbers, Action<AccountId, Exception>? failed, bool follows)
    {
        (_population, _numbers, _failed, Follows) = (population, numbers, failed, follows);
        _traders = [.. Enumerable.Range(0, population.Count).Select(population.Make)];
        _works = new bool[_traders.Length];
        _wake = new long[_traders.Length];
        _brokeSince = new long[_traders.Length];
        _mail = new TraderMail([.. _traders.Select(t => t.Trader.Account)]);
    }

    public int Count => _traders.Length;

    /// <summary>Its accounts were another crew's, whose positions are closed first.</summary>
    public bool Follows { get; }

    public bool IsAtWork(AccountId account) => account.Value <= _works.Length && _works[account.Value - 1];

    public void Post(ReadOnlySpan<Event> events) => _mail.Post(events);

    /// <summary>Looks at one trader in a step: a turn if it asked for one or something happened to it.</summary>
    public void Visit(int i, long step, Timestamp time, IMarketDataView markets, ExchangeReader reader, IBeatCommands exchange)
    {
        // With a disk that is nearly full they rest, and are neither opened nor funded. Time and prices go on: they are few, and without them
        // no position of a client could be liquidated in time. So does winding down, which only lowers risk and ends by itself.
        if (!exchange.TakesOrders) return;
        AccountId account = _traders[i].Trader.Account;
        if (!_works[i])
        {
            bool isNew = exchange.Engine.FindAccount(account) is null;
            if (Follows && !isNew && reader.Account(account).PositionCount > 0) return;
            PutToWork(i, isNew, reader, exchange);
        }

        if (_wake[i] <= step || _mail.HasMail(i)) Turn(i, step, time, markets, reader.Account(account), exchange);
        if ((step + i) % CheckSteps == 0) Check(i, step, reader.Account(account), exchange);
    }

    private void PutToWork(int i, bool isNew, ExchangeReader reader, IBeatCommands exchange)
    {
        (ITrader trader, Amount deposit, Rate maker, Rate taker) = _traders[i];
        AccountId account = trader.Account;
        Amount missing = deposit;
        Begin(account, default);
        if (isNew)
        {
            _turn.Submit(new OpenAccount { MakerFee = maker, TakerFee = taker });
        }
        else
        {
            _turn.Submit(new CancelAllOrders { Market = MarketId.None, Scope = CancelScope.All });
            Amount equity = reader.Account(account).Equity;
            missing = equity.E8 < deposit.E8 / 2 ? deposit - equity : Amount.Zero;
        }

        if (missing.IsPositive) _turn.Submit(new Deposit { Asset = AssetId.Settlement, Amount = missing });
        Submit(exchange);
        _mail.Take(i);
        _works[i] = true;
    }

    private void Turn(int i, long step, Timestamp time, IMarketDataView markets, IAccountView account, IBeatCommands exchange)
    {
        ITrader trader = _traders[i].Trader;
        Begin(trader.Account, time);
        var turn = new TraderTurn
        {
            Step = step,
            Now = time,
            Events = _mail.Take(i),
            Markets = markets,
            Account = account,
            Commands = _turn,
        };
        try
        {
            _wake[i] = Math.Max(step + 1, trader.OnTurn(turn));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A fault of one strategy must not stop an exchange that serves others.
            _wake[i] = step + RestSteps;
            _failed?.Invoke(trader.Account, e);
            return;
        }

        Submit(exchange);
    }

    private void Check(int i, long step, IAccountView account, IBeatCommands exchange)
    {
        Amount deposit = _traders[i].Deposit;
        bool broke = account.PositionCount == 0 && account.OpenOrderCount == 0 && !account.InLiquidation
            && account.Wallet.E8 < Rounding.MulDivDown(deposit.E8, BrokeFraction, Rate.One);
        if (!broke)
        {
            _brokeSince[i] = 0;
        }
        else if (_brokeSince[i] == 0)
        {
            _brokeSince[i] = step;
        }
        else if (step - _brokeSince[i] >= RestSteps)
        {
            _brokeSince[i] = 0;
            _wake[i] = step + 1;
            Begin(account.Id, default);
            _turn.Submit(new Deposit { Asset = AssetId.Settlement, Amount = deposit - account.Wallet });
            _traders[i] = _population.Make(i);
            Submit(exchange);
        }
    }

    private void Begin(AccountId account, Timestamp time) => _turn.Begin(account, time, _numbers.Last);

    private void Submit(IBeatCommands exchange)
    {
        _numbers.Last = _turn.LastId;
        for (int k = 0; k < _turn.Count; k++) exchange.Submit(_turn.Commands[k].Message);
    }
}

/// <summary>Command ids of all simulated traders since the exchange was opened; each is given once.</summary>
internal sealed class CommandNumbers(Timestamp opened)
{
    private const int CountBits = 20;

    public long Last { get; set; } = opened.Milliseconds << CountBits;
}
