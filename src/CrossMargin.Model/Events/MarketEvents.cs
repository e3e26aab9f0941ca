using System.Runtime.InteropServices;

namespace CrossMargin.Model;

// Events of a market. The header's market is set, its account only where a single account is concerned.

/// <summary>A match. Buyer or seller may be the house or the fund.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Traded : IPayload<Traded, EventKind>
{
    public TradeId Trade;
    public Price Price;
    public Quantity Quantity;
    public OrderId BuyOrder;
    public OrderId SellOrder;
    public AccountId Buyer;
    public AccountId Seller;
    public Side TakerSide;
    public FillKind Type;

    public static EventKind Kind => EventKind.Traded;
}

/// <summary>New prices of the market.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct PriceChanged : IPayload<PriceChanged, EventKind>
{
    public Price Index;
    public Price Mark;
    public Price Last;
    public Price BestBid;
    public Price BestAsk;

    /// <summary>Long side, lots.</summary>
    public Quantity OpenInterest;

    public static EventKind Kind => EventKind.PriceChanged;
}

/// <summary>A funding settlement: every payment was computed on this rate and mark.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FundingSettled : IPayload<FundingSettled, EventKind>
{
    public Rate Rate;
    public Price Mark;
    public Timestamp FundingTime;

    /// <summary>By payers, the house included, ≥ 0.</summary>
    public Amount Paid;

    /// <summary>≥ 0; the difference went to dust.</summary>
    public Amount Received;
    public int Holders;

    public static EventKind Kind => EventKind.FundingSettled;
}

/// <summary>A funding time that passed while no price was usable, or at a jump of time.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FundingSkipped : IPayload<FundingSkipped, EventKind>
{
    public Timestamp FundingTime;

    public static EventKind Kind => EventKind.FundingSkipped;
}

/// <summary>A recorded rate that the next settlement in turn will use instead of the computed one; it is gone if that one is skipped.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct FundingRateSet : IPayload<FundingRateSet, EventKind>
{
    /// <summary>Per interval.</summary>
    public Rate Rate;

    /// <summary>When that settlement falls due; none before the market's first time.</summary>
    public Timestamp FundingTime;

    public static EventKind Kind => EventKind.FundingRateSet;
}

/// <summary>Halted or resumed.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct MarketStatusChanged : IPayload<MarketStatusChanged, EventKind>
{
    public MarketStatus Status;

    public static EventKind Kind => EventKind.MarketStatusChanged;
}

/// <summary>Liquidation and market orders wait in this market, and why.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LiquidationPaused : IPayload<LiquidationPaused, EventKind>
{
    public Price Index;

    /// <summary>The last index that was inside the band.</summary>
    public Price Previous;
    public Timestamp LastUpdate;
    public PauseReason Reason;

    public static EventKind Kind => EventKind.LiquidationPaused;
}

/// <summary>Prices are usable again.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LiquidationResumed : IPayload<LiquidationResumed, EventKind>
{
    public Price Index;
    public PauseReason Reason;

    public static EventKind Kind => EventKind.LiquidationResumed;
}

/// <summary>A round has asked the opposite holders, or joined others that did.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeleverageRoundStarted : IPayload<DeleverageRoundStarted, EventKind>
{
    /// <summary>Of this liquidation alone, ≥ 1, rising in its market.</summary>
    public long Round;
    public LiquidationId Liquidation;
    public AccountId Bankrupt;

    /// <summary>Signed position to close.</summary>
    public Quantity Quantity;
    public Price Price;

    /// <summary>Holders asked in the first turn, for all rounds of the asking.</summary>
    public int Asked;

    public static EventKind Kind => EventKind.DeleverageRoundStarted;
}

/// <summary>The header's account lost this much of its position to a round.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Deleveraged : IPayload<Deleveraged, EventKind>
{
    public long Round;
    public TradeId Trade;
    public Price Price;
    public Quantity Quantity;
    public Int128 Score;

    /// <summary>1 is closed first.</summary>
    public int Rank;
    public PositionSide PositionSide;

    public static EventKind Kind => EventKind.Deleveraged;
}

/// <summary>The round is over.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeleverageRoundEnded : IPayload<DeleverageRoundEnded, EventKind>
{
    public long Round;
    public LiquidationId Liquidation;
    public AccountId Bankrupt;
    public Quantity Closed;
    public Quantity Leaves;

    public static EventKind Kind => EventKind.DeleverageRoundEnded;
}

/// <summary>A command of the operator to the market was refused; nothing changed.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct MarketCommandRefused : IPayload<MarketCommandRefused, EventKind>
{
    public PackedRefusal Refusal;
    public MessageKind Command;

    public static EventKind Kind => EventKind.MarketCommandRefused;
}

/// <summary>New leverage brackets for new risk.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LeverageBracketsChanged : IPayload<LeverageBracketsChanged, EventKind>
{
    public Amount Cap;
    public int Count;
    public TierLeverages MaxLeverage;

    public static EventKind Kind => EventKind.LeverageBracketsChanged;
}

/// <summary>New settings of the house.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct HouseChanged : IPayload<HouseChanged, EventKind>
{
    public Flag Enabled;
    public int Levels;
    public Rate HalfSpread;
    public Rate LevelStep;
    public Rate LevelGrowth;
    public Amount DepthNotional;
    public Rate VolumeShare;
    public long RefillMilliseconds;

    public static EventKind Kind => EventKind.HouseChanged;
}
