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
    public MarketId Market;
    public OrderFlags Flags;
    public Side Side;
    public PositionSide PositionSide;
    public TimeInForce TimeInForce;
    public OrderType Type;

    /// <summary>The market has confirmed that it rests.</summary>
    public bool IsResting;

    public readonly bool IsReduceOnly => (Flags & OrderFlags.ReduceOnly) != 0;
    public readonly Quantity Filled => Quantity - Leaves;
}

/// <summary>A conditional order of the account that has not fired; the market holds the rest of it.</summary>
public struct OpenTrigger
{
    public AlgoId Id;
    public MarketId Market;
    public OrderFlags Flags;
    public Side Side;
    public PositionSide PositionSide;
    public OrderType Type;
    public ClientOrderId ClientOrderId;
}
