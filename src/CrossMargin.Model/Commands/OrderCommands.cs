using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Commands about orders. An order is named by its id or, where the id is none, by its client order id.

/// <summary>Places an order of any type. Prices are on ticks; quantities positive.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PlaceOrder : IPayload<PlaceOrder, MessageKind>
{
    public MarketId Market;
    public Side Side;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public PositionSide PositionSide;
    public OrderFlags Flags;
    public SelfTradePrevention SelfTradePrevention;
    public TriggerSource TriggerSource;

    /// <summary>Zero only with <see cref="OrderFlags.ClosePosition"/>.</summary>
    public Quantity Quantity;

    /// <summary>The limit; none for market types.</summary>
    public Price Price;

    /// <summary>For STOP and TAKE_PROFIT types.</summary>
    public Price TriggerPrice;

    /// <summary>For trailing stops; none activates at once.</summary>
    public Price ActivationPrice;

    /// <summary>For trailing stops: the retracement that triggers, 0.1 % to 10 %.</summary>
    public Rate CallbackRate;

    /// <summary>For GTD: exchange time of its end.</summary>
    public Timestamp GoodTill;
    public ClientOrderId ClientOrderId;

    public static MessageKind Kind => MessageKind.PlaceOrder;
}

/// <summary>Changes price and quantity of a resting LIMIT order. Keeps its time priority only if the price stays and the quantity does not rise.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct AmendOrder : IPayload<AmendOrder, MessageKind>
{
    public MarketId Market;
    public OrderId Order;
    public ClientOrderId ClientOrderId;
    public Side Side;

    /// <summary>The new total size, filled part included.</summary>
    public Quantity Quantity;
    public Price Price;

    public static MessageKind Kind => MessageKind.AmendOrder;
}

/// <summary>Cancels one resting order.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct CancelOrder : IPayload<CancelOrder, MessageKind>
{
    public MarketId Market;
    public OrderId Order;
    public ClientOrderId ClientOrderId;

    public static MessageKind Kind => MessageKind.CancelOrder;
}

/// <summary>Cancels one conditional order that has not triggered.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct CancelTrigger : IPayload<CancelTrigger, MessageKind>
{
    public MarketId Market;
    public AlgoId Algo;
    public ClientOrderId ClientOrderId;

    public static MessageKind Kind => MessageKind.CancelTrigger;
}

/// <summary>Cancels all open orders, conditional orders or both, of one market or (market none) of all.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct CancelAllOrders : IPayload<CancelAllOrders, MessageKind>
{
    public MarketId Market;
    public CancelScope Scope;

    public static MessageKind Kind => MessageKind.CancelAllOrders;
}

/// <summary>Dead-man's switch of one market: unless renewed in time, all the account's orders and triggers there are cancelled. 0 disarms.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SetCountdown : IPayload<SetCountdown, MessageKind>
{
    public MarketId Market;
    public long Milliseconds;

    public static MessageKind Kind => MessageKind.SetCountdown;
}
