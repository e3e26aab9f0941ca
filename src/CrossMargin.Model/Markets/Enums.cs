namespace CrossMargin.Model;

// Every number below reaches the disk (journal, snapshots, history): never renumber, only append. A test freezes them.

public enum Side : byte
{
    Buy = 1,
    Sell = 2,
}

/// <summary>Which leg of a market a position or order belongs to: <see cref="Both"/> in one-way mode, Long or Short in hedge mode.</summary>
public enum PositionSide : byte
{
    Both = 0,
    Long = 1,
    Short = 2,
}

public enum MarginMode : byte
{
    Cross = 0,
    Isolated = 1,
}

public enum OrderType : byte
{
    Limit = 1,
    Market = 2,
    Stop = 3,
    StopMarket = 4,
    TakeProfit = 5,
    TakeProfitMarket = 6,
    TrailingStopMarket = 7,
}

public enum TimeInForce : byte
{
    /// <summary>Good till cancelled.</summary>
    Gtc = 1,

    /// <summary>Immediate or cancel: takes what it can, leaves nothing.</summary>
    Ioc = 2,

    /// <summary>Fill or kill: the whole size at once, or nothing.</summary>
    Fok = 3,

    /// <summary>Good till crossing (post-only): expires instead of taking.</summary>
    Gtx = 4,

    /// <summary>Good till date.</summary>
    Gtd = 5,
}

/// <summary>What happens when an incoming order would trade with one of the same account; the incoming order's mode decides.</summary>
public enum SelfTradePrevention : byte
{
    /// <summary>The orders trade with each other.</summary>
    None = 0,

    /// <summary>The incoming order's rest expires.</summary>
    ExpireTaker = 1,

    /// <summary>The resting order expires, the incoming one goes on.</summary>
    ExpireMaker = 2,

    /// <summary>Both expire.</summary>
    ExpireBoth = 3,
}

/// <summary>The price that a conditional order watches.</summary>
public enum TriggerSource : byte
{
    /// <summary>The last trade's price (Binance: CONTRACT_PRICE).</summary>
    Last = 0,

    /// <summary>The mark price.</summary>
    Mark = 1,
}

[Flags]
public enum OrderFlags : ushort
{
    None = 0,
    ReduceOnly = 1,

    /// <summary>A conditional order without a size: closes whatever the leg holds when it triggers. Implies reduce-only.</summary>
    ClosePosition = 2,

    /// <summary>A liquidation's own order: no trading fee, no self-trade prevention.</summary>
    Liquidation = 4,

    /// <summary>Sent by a conditional order that triggered.</summary>
    FromTrigger = 8,

    /// <summary>The order was MARKET for the client; its price is the bound the account set.</summary>
    Market = 16,

    /// <summary>The conditional order is refused at its trigger while last and mark differ by more than the market's protect rate.</summary>
    PriceProtect = 32,

    /// <summary>Set by the market on a resting GTX order: an amendment may not make it take.</summary>
    PostOnly = 64,

    /// <summary>
    /// A conditional order that came by the path for plain orders, and the order it becomes: shown under the conditional order's id. Only
    /// conditional orders may be placed with it; no rule looks at it.
    /// </summary>
    ClassicTrigger = 128,
}

public enum OrderStatus : byte
{
    /// <summary>On its way to the market, or resting without a fill.</summary>
    New = 1,
    PartiallyFilled = 2,
    Filled = 3,
    Canceled = 4,

    /// <summary>Ended by the exchange: IOC or FOK rest, GTX that would cross, GTD over, reduce-only cut to nothing, countdown, liquidation.</summary>
    Expired = 5,

    /// <summary>Ended by self-trade prevention.</summary>
    ExpiredInMatch = 6,
    Rejected = 7,
}

/// <summary>Why an order ended or lost a part without a fill.</summary>
public enum CancelReason : byte
{
    None = 0,
    ByClient = 1,
    ImmediateOrCancel = 2,
    FillOrKill = 3,
    WouldCross = 4,
    GoodTillDate = 5,
    SelfTrade = 6,
    ReduceOnlyCut = 7,
    Countdown = 8,
    Liquidation = 9,
    Deleveraged = 10,
    MarketHalted = 11,
    PriceBound = 12,
    AccountClosed = 13,
    MarginShort = 14,
    ByOperator = 15,
}

public enum AlgoStatus : byte
{
    New = 1,
    Triggered = 2,
    Canceled = 3,
    Rejected = 4,
    Expired = 5,
}

public enum MarketStatus : byte
{
    Trading = 1,

    /// <summary>Orders are refused, cancels work; liquidation waits.</summary>
    Halted = 2,
}

/// <summary>What a fill is.</summary>
public enum FillKind : byte
{
    Trade = 1,

    /// <summary>A liquidation's reduce-only order met the book.</summary>
    Liquidation = 2,

    /// <summary>The fund took the position over at the bankruptcy price.</summary>
    Takeover = 3,

    /// <summary>Auto-deleveraging at the bankruptcy price.</summary>
    Deleverage = 4,
}

/// <summary>What an account may do at all.</summary>
public enum AccountStatus : byte
{
    /// <summary>Never opened.</summary>
    None = 0,
    Active = 1,

    /// <summary>Adds no risk and takes no money out (<see cref="FreezeAccount"/>).</summary>
    Frozen = 2,

    /// <summary>For good (<see cref="CloseAccount"/>).</summary>
    Closed = 3,
}
