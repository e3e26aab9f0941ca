using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Messages of a market to an account (or the fund). They arrive in the order the market sent them.

/// <summary>An order's state changed without a fill.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct OrderUpdate : IPayload<OrderUpdate, MessageKind>
{
    public OrderId Order;
    public AlgoId Algo;

    /// <summary>For refused orders, cancels and amends: why.</summary>
    public PackedRefusal Refusal;

    /// <summary>Current limit.</summary>
    public Price Price;

    /// <summary>Current total size.</summary>
    public Quantity Quantity;

    /// <summary>What is still open; 0 when it has ended.</summary>
    public Quantity Leaves;

    /// <summary>What this update took off without a fill.</summary>
    public Quantity Canceled;
    public MarketId Market;
    public OrderUpdateKind What;
    public OrderStatus Status;
    public CancelReason Reason;

    public static MessageKind Kind => MessageKind.OrderUpdate;
}

/// <summary>One side of a trade, fee included. The receiver applies it to the leg it names.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Fill : IPayload<Fill, MessageKind>
{
    /// <summary>None for a takeover or deleveraging.</summary>
    public OrderId Order;
    public TradeId Trade;

    /// <summary>The receiver's own liquidation, or none.</summary>
    public LiquidationId Liquidation;
    public Price Price;

    /// <summary>Positive.</summary>
    public Quantity Quantity;

    /// <summary>Owed by the receiver, ≥ 0; negative is a rebate.</summary>
    public Amount Fee;

    /// <summary>The order's open rest after this fill.</summary>
    public Quantity Leaves;
    public AccountId Counterparty;
    public MarketId Market;

    /// <summary>The receiver's side.</summary>
    public Side Side;
    public PositionSide PositionSide;
    public FillKind Type;
    public Flag IsMaker;

    /// <summary>The order has ended with this fill.</summary>
    public Flag Final;

    public static MessageKind Kind => MessageKind.Fill;
}

/// <summary>A conditional order's state changed without firing.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TriggerUpdate : IPayload<TriggerUpdate, MessageKind>
{
    public AlgoId Algo;
    public PackedRefusal Refusal;
    public MarketId Market;
    public AlgoStatus Status;
    public CancelReason Reason;

    public static MessageKind Kind => MessageKind.TriggerUpdate;
}

/// <summary>A conditional order's price was reached; the account checks margin and submits the order, or refuses it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TriggerFired : IPayload<TriggerFired, MessageKind>
{
    public AlgoId Algo;
    public Quantity Quantity;

    /// <summary>The leg's signed position at the market, for close-position.</summary>
    public Quantity PositionQuantity;
    public Price Price;

    /// <summary>The watched price that fired it.</summary>
    public Price FiredAt;
    public Timestamp GoodTill;
    public MarketId Market;
    public OrderFlags Flags;
    public Side Side;
    public PositionSide PositionSide;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public SelfTradePrevention SelfTradePrevention;

    public static MessageKind Kind => MessageKind.TriggerFired;
}

/// <summary>Everything the account sent before the fence has been answered.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FenceReached : IPayload<FenceReached, MessageKind>
{
    public LiquidationId Liquidation;
    public int Step;
    public MarketId Market;

    public static MessageKind Kind => MessageKind.FenceReached;
}

/// <summary>The leg's funding; positive is received.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FundingPayment : IPayload<FundingPayment, MessageKind>
{
    public Amount Amount;
    public Rate Rate;
    public Price Mark;
    public Timestamp FundingTime;

    /// <summary>Signed position it was computed on.</summary>
    public Quantity Quantity;
    public MarketId Market;
    public PositionSide PositionSide;

    public static MessageKind Kind => MessageKind.FundingPayment;
}

/// <summary>Deleveraging asks an opposite holder; the account is held from its answer to the release.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeleverageQuery : IPayload<DeleverageQuery, MessageKind>
{
    /// <summary>The first of the rounds that are asked for together; answer and release carry it too.</summary>
    public long Round;
    public MarketId Market;
    public PositionSide PositionSide;

    public static MessageKind Kind => MessageKind.DeleverageQuery;
}

/// <summary>The rounds that were asked for together are over; fills of them came before.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeleverageRelease : IPayload<DeleverageRelease, MessageKind>
{
    public long Round;
    public MarketId Market;

    public static MessageKind Kind => MessageKind.DeleverageRelease;
}

/// <summary>To the account whose position was to be closed: what is left of it (taken by the fund whatever its limits).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeleverageDone : IPayload<DeleverageDone, MessageKind>
{
    public LiquidationId Liquidation;

    /// <summary>Signed rest.</summary>
    public Quantity Leaves;
    public MarketId Market;
    public PositionSide PositionSide;

    public static MessageKind Kind => MessageKind.DeleverageDone;
}

/// <summary>To the fund: of a takeover it had accepted, this much was not there any more.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TakeoverLapsed : IPayload<TakeoverLapsed, MessageKind>
{
    public LiquidationId Liquidation;
    public AccountId Account;

    /// <summary>Signed, as it was accepted; never zero.</summary>
    public Quantity Quantity;
    public Price Price;
    public MarketId Market;

    public static MessageKind Kind => MessageKind.TakeoverLapsed;
}
