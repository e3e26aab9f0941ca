namespace CrossMargin.Model;

/// <summary>
/// What a message is. Commands from outside are messages too (1 to 99); they alone are journalled by the embedded host. Numbers reach
/// the disk: never renumber.
/// </summary>
public enum MessageKind : ushort
{
    None = 0,

    // Client to account
    OpenAccount = 1,
    PlaceOrder = 2,
    AmendOrder = 3,
    CancelOrder = 4,
    CancelTrigger = 5,
    CancelAllOrders = 6,
    SetCountdown = 7,
    SetLeverage = 8,
    SetMarginMode = 9,
    SetPositionMode = 10,
    AdjustIsolatedMargin = 11,
    MovePosition = 12,
    Deposit = 13,
    Withdraw = 14,
    FreezeAccount = 15,
    CloseAccount = 16,

    // Feed, clock or operator to market or fund
    SetIndexPrice = 50,
    AdvanceTime = 51,
    SetFundingRate = 52,
    SettleFunding = 53,
    SetMarketStatus = 54,
    DepositToFund = 55,
    JumpTime = 56,
    SetLeverageBrackets = 57,
    SetHouse = 58,
    CancelAccountOrders = 59,

    // Account (or fund) to market
    SubmitOrder = 100,
    SubmitTrigger = 101,
    RequestCancel = 102,
    RequestCancelTrigger = 103,
    RequestAmend = 104,
    RequestCountdown = 105,
    Fence = 106,
    StartDeleverage = 107,
    DeleverageAnswer = 108,
    TakeOver = 109,
    RequestWatch = 110,

    // Market to account (or fund)
    OrderUpdate = 130,
    Fill = 131,
    TriggerUpdate = 132,
    TriggerFired = 133,
    FenceReached = 134,
    FundingPayment = 135,
    DeleverageQuery = 136,
    DeleverageRelease = 137,
    DeleverageDone = 138,
    TakeoverLapsed = 139,

    // Account to fund, fund to account
    RequestTakeover = 160,
    ClaimShortfall = 161,
    LiquidationProceeds = 162,
    CollateralSold = 163,
    TakeoverRefused = 164,
    ShortfallPaid = 165,
    FundStatus = 166,

    // Market to monitor, monitor to account
    PriceTick = 180,
    JudgePool = 181,
    BracketsTick = 182,

    // Market to itself
    ContinueFunding = 190,
}
