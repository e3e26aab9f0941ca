using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// A simulated trader: one account, one strategy. It sees only what a client of the account would see, and it is a function of (seed,
/// own id, what it saw): no clock, no shared state, integers or <c>decimal</c>, <see cref="CounterRandom"/> for chance. Its state goes into
/// a run's snapshot, so that a resumed run goes on exactly as it would have.
/// </summary>
public interface ITrader : IRunParticipant
{
    AccountId Account { get; }

    /// <summary>The strategy's name as the mix file and the report have it ("market-maker").</summary>
    string Strategy { get; }

    /// <summary>
    /// One turn. Called in account id order at the step the trader asked for, or earlier when something happened to its account.
    /// Commands handed in are executed right after the turn, in order, before the next trader's turn.
    /// </summary>
    /// <returns>The next step (greater than the current one) in which it wants a turn without an event; long.MaxValue for never.</returns>
    long OnTurn(in TraderTurn turn);
}

/// <summary>What a trader sees and may do in one turn. Valid only during the call.</summary>
public readonly ref struct TraderTurn
{
    public required long Step { get; init; }
    public required Timestamp Now { get; init; }

    /// <summary>The events of the trader's own account since its last turn, in order.</summary>
    public required ReadOnlySpan<Event> Events { get; init; }

    public required IMarketDataView Markets { get; init; }

    /// <summary>The trader's own account as it stands.</summary>
    public required IAccountView Account { get; init; }

    public required ITraderCommands Commands { get; init; }
}

/// <summary>Public market data as of the start of the step.</summary>
public interface IMarketDataView
{
    VenueProfile Profile { get; }

    MarketData this[MarketId market] { get; }
}

/// <summary>One market's public prices; <see cref="Price.None"/> where there is none.</summary>
public readonly record struct MarketData(
    Price Index, Price Mark, Price Last, Price BestBid, Price BestAsk, Quantity BestBidQuantity, Quantity BestAskQuantity, Rate FundingEstimate,
    PauseReason Pause);

/// <summary>A trader's own account, as its client could ask for it.</summary>
public interface IAccountView
{
    AccountId Id { get; }

    /// <summary>Settlement wallet, isolated wallets included.</summary>
    Amount Wallet { get; }

    /// <summary>Cross equity at the marks.</summary>
    Amount Equity { get; }

    /// <summary>Maintenance margin of the cross pool.</summary>
    Amount Maintenance { get; }

    /// <summary>What new orders may reserve.</summary>
    Amount Available { get; }

    bool InLiquidation { get; }

    int PositionCount { get; }

    /// <summary>The i-th open position, by market id, then side; 0 ≤ i &lt; <see cref="PositionCount"/>.</summary>
    PositionView Position(int i);

    /// <summary>The position of a leg, or a flat one.</summary>
    PositionView Position(MarketId market, PositionSide side);

    int OpenOrderCount { get; }

    /// <summary>The i-th open order, by order id; 0 ≤ i &lt; <see cref="OpenOrderCount"/>.</summary>
    OpenOrderView OpenOrder(int i);
}

/// <summary>A position as its owner sees it. <see cref="UnrealizedProfit"/> at the mark.</summary>
public readonly record struct PositionView(
    MarketId Market, PositionSide Side, MarginMode Mode, int Leverage, Quantity Quantity, Amount OpenCost, Amount IsolatedWallet,
    Amount UnrealizedProfit, Amount Maintenance);

/// <summary>An open order as its owner sees it.</summary>
public readonly record struct OpenOrderView(OrderId Id, MarketId Market, Side Side, PositionSide PositionSide, Price Price, Quantity Leaves, OrderFlags Flags);

/// <summary>Takes a trader's commands; each gets the account's address, the exchange time and the next command id of the account.</summary>
public interface ITraderCommands
{
    void Submit<T>(in T command)
        where T : unmanaged, IPayload<T, MessageKind>;
}
