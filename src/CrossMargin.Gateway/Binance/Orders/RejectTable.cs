using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// Every refusal of the exchange as Binance words it. The meaning of some depends on the command, as at Binance. Messages that clients
/// match on stand exactly; to others the numbers are added.
/// </summary>
internal static class RejectTable
{
    public static readonly BinanceError GoodTillDate = new(-5040,
        "The goodTillDate timestamp must be greater than the current time plus 600 seconds and smaller than 253402300799000.");

    /// <param name="command">The command that was refused.</param>
    /// <param name="market">For prices and quantities in the text; null where the refusal is about no market.</param>
    public static BinanceError Of(Refusal refusal, MessageKind command, MarketFormat? market)
    {
        (int code, string message) = ByCommand(refusal, command) ?? General(refusal, market);
        return new BinanceError(code, message);
    }

    /// <summary>Whether a reason has a row of its own; a test asks for each.</summary>
    internal static bool Knows(RejectReason reason) => General(new Refusal(reason, 1, 1), null).Code != 0;

    private static (int Code, string Message)? ByCommand(Refusal refusal, MessageKind command) => (command, refusal.Reason) switch
    {
        (MessageKind.SetMarginMode, RejectReason.NothingToChange) => (-4046, "No need to change margin type."),
        (MessageKind.SetMarginMode, RejectReason.OpenOrdersExist) => (-4047, "Margin type cannot be changed if there exists open orders."),
        (MessageKind.SetMarginMode, RejectReason.PositionExists) => (-4048, "Margin type cannot be changed if there exists position."),
        (MessageKind.SetPositionMode, RejectReason.NothingToChange) => (-4059, "No need to change position side."),
        (MessageKind.SetPositionMode, RejectReason.OpenOrdersExist) => (-4067, "Position side cannot be changed if there exists open orders."),
        (MessageKind.SetPositionMode, RejectReason.PositionExists) => (-4068, "Position side cannot be changed if there exists position."),
        (MessageKind.SetLeverage, RejectReason.MarginInsufficient) =>
            (-2028, "Leverage is smaller than permitted: insufficient margin balance."),
        (MessageKind.AdjustIsolatedMargin, RejectReason.MarginInsufficient) => (-4050, "Cross balance insufficient."),
        (MessageKind.AdjustIsolatedMargin, RejectReason.InvalidAmount) => (-1130, "Data sent for parameter 'amount' is not valid."),
        (MessageKind.AmendOrder, RejectReason.NothingToChange) => (-5027, "No need to modify the order."),
        (MessageKind.AmendOrder, RejectReason.UnknownOrder) => (-2013, "Order does not exist."),
        (MessageKind.AmendOrder, RejectReason.InvalidType) => (-5025, "Only limit order is supported."),
        (MessageKind.AmendOrder, RejectReason.MarketHalted) => (-5024, "Symbol is not in trading status. Order amendment is not permitted."),
        (MessageKind.SetCountdown, RejectReason.InvalidAmount) => (-1130, "Data sent for parameter 'countdownTime' is not valid."),
        _ => null,
    };

    private static (int Code, string Message) General(Refusal refusal, MarketFormat? market) => refusal.Reason switch
    {
        RejectReason.None => (-1000, "An unknown error occurred while processing the request."),
        < RejectReason.InvalidSide => Request(refusal.Reason),
        < RejectReason.MarketHalted => Shape(refusal.Reason),
        < RejectReason.InLiquidation => Filter(refusal, market),
        < RejectReason.NotionalAboveTierLimit => State(refusal.Reason),
        _ => MarginAndMarket(refusal.Reason),
    };

    private static (int Code, string Message) Request(RejectReason reason) => reason switch
    {
        RejectReason.UnknownAccount => (-2015, "Invalid API-key, IP, or permissions for action."),
        RejectReason.AccountExists => (-4099, "The account exists already."),
        RejectReason.AccountClosed => (-4088, "User can not place order currently."),
        RejectReason.UnknownMarket => (-1121, "Invalid symbol."),
        RejectReason.UnknownAsset => (-4044, "Balance Type is not valid: unknown asset."),
        _ => default,
    };

    private static (int Code, string Message) Shape(RejectReason reason) => reason switch
    {
        RejectReason.InvalidSide => (-1117, "Invalid side."),
        RejectReason.InvalidType => (-1116, "Invalid orderType."),
        RejectReason.InvalidTimeInForce => (-1115, "Invalid timeInForce."),
        RejectReason.InvalidPositionSide => (-4060, "Invalid position side."),
        RejectReason.InvalidFlags => (-1128, "Combination of optional parameters invalid."),
        RejectReason.InvalidQuantity => (-4003, "Quantity less than or equal to zero."),
        RejectReason.InvalidPrice => (-4001, "Price less than 0."),
        RejectReason.InvalidTriggerPrice => (-4006, "Stop price less than zero."),
        RejectReason.InvalidCallbackRate => (-2007, "Invalid callBack rate."),
        RejectReason.InvalidGoodTill => (GoodTillDate.Code, GoodTillDate.Message),
        RejectReason.InvalidAmount => (-1130, "Data sent for parameter 'amount' is not valid."),
        RejectReason.InvalidLeverage => (-4028, "Leverage is not valid."),
        RejectReason.InvalidTriggerSource => (-1130, "Data sent for parameter 'workingType' is not valid."),
        RejectReason.InvalidBrackets => (-1130, "Data sent for parameter 'brackets' is not valid."),
        RejectReason.InvalidHouse => (-1130, "Data sent for parameter 'house' is not valid."),
        _ => default,
    };

    private static (int Code, string Message) Filter(Refusal r, MarketFormat? market) => r.Reason switch
    {
        RejectReason.MarketHalted =>
            (-4108, "Invalid status: this symbol is on delivering or delivered or settling or closed or pre-trading; it is halted."),
        RejectReason.PriceOffTick => (-4014, "Price not increased by tick size."),
        RejectReason.PriceTooLow => (-4013, $"Price less than min price{Than(market, new Price(r.Limit))}."),
        RejectReason.PriceTooHigh => (-4002, $"Price greater than max price{Than(market, new Price(r.Limit))}."),
        RejectReason.QuantityTooSmall => (-4004, $"Quantity less than min quantity{Than(market, new Quantity(r.Limit))}."),
        RejectReason.QuantityTooLarge => (-4005, $"Quantity greater than max quantity{Than(market, new Quantity(r.Limit))}."),
        RejectReason.NotionalTooSmall =>
            (-4164, $"Order's notional must be no smaller than {new Amount(r.Limit)} (unless you choose reduce only)."),
        RejectReason.PriceAboveBand => (-4016, $"Limit price can't be higher than{Than(market, new Price(r.Limit))}."),
        RejectReason.PriceBelowBand => (-4024, $"Limit price can't be lower than{Than(market, new Price(r.Limit))}."),
        RejectReason.TooManyOpenOrders => (-2025, "Reach max open order limit."),
        RejectReason.TooManyOpenTriggers => (-4045, "Reach max stop order limit."),
        RejectReason.PriceUnavailable => (-2020, "Unable to fill."),
        _ => default,
    };

    private static (int Code, string Message) State(RejectReason reason) => reason switch
    {
        RejectReason.InLiquidation => (-2023, "User in liquidation mode now."),
        RejectReason.HeldForDeleveraging => (-4088, "User can not place order currently."),
        RejectReason.AccountFrozen => (-4087, "User can only place reduce only order."),
        RejectReason.PositionSideMismatch => (-4061, "Order's position side does not match user's setting."),
        RejectReason.DuplicateClientOrderId => (-4116, "ClientOrderId is duplicated."),
        RejectReason.ReduceOnlyWithoutPosition => (-2022, "ReduceOnly Order is rejected."),
        RejectReason.UnknownOrder => (-2011, "Unknown order sent."),
        RejectReason.NothingToChange => (-5027, "No need to modify the order."),
        RejectReason.OpenOrdersExist => (-4047, "Margin type cannot be changed if there exists open orders."),
        RejectReason.PositionExists => (-4048, "Margin type cannot be changed if there exists position."),
        RejectReason.NoPosition => (-4054, "Cannot add position margin: position is 0."),
        RejectReason.NotIsolated => (-4049, "Add margin only support for isolated position."),
        RejectReason.LeverageTooHighForNotional => (-2027, "Exceeded the maximum allowable position at current leverage."),
        RejectReason.LeverageReductionIsolated =>
            (-4161, "Leverage reduction is not supported in Isolated Margin Mode with open positions."),
        _ => default,
    };

    private static (int Code, string Message) MarginAndMarket(RejectReason reason) => reason switch
    {
        RejectReason.NotionalAboveTierLimit => (-2027, "Exceeded the maximum allowable position at current leverage."),
        RejectReason.MarginInsufficient => (-2019, "Margin is insufficient."),
        RejectReason.WouldLiquidate => (-2019, "Margin is insufficient."),
        RejectReason.BalanceInsufficient => (-2018, "Balance is insufficient."),
        RejectReason.WithdrawalsClosed => (-4175, "Withdrawals are closed while the insurance fund has a deficit."),
        RejectReason.WouldImmediatelyTrigger => (-2021, "Order would immediately trigger."),
        RejectReason.WouldCross => (-5022, "Due to the order could not be executed as maker, the Post Only order will be rejected. "
            + "The order will not be recorded in the order history."),
        RejectReason.FillOrKillNotFillable => (-5021, "Due to the order could not be filled immediately, the FOK order has been rejected. "
            + "The order will not be recorded in the order history."),
        RejectReason.ReduceOnlyRejected => (-2022, "ReduceOnly Order is rejected."),
        RejectReason.PriceProtected => (-4117, "Stop order is rejected: last and mark price differ too much (priceProtect)."),
        _ => default,
    };

    private static string Than(MarketFormat? market, Price price) => market is null ? "" : " " + market.Text(price);

    private static string Than(MarketFormat? market, Quantity quantity) => market is null ? "" : " " + market.Text(quantity);
}
