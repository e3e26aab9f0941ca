namespace CrossMargin.Model;

/// <summary>What the types of orders have in common.</summary>
public static class OrderTypes
{
    /// <summary>Whether it waits for a price before it becomes an order.</summary>
    public static bool IsConditional(this OrderType type) => type >= OrderType.Stop;

    /// <summary>Whether the type executes at the market (has no limit of its own).</summary>
    public static bool IsMarketType(this OrderType type) =>
        type is OrderType.Market or OrderType.StopMarket or OrderType.TakeProfitMarket or OrderType.TrailingStopMarket;
}
