using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Events of the insurance fund.

/// <summary>The fund's wallet changed.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FundBalanceChanged : IPayload<FundBalanceChanged, EventKind>
{
    public Amount Change;
    public Amount WalletAfter;
    public LiquidationId Liquidation;

    /// <summary>The account concerned, or none.</summary>
    public AccountId From;
    public FundReason Reason;

    public static EventKind Kind => EventKind.FundBalanceChanged;
}

/// <summary>The settlement asset's deficit changed; ≤ 0.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeficitChanged : IPayload<DeficitChanged, EventKind>
{
    public Amount Change;
    public Amount DeficitAfter;
    public AccountId From;

    public static EventKind Kind => EventKind.DeficitChanged;
}

/// <summary>Whether the fund takes a position at the bankruptcy price.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TakeoverDecided : IPayload<TakeoverDecided, EventKind>
{
    public LiquidationId Liquidation;
    public AccountId From;
    public Quantity Quantity;
    public Price Price;
    public Price Mark;
    public Amount Limit;
    public Amount Notional;
    public PositionSide PositionSide;
    public Flag Accepted;
    public Flag Forced;

    public static EventKind Kind => EventKind.TakeoverDecided;
}
