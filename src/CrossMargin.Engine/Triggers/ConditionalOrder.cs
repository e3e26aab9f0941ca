using CrossMargin.Model;

namespace CrossMargin.Engine.Triggers;

/// <summary>An order that waits for a price: what the trigger book watches, and what the market needs when it fires.</summary>
public struct ConditionalOrder
{
    public AccountId Account;
    public AlgoId AlgoId;

    /// <summary>Where a stop or take-profit fires; not used by trailing stops.</summary>
    public Price TriggerPrice;

    /// <summary>Trailing stops: from where the extreme is tracked (a sell: at or above, a buy: at or below); none: at once.</summary>
    public Price ActivationPrice;

    /// <summary>Trailing stops: the retracement from the extreme that fires, a fraction of the extreme, 0 &lt; rate &lt; 1.</summary>
    public Rate CallbackRate;

    /// <summary>The limit of the order it becomes; none for market types.</summary>
    public Price Price;

    /// <summary>Zero only with <see cref="OrderFlags.ClosePosition"/>.</summary>
    public Quantity Quantity;

    /// <summary>When it expires without having fired; default: never.</summary>
    public Timestamp GoodTill;
    public OrderFlags Flags;
    public OrderType Type;
    public Side Side;
    public PositionSide PositionSide;
    public TimeInForce TimeInForce;
    public SelfTradePrevention SelfTradePrevention;
    public TriggerSource Source;

    public readonly bool IsTrailing => Type == OrderType.TrailingStopMarket;

    /// <summary>
    /// True if it fires (a trailing stop: activates) at or above its price, false if at or below. A stop buy waits for a rise, a
    /// take-profit buy for a fall; sells the other way round. A trailing sell follows a rise.
    /// </summary>
    public readonly bool WaitsForRise => Type switch
    {
        OrderType.Stop or OrderType.StopMarket => Side == Side.Buy,
        OrderType.TakeProfit or OrderType.TakeProfitMarket or OrderType.TrailingStopMarket => Side == Side.Sell,
        _ => throw new InvariantViolation($"{Type} is no conditional order type"),
    };
}
