using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Commands of feeds, the clock and the operator to markets and to the insurance fund.

/// <summary>A new index price of a market. Refused with an invariant violation only if not positive.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SetIndexPrice : IPayload<SetIndexPrice, MessageKind>
{
    public MarketId Market;
    public Price Index;

    /// <summary>The recorded volume of the feed's bar in lots, 0 if unknown: the house's depth is a share of it.</summary>
    public Quantity DepthVolume;

    public static MessageKind Kind => MessageKind.SetIndexPrice;
}

/// <summary>Exchange time has reached the command's time: whatever fell due fires. The host sends it to every market in id order, then to the fund.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct AdvanceTime : IPayload<AdvanceTime, MessageKind>
{
    public Timestamp Now;

    public static MessageKind Kind => MessageKind.AdvanceTime;
}

/// <summary>
/// Exchange time jumps to the command's time, as after a stop: whatever fell due fires in order, as at <see cref="AdvanceTime"/>, but
/// funding times that were passed are skipped, each recorded by a <see cref="FundingSkipped"/>, and nothing is sampled for the time that
/// did not run. Prices are as old as they are, so liquidation waits in markets whose price is stale by then.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct JumpTime : IPayload<JumpTime, MessageKind>
{
    public Timestamp Now;

    public static MessageKind Kind => MessageKind.JumpTime;
}

/// <summary>The next settlement of the market uses this recorded rate (per interval) instead of the computed one.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SetFundingRate : IPayload<SetFundingRate, MessageKind>
{
    public MarketId Market;
    public Rate Rate;

    public static MessageKind Kind => MessageKind.SetFundingRate;
}

/// <summary>Settles funding now at the given rate, out of turn.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SettleFunding : IPayload<SettleFunding, MessageKind>
{
    public MarketId Market;
    public Rate Rate;

    public static MessageKind Kind => MessageKind.SettleFunding;
}

/// <summary>Halts or resumes a market.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SetMarketStatus : IPayload<SetMarketStatus, MessageKind>
{
    public MarketId Market;
    public MarketStatus Status;

    public static MessageKind Kind => MessageKind.SetMarketStatus;
}

/// <summary>Credits the insurance fund from outside.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DepositToFund : IPayload<DepositToFund, MessageKind>
{
    public Amount Amount;

    public static MessageKind Kind => MessageKind.DepositToFund;
}

/// <summary>
/// New leverage brackets for what comes from now on (orders, <see cref="SetLeverage"/>): the highest leverage of each tier and the largest
/// position. Maintenance rates, deductions and positions that exist stay. Refused by a <see cref="MarketCommandRefused"/> unless the count
/// is the market's number of tiers, leverages are 1 to 1000 and do not rise with the tiers, and the cap is positive, at most ten billion.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SetLeverageBrackets : IPayload<SetLeverageBrackets, MessageKind>
{
    public MarketId Market;
    public int Count;
    public TierLeverages MaxLeverage;

    /// <summary>Largest notional of a position, whatever its leverage.</summary>
    public Amount Cap;

    public static MessageKind Kind => MessageKind.SetLeverageBrackets;
}

/// <summary>
/// New settings of the market's house, as in <see cref="HouseSpec"/>, at once. What was taken from a level stays taken in proportion; levels
/// that are new are full, and so is a house that was off. Refused by a <see cref="MarketCommandRefused"/> out of the ranges below.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SetHouse : IPayload<SetHouse, MessageKind>
{
    public MarketId Market;
    public Flag Enabled;

    /// <summary>1 to 100.</summary>
    public int Levels;

    /// <summary>Above 0, at most 0.1; levels × step + half spread stays below 1.</summary>
    public Rate HalfSpread;
    public Rate LevelStep;

    /// <summary>0 to 10.</summary>
    public Rate LevelGrowth;

    /// <summary>0 to one billion.</summary>
    public Amount DepthNotional;

    /// <summary>0 to 10.</summary>
    public Rate VolumeShare;

    /// <summary>1 to one day.</summary>
    public long RefillMilliseconds;

    public static MessageKind Kind => MessageKind.SetHouse;
}

/// <summary>
/// Takes all orders of an account in this market off the book, conditional ones too, without asking the account: for one that is broken
/// and answers nothing. Any other learns of it as of every cancel. None there: nothing happens.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct CancelAccountOrders : IPayload<CancelAccountOrders, MessageKind>
{
    public MarketId Market;

    /// <summary>A trader's.</summary>
    public AccountId Account;

    public static MessageKind Kind => MessageKind.CancelAccountOrders;
}
