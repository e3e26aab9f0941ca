using CrossMargin.Model;

namespace CrossMargin.Engine.OrderBook;

/// <summary>An order as it goes onto the book, and as it is read back from it.</summary>
public struct RestingOrder
{
    public AccountId Account;
    public OrderId OrderId;
    public Side Side;
    public PositionSide PositionSide;

    /// <summary>On a tick of the market, &gt; 0.</summary>
    public Price Price;

    /// <summary>The order's size: what was traded plus what is open.</summary>
    public Quantity Quantity;

    /// <summary>The open part, 0 &lt; remaining ≤ quantity.</summary>
    public Quantity Remaining;
    public OrderFlags Flags;

    /// <summary>When the order expires; default: never.</summary>
    public Timestamp GoodTill;

    /// <summary>What its fills are charged; negative: a rebate. |fee| ≤ 100 %.</summary>
    public Rate MakerFee;
}
