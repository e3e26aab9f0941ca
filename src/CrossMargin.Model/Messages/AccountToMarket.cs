using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Messages of accounts (and the fund) to a market. The market takes the sender's address as the owner.

/// <summary>An order whose margin the account has reserved. The market checks only what it alone knows (position for reduce-only, the book).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SubmitOrder : IPayload<SubmitOrder, MessageKind>
{
    public OrderId Order;

    /// <summary>The conditional order it came from, or none.</summary>
    public AlgoId Algo;
    public LiquidationId Liquidation;

    /// <summary>Limit; for MARKET the bound the account set.</summary>
    public Price Price;
    public Quantity Quantity;
    public Timestamp GoodTill;
    public Rate MakerFee;
    public Rate TakerFee;
    public OrderFlags Flags;
    public Side Side;
    public PositionSide PositionSide;
    public TimeInForce TimeInForce;
    public SelfTradePrevention SelfTradePrevention;

    public static MessageKind Kind => MessageKind.SubmitOrder;
}

/// <summary>A conditional order for the trigger book; reserves nothing.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SubmitTrigger : IPayload<SubmitTrigger, MessageKind>
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
    public SelfTradePrevention SelfTradePrevention;
    public TriggerSource TriggerSource;

    public static MessageKind Kind => MessageKind.SubmitTrigger;
}

/// <summary>Cancel one order of the sender. Answered by <see cref="OrderUpdate"/>, unless a fill has ended it before (then that fill is the answer).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct RequestCancel : IPayload<RequestCancel, MessageKind>
{
    public OrderId Order;
    public CancelReason Reason;

    public static MessageKind Kind => MessageKind.RequestCancel;
}

/// <summary>Cancel one conditional order of the sender. Answered by <see cref="TriggerUpdate"/>, unless it has fired.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct RequestCancelTrigger : IPayload<RequestCancelTrigger, MessageKind>
{
    public AlgoId Algo;
    public CancelReason Reason;

    public static MessageKind Kind => MessageKind.RequestCancelTrigger;
}

/// <summary>Change a resting order whose new margin the account has reserved.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct RequestAmend : IPayload<RequestAmend, MessageKind>
{
    public OrderId Order;

    /// <summary>New total size, filled part included.</summary>
    public Quantity Quantity;
    public Price Price;

    /// <summary>What it pays if the new price takes; the resting part keeps its maker fee.</summary>
    public Rate TakerFee;

    public static MessageKind Kind => MessageKind.RequestAmend;
}

/// <summary>Arm, renew or (0) disarm the sender's countdown in this market.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct RequestCountdown : IPayload<RequestCountdown, MessageKind>
{
    public long Milliseconds;

    public static MessageKind Kind => MessageKind.RequestCountdown;
}

/// <summary>Asks for an answer behind everything sent before: when it arrives, every fill and cancel of earlier messages has been applied.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Fence : IPayload<Fence, MessageKind>
{
    public LiquidationId Liquidation;
    public int Step;

    public static MessageKind Kind => MessageKind.Fence;
}

/// <summary>Close the sender's position against opposite holders at this price: what neither book nor fund took.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct StartDeleverage : IPayload<StartDeleverage, MessageKind>
{
    public LiquidationId Liquidation;

    /// <summary>Signed position to close, as the sender holds it.</summary>
    public Quantity Quantity;
    public Price Price;
    public PositionSide PositionSide;

    public static MessageKind Kind => MessageKind.StartDeleverage;
}

/// <summary>A holder tells the market what the ranking needs; it is held until the release.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeleverageAnswer : IPayload<DeleverageAnswer, MessageKind>
{
    public long Round;

    /// <summary>Wallet of the pool of this leg.</summary>
    public Amount Wallet;
    public Amount Equity;
    public Amount Maintenance;
    public PositionSide PositionSide;

    /// <summary>In liquidation, or held by another round.</summary>
    public Flag Declined;

    /// <summary>The pool is the leg's own: a reduction returns part of its wallet to the cross wallet.</summary>
    public Flag Isolated;

    public static MessageKind Kind => MessageKind.DeleverageAnswer;
}

/// <summary>The fund takes a position of an account at the bankruptcy price; it has accepted the risk.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TakeOver : IPayload<TakeOver, MessageKind>
{
    public AccountId Account;
    public LiquidationId Liquidation;

    /// <summary>Signed position that moves.</summary>
    public Quantity Quantity;
    public Price Price;
    public PositionSide PositionSide;

    public static MessageKind Kind => MessageKind.TakeOver;
}

/// <summary>
/// On a cluster: the sender holds no position but owes what only its collateral covers, so that a price can make it unsound; the first market
/// of the profile keeps it awake, as every market does its holders. Or it need not any more. The rules of trading know nothing of it.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct RequestWatch : IPayload<RequestWatch, MessageKind>
{
    public Flag IsNeeded;

    public static MessageKind Kind => MessageKind.RequestWatch;
}
