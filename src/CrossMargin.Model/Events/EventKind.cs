namespace CrossMargin.Model;

/// <summary>What an event is. Numbers reach the disk (history): never renumber.</summary>
public enum EventKind : ushort
{
    None = 0,

    // of an account
    AccountOpened = 1,
    CommandRefused = 2,
    OrderAccepted = 3,
    OrderFilled = 4,
    OrderEnded = 5,
    OrderReduced = 6,
    OrderAmended = 7,
    TriggerAccepted = 8,
    TriggerEnded = 9,
    BalanceChanged = 10,
    PositionChanged = 11,
    LeverageChanged = 12,
    MarginModeChanged = 13,
    PositionModeChanged = 14,
    LiquidationStarted = 15,
    LiquidationOrdered = 16,
    LiquidationStepped = 17,
    LiquidationEnded = 18,
    AccountStatusChanged = 19,
    AccountClosed = 20,

    // of a market
    Traded = 40,
    PriceChanged = 41,
    FundingSettled = 42,
    MarketStatusChanged = 43,
    LiquidationPaused = 44,
    LiquidationResumed = 45,
    DeleverageRoundStarted = 46,
    Deleveraged = 47,
    DeleverageRoundEnded = 48,
    FundingSkipped = 49,
    MarketCommandRefused = 50,
    LeverageBracketsChanged = 51,
    HouseChanged = 52,
    FundingRateSet = 53,

    // of the insurance fund
    FundBalanceChanged = 60,
    DeficitChanged = 61,
    TakeoverDecided = 62,
}

/// <summary>Why a balance changed; Binance's income types and the simulator's own.</summary>
public enum BalanceReason : byte
{
    Deposit = 1,
    Withdrawal = 2,
    RealizedProfit = 3,
    Commission = 4,
    Funding = 5,
    LiquidationFee = 6,

    /// <summary>The fund made the wallet whole.</summary>
    InsuranceClear = 7,

    /// <summary>What was left after the last position went to fund or deleveraging now belongs to the fund.</summary>
    LiquidationLeftover = 8,

    /// <summary>Between the cross wallet and an isolated leg: the account's total is unchanged.</summary>
    IsolatedMargin = 9,

    /// <summary>Collateral sold, or its proceeds.</summary>
    CollateralSale = 10,
}
