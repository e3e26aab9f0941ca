using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Events of an account about money, positions and settings.

/// <summary>The account exists.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct AccountOpened : IPayload<AccountOpened, EventKind>
{
    public Rate MakerFee;
    public Rate TakerFee;

    public static EventKind Kind => EventKind.AccountOpened;
}

/// <summary>
/// A wallet changed. Sums of these events are the account statement, to the last unit, but for <see cref="BalanceReason.IsolatedMargin"/>: there
/// the change is the cross wallet's, and the whole wallet stays.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct BalanceChanged : IPayload<BalanceChanged, EventKind>
{
    public Amount Change;

    /// <summary>The asset's whole wallet: cross plus isolated.</summary>
    public Amount WalletAfter;
    public Amount CrossWalletAfter;
    public TradeId Trade;
    public LiquidationId Liquidation;
    public AssetId Asset;
    public BalanceReason Reason;
    public PositionSide PositionSide;

    public static EventKind Kind => EventKind.BalanceChanged;
}

/// <summary>The position of a leg after a change that is not a trade of its own (margin moved, mode changed, takeover).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PositionChanged : IPayload<PositionChanged, EventKind>
{
    public Quantity Quantity;
    public Amount OpenCost;
    public Amount IsolatedWallet;
    public PositionSide PositionSide;
    public MarginMode Mode;

    public static EventKind Kind => EventKind.PositionChanged;
}

/// <summary>New leverage of a market.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LeverageChanged : IPayload<LeverageChanged, EventKind>
{
    public int Leverage;

    public static EventKind Kind => EventKind.LeverageChanged;
}

/// <summary>New margin mode of a market for new positions.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct MarginModeChanged : IPayload<MarginModeChanged, EventKind>
{
    public MarginMode Mode;

    public static EventKind Kind => EventKind.MarginModeChanged;
}

/// <summary>One-way or hedge.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PositionModeChanged : IPayload<PositionModeChanged, EventKind>
{
    public Flag Hedge;

    public static EventKind Kind => EventKind.PositionModeChanged;
}

/// <summary>The operator froze the account or let it go: <see cref="AccountStatus.Frozen"/> or <see cref="AccountStatus.Active"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct AccountStatusChanged : IPayload<AccountStatusChanged, EventKind>
{
    public AccountStatus Status;

    public static EventKind Kind => EventKind.AccountStatusChanged;
}

/// <summary>The operator closed the account for good; the withdrawals of its balances came before.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct AccountClosed : IPayload<AccountClosed, EventKind>
{
    /// <summary>The account that takes its place, or none.</summary>
    public AccountId Successor;

    public static EventKind Kind => EventKind.AccountClosed;
}
