using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Events of an account about its orders. The header names account, market and the client's command.

/// <summary>A command of the account was refused; nothing changed.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct CommandRefused : IPayload<CommandRefused, EventKind>
{
    public PackedRefusal Refusal;

    /// <summary>The order it was about, if any.</summary>
    public OrderId Order;
    public MessageKind Command;
    public ClientOrderId ClientOrderId;

    public static EventKind Kind => EventKind.CommandRefused;
}

/// <summary>The account reserved the margin and gave the order its id; it is on its way to the market.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct OrderAccepted : IPayload<OrderAccepted, EventKind>
{
    public OrderId Order;
    public AlgoId Algo;
    public Quantity Quantity;

    /// <summary>Limit; for MARKET the bound that was set.</summary>
    public Price Price;
    public Timestamp GoodTill;
    public LiquidationId Liquidation;
    public OrderFlags Flags;
    public Side Side;
    public PositionSide PositionSide;
    public TimeInForce TimeInForce;
    public OrderType Type;
    public SelfTradePrevention SelfTradePrevention;
    public ClientOrderId ClientOrderId;

    public static EventKind Kind => EventKind.OrderAccepted;
}

/// <summary>A fill, with what it did to order, wallet and position.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct OrderFilled : IPayload<OrderFilled, EventKind>
{
    public OrderId Order;
    public TradeId Trade;
    public LiquidationId Liquidation;
    public Price Price;
    public Quantity Quantity;
    public Quantity Cumulative;
    public Quantity Leaves;
    public Amount Fee;

    /// <summary>Before the fee.</summary>
    public Amount RealizedProfit;
    public Quantity PositionAfter;
    public Amount OpenCostAfter;

    /// <summary>Settlement wallet after profit and fee: with <see cref="BalanceChanged"/> the account's statement, to the last unit.</summary>
    public Amount WalletAfter;
    public Quantity OrderQuantity;
    public Price OrderPrice;
    public AccountId Counterparty;
    public OrderStatus Status;
    public Side Side;
    public PositionSide PositionSide;
    public FillKind Type;
    public Flag IsMaker;

    /// <summary>The leg's own wallet after the fill, the margin that it took or returned included; 0 in cross mode.</summary>
    public Amount IsolatedWalletAfter;

    public static EventKind Kind => EventKind.OrderFilled;
}

/// <summary>The order is over without (further) fills.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct OrderEnded : IPayload<OrderEnded, EventKind>
{
    public OrderId Order;

    /// <summary>Set when the market refused it.</summary>
    public PackedRefusal Refusal;
    public Quantity Quantity;
    public Quantity Cumulative;
    public Price Price;
    public OrderStatus Status;
    public CancelReason Reason;
    public Side Side;
    public PositionSide PositionSide;

    public static EventKind Kind => EventKind.OrderEnded;
}

/// <summary>A reduce-only order was cut because the position shrank; the rest stays.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct OrderReduced : IPayload<OrderReduced, EventKind>
{
    public OrderId Order;
    public Quantity Canceled;
    public Quantity Quantity;
    public Quantity Leaves;

    public static EventKind Kind => EventKind.OrderReduced;
}

/// <summary>Price or size changed.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct OrderAmended : IPayload<OrderAmended, EventKind>
{
    public OrderId Order;
    public Quantity Quantity;
    public Quantity Leaves;
    public Price Price;

    public static EventKind Kind => EventKind.OrderAmended;
}

/// <summary>A conditional order rests in the trigger book.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TriggerAccepted : IPayload<TriggerAccepted, EventKind>
{
    public AlgoId Algo;
    public Quantity Quantity;
    public Price Price;
    public Price TriggerPrice;
    public Price ActivationPrice;
    public Rate CallbackRate;
    public Timestamp GoodTill;
    public OrderFlags Flags;
    public Side Side;
    public PositionSide PositionSide;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public TriggerSource TriggerSource;
    public ClientOrderId ClientOrderId;

    public static EventKind Kind => EventKind.TriggerAccepted;
}

/// <summary>A conditional order fired (then it names the order it became), was cancelled, or was refused at its trigger.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TriggerEnded : IPayload<TriggerEnded, EventKind>
{
    public AlgoId Algo;
    public OrderId Order;
    public PackedRefusal Refusal;
    public AlgoStatus Status;
    public CancelReason Reason;

    public static EventKind Kind => EventKind.TriggerEnded;
}
