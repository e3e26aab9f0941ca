using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Messages between accounts and the insurance fund.

/// <summary>The book did not take this position; will the fund, at the bankruptcy price?</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct RequestTakeover : IPayload<RequestTakeover, MessageKind>
{
    public LiquidationId Liquidation;

    /// <summary>Signed position.</summary>
    public Quantity Quantity;
    public Price Price;
    public Price Mark;
    public MarketId Market;
    public PositionSide PositionSide;

    /// <summary>Deleveraging found nobody: the fund takes it whatever its limits.</summary>
    public Flag Forced;

    public static MessageKind Kind => MessageKind.RequestTakeover;
}

/// <summary>The pool has no position and no convertible collateral left and its wallet is below zero by this amount.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct ClaimShortfall : IPayload<ClaimShortfall, MessageKind>
{
    public LiquidationId Liquidation;

    /// <summary>&gt; 0.</summary>
    public Amount Amount;

    public static MessageKind Kind => MessageKind.ClaimShortfall;
}

/// <summary>Once at a liquidation's end: its fees, and what a pool still held after its last position went to fund or deleveraging.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LiquidationProceeds : IPayload<LiquidationProceeds, MessageKind>
{
    public LiquidationId Liquidation;
    public Amount Fee;
    public Amount Leftover;

    public static MessageKind Kind => MessageKind.LiquidationProceeds;
}

/// <summary>An account sold collateral to the conversion account at index less the discount.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct CollateralSold : IPayload<CollateralSold, MessageKind>
{
    public AssetId Asset;

    /// <summary>&gt; 0, of the asset.</summary>
    public Amount Sold;

    /// <summary>&gt; 0, settlement asset, already credited by the account.</summary>
    public Amount Proceeds;

    public static MessageKind Kind => MessageKind.CollateralSold;
}

/// <summary>The fund's limits do not allow it; deleveraging is next.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TakeoverRefused : IPayload<TakeoverRefused, MessageKind>
{
    public LiquidationId Liquidation;
    public PackedRefusal Refusal;
    public MarketId Market;
    public PositionSide PositionSide;

    public static MessageKind Kind => MessageKind.TakeoverRefused;
}

/// <summary>The fund (or the deficit account behind it) makes the wallet whole.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct ShortfallPaid : IPayload<ShortfallPaid, MessageKind>
{
    public LiquidationId Liquidation;
    public Amount Amount;

    /// <summary>The part the fund could not bear.</summary>
    public Amount FromDeficit;

    public static MessageKind Kind => MessageKind.ShortfallPaid;
}

/// <summary>Tells the account whether withdrawals are closed by a deficit.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FundStatus : IPayload<FundStatus, MessageKind>
{
    public Flag WithdrawalsClosed;

    public static MessageKind Kind => MessageKind.FundStatus;
}
