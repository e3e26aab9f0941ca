namespace CrossMargin.Model;

/// <summary>
/// Why a command was refused. Within a band the order of the numbers is the order of precedence: of several reasons that apply, the
/// lowest number is answered. Numbers reach the disk: never renumber.
/// </summary>
public enum RejectReason : ushort
{
    None = 0,

    // 1xx: the request as such
    UnknownAccount = 100,
    AccountExists = 101,
    AccountClosed = 102,
    UnknownMarket = 103,
    UnknownAsset = 104,

    // 2xx: shape of an order (no state needed)
    InvalidSide = 200,
    InvalidType = 201,
    InvalidTimeInForce = 202,
    InvalidPositionSide = 203,
    InvalidFlags = 204,
    InvalidQuantity = 205,
    InvalidPrice = 206,
    InvalidTriggerPrice = 207,
    InvalidCallbackRate = 208,
    InvalidGoodTill = 209,
    InvalidAmount = 210,
    InvalidLeverage = 211,
    InvalidTriggerSource = 212,
    InvalidBrackets = 213,
    InvalidHouse = 214,

    // 3xx: filters of the market
    MarketHalted = 300,
    PriceOffTick = 301,
    PriceTooLow = 302,
    PriceTooHigh = 303,
    QuantityTooSmall = 304,
    QuantityTooLarge = 305,
    NotionalTooSmall = 306,
    PriceAboveBand = 307,
    PriceBelowBand = 308,
    TooManyOpenOrders = 309,
    TooManyOpenTriggers = 310,
    PriceUnavailable = 311,

    // 4xx: state of the account
    InLiquidation = 400,
    HeldForDeleveraging = 401,
    PositionSideMismatch = 402,
    DuplicateClientOrderId = 403,
    ReduceOnlyWithoutPosition = 404,
    UnknownOrder = 405,
    NothingToChange = 406,
    OpenOrdersExist = 407,
    PositionExists = 408,
    NoPosition = 409,
    NotIsolated = 410,
    LeverageTooHighForNotional = 411,
    LeverageReductionIsolated = 412,
    AccountFrozen = 413,

    // 5xx: margin
    NotionalAboveTierLimit = 500,
    MarginInsufficient = 501,
    WouldLiquidate = 502,
    BalanceInsufficient = 503,
    WithdrawalsClosed = 504,

    // 6xx: the market's answer
    WouldImmediatelyTrigger = 600,
    WouldCross = 601,
    FillOrKillNotFillable = 602,
    ReduceOnlyRejected = 603,
    PriceProtected = 604,
}

/// <summary>
/// A refusal with its numbers: the limit that applied and the actual value, in the raw integer of the quantity compared (price units,
/// lots, 1e-8 amounts, counts or rates, as the reason says). <see cref="RejectReason.None"/> means accepted.
/// </summary>
public readonly record struct Refusal(RejectReason Reason, long Limit, long Actual)
{
    public static readonly Refusal None = default;

    public bool IsNone => Reason == RejectReason.None;

    public static Refusal Because(RejectReason reason, long limit = 0, long actual = 0) => new(reason, limit, actual);

    public override string ToString() => IsNone ? "accepted" : $"{Reason} (limit {Limit}, actual {Actual})";
}
