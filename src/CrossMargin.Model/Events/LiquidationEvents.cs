using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Every step of a liquidation; together they explain it: prices, tiers, equity, maintenance, orders, fills, fee, fund and deleveraging.

/// <summary>A pool met the liquidation predicate: equity ≤ maintenance. Header market none: the cross pool.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LiquidationStarted : IPayload<LiquidationStarted, EventKind>
{
    public LiquidationId Liquidation;
    public Amount Equity;
    public Amount Maintenance;
    public Amount Wallet;
    public Amount UnrealizedProfit;

    /// <summary>Gross, at the marks.</summary>
    public Amount Notional;
    public int Positions;
    public int OpenOrders;
    public PositionSide PositionSide;
    public LiquidationPolicy Policy;
    public LiquidationRule Rule;

    public static EventKind Kind => EventKind.LiquidationStarted;
}

/// <summary>A reducing order went out. Mark and tier explain the size and the bankruptcy price.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LiquidationOrdered : IPayload<LiquidationOrdered, EventKind>
{
    public LiquidationId Liquidation;
    public OrderId Order;

    /// <summary>Signed position to close.</summary>
    public Quantity Quantity;

    /// <summary>Signed, before.</summary>
    public Quantity Position;
    public Price BankruptcyPrice;
    public Price Limit;
    public Price Mark;
    public Amount Equity;

    /// <summary>Of the pool.</summary>
    public Amount Maintenance;

    /// <summary>The position's share of equity.</summary>
    public Amount Share;
    public Amount PositionMaintenance;

    /// <summary>1-based tier of the position at the mark.</summary>
    public int Tier;
    public PositionSide PositionSide;

    public static EventKind Kind => EventKind.LiquidationOrdered;
}

/// <summary>A stage passed: frozen and re-checked, book tried, fund asked, deleveraging asked.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LiquidationStepped : IPayload<LiquidationStepped, EventKind>
{
    public LiquidationId Liquidation;
    public Amount Equity;
    public Amount Maintenance;

    /// <summary>What is left of the leg the stage was about.</summary>
    public Quantity Position;

    /// <summary>Bankruptcy price of the stage, or none.</summary>
    public Price Price;
    public PositionSide PositionSide;
    public LiquidationStage Stage;

    public static EventKind Kind => EventKind.LiquidationStepped;
}

/// <summary>The liquidation is over.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LiquidationEnded : IPayload<LiquidationEnded, EventKind>
{
    public LiquidationId Liquidation;
    public Amount Fee;

    /// <summary>What the fund kept.</summary>
    public Amount Leftover;

    /// <summary>What the fund (and deficit) paid.</summary>
    public Amount Shortfall;
    public Amount FromDeficit;

    /// <summary>The pool's wallet.</summary>
    public Amount WalletAfter;
    public Amount Equity;
    public Amount Maintenance;

    /// <summary>Closed in the book.</summary>
    public Amount BookNotional;

    /// <summary>Taken over.</summary>
    public Amount FundNotional;
    public Amount DeleveragedNotional;
    public PositionSide PositionSide;
    public LiquidationOutcome Outcome;

    public static EventKind Kind => EventKind.LiquidationEnded;
}
