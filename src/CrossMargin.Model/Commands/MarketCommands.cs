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
