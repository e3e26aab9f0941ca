using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Commands of clients to their account, and of the operator about it. The account named by the message address is the one that acts.

/// <summary>Opens the account with its own fee rates. Refused if it exists.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct OpenAccount : IPayload<OpenAccount, MessageKind>
{
    /// <summary>Fraction of the notional; negative is a rebate.</summary>
    public Rate MakerFee;
    public Rate TakerFee;

    public static MessageKind Kind => MessageKind.OpenAccount;
}

/// <summary>Credits an asset from outside. Amount &gt; 0.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Deposit : IPayload<Deposit, MessageKind>
{
    public AssetId Asset;
    public Amount Amount;

    public static MessageKind Kind => MessageKind.Deposit;
}

/// <summary>Debits an asset to outside. Amount &gt; 0, at most what is withdrawable.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Withdraw : IPayload<Withdraw, MessageKind>
{
    public AssetId Asset;
    public Amount Amount;

    public static MessageKind Kind => MessageKind.Withdraw;
}

/// <summary>Sets the leverage of a market; refused if open positions and orders exceed the tier limit at it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SetLeverage : IPayload<SetLeverage, MessageKind>
{
    public MarketId Market;
    public int Leverage;

    public static MessageKind Kind => MessageKind.SetLeverage;
}

/// <summary>Sets the margin mode for new positions of a market; refused with open orders or a position there.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SetMarginMode : IPayload<SetMarginMode, MessageKind>
{
    public MarketId Market;
    public MarginMode Mode;

    public static MessageKind Kind => MessageKind.SetMarginMode;
}

/// <summary>Switches between one-way and hedge mode; refused with any open order or position.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SetPositionMode : IPayload<SetPositionMode, MessageKind>
{
    public Flag Hedge;

    public static MessageKind Kind => MessageKind.SetPositionMode;
}

/// <summary>Moves margin between the cross wallet and an isolated leg: positive adds to the leg, negative takes from it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct AdjustIsolatedMargin : IPayload<AdjustIsolatedMargin, MessageKind>
{
    public MarketId Market;
    public PositionSide PositionSide;
    public Amount Amount;

    public static MessageKind Kind => MessageKind.AdjustIsolatedMargin;
}

/// <summary>
/// Moves an open position between cross and isolated. To isolated: its initial margin plus open loss goes with it. To cross: its wallet
/// returns.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct MovePosition : IPayload<MovePosition, MessageKind>
{
    public MarketId Market;
    public PositionSide PositionSide;
    public MarginMode Mode;

    public static MessageKind Kind => MessageKind.MovePosition;
}

/// <summary>
/// The operator freezes the account or lets it go. A frozen account refuses whatever adds risk or takes money out, with
/// <see cref="RejectReason.AccountFrozen"/>: orders that may open, also conditional ones, and amendments of them; withdrawals, a higher
/// leverage, removal of isolated margin, changes of margin and position mode. Cancels, orders that only close, deposits, added margin and a
/// lower leverage work. A conditional order that triggers while the account is frozen and may open is rejected at its trigger. Orders that
/// rest stay, until they are cancelled. Liquidation, funding and deleveraging go on as ever. Refused if it is so already.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FreezeAccount : IPayload<FreezeAccount, MessageKind>
{
    public Flag Frozen;

    public static MessageKind Kind => MessageKind.FreezeAccount;
}

/// <summary>
/// The operator closes the account for good: all its balances are paid out as withdrawals, and from then on it refuses everything with
/// <see cref="RejectReason.AccountClosed"/>; its id is never used again. Refused while it is in liquidation or held for deleveraging, while
/// it has orders, conditional orders or positions, or owes. A deficit of the insurance fund, which closes withdrawals of clients, does not
/// keep the operator from it: the deficit is his to make good, not the account's.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct CloseAccount : IPayload<CloseAccount, MessageKind>
{
    /// <summary>The account that takes its place after a reset, or none; only told on, in <see cref="AccountClosed"/>.</summary>
    public AccountId Successor;

    public static MessageKind Kind => MessageKind.CloseAccount;
}
