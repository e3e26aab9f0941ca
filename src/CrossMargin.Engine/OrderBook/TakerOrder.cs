using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>What matching needs of an incoming order. <see cref="Remaining"/> goes down as it trades.</summary>
public struct TakerOrder
{
    public AccountId Account;
    public Side Side;

    /// <summary>No trade is worse than this. A MARKET order's is the bound its account set.</summary>
    public Price Limit;
    public Quantity Remaining;

    /// <summary>A liquidation's order has none (<see cref="OrderFlags.Liquidation"/>).</summary>
    public SelfTradePrevention SelfTradePrevention;
}

/// <summary>Why matching stopped.</summary>
public enum MatchOutcome : byte
{
    /// <summary>Nothing remains.</summary>
    Filled = 1,

    /// <summary>Nothing more within the limit: the rest may go onto the book or expire, as its time in force says.</summary>
    LimitReached = 2,

    /// <summary>Self-trade prevention ended the incoming order: the rest expires.</summary>
    SelfTradePrevented = 3,
}
