namespace CrossMargin.Model;

// Every number below reaches the disk: never renumber, only append.

/// <summary>The rule that fired.</summary>
public enum LiquidationRule : byte
{
    /// <summary>A pool with positions: equity ≤ maintenance (or below it, where equality is safe).</summary>
    EquityAtOrBelowMaintenance = 1,

    /// <summary>A pool without positions: equity below zero.</summary>
    NegativeWithoutPosition = 2,

    /// <summary>The fund's equity reached zero: its positions are deleveraged.</summary>
    FundExhausted = 3,
}

public enum LiquidationStage : byte
{
    Frozen = 1,
    Rechecked = 2,
    BookTried = 3,
    FundAsked = 4,
    FundTook = 5,
    DeleverageAsked = 6,
    DeleverageDone = 7,
    CollateralSold = 8,
    ShortfallClaimed = 9,
    Waiting = 10,
}

public enum LiquidationOutcome : byte
{
    /// <summary>Cancelling orders was enough.</summary>
    SoundAfterCancel = 1,

    /// <summary>Reducing was enough; positions remain.</summary>
    Reduced = 2,

    /// <summary>All positions closed in the book.</summary>
    Closed = 3,

    /// <summary>The last position went to the fund or to deleveraging; what was left belongs to the fund.</summary>
    TakenOver = 4,

    /// <summary>The wallet was below zero and was made whole.</summary>
    Shortfall = 5,
}

public enum FundReason : byte
{
    Deposit = 1,
    LiquidationFee = 2,
    LiquidationLeftover = 3,
    Shortfall = 4,
    RealizedProfit = 5,
    Funding = 6,
    DeficitRepaid = 7,
    Commission = 8,
}
