using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>
/// An order of the account that has not ended, as the account needs it: what it reserves, and how to name it. Reserved from the moment
/// it is sent to its market until the market says that it ended.
/// </summary>
public struct OpenOrder
{
    public OrderId Id;
    public AlgoId Algo;
    public Price Price;

    /// <summary>The mark when the margin was reserved: bounds what opening an isolated position may cost.</summary>
    public Price MarkAtPlacement;
    public Quantity Quantity;
    public Quantity Leaves;

    /// <summary>Sum of price × quantity of its fills, ≥ 0: with <see cref="Filled"/> the average price, exactly.</summary>
    public Amount FilledQuote;

    /// <summary>Exchange time at which the account accepted it, and of its last fill, amendment or cut.</summary>
    public Timestamp CreatedAt;
    public Timestamp UpdatedAt;

    /// <summary>For GTD: exchange time of its end; else 0.</summary>
    public Timestamp GoodTill;
    public MarketId Market;
    public OrderFlags Flags;
    public Side Side;
    public PositionSide PositionSide;
    public TimeInForce TimeInForce;
    public OrderType Type;
    public SelfTradePrevention SelfTradePrevention;

    /// <summary>The market has confirmed that it rests.</summary>
    public bool IsResting;

    public readonly bool IsReduceOnly => (Flags & OrderFlags.ReduceOnly) != 0;
    public readonly Quantity Filled => Quantity - Leaves;
}

/// <summary>A conditional order of the account that has not fired, as it was accepted; the market watches the price for it.</summary>
public struct OpenTrigger
{
    public AlgoId Id;

    /// <summary>Zero with <see cref="OrderFlags.ClosePosition"/>.</summary>
    public Quantity Quantity;
    public Price Price;
    public Price TriggerPrice;
    public Price ActivationPrice;
    public Rate CallbackRate;
    public Timestamp GoodTill;

    /// <summary>Exchange time at which the account accepted it.</summary>
    public Timestamp CreatedAt;
    public MarketId Market;
    public OrderFlags Flags;
    public Side Side;
    public PositionSide PositionSide;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public SelfTradePrevention SelfTradePrevention;
    public TriggerSource TriggerSource;
    public ClientOrderId ClientOrderId;
}
