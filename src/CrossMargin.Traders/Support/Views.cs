using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>Readings of the ports' views that several strategies share.</summary>
public static class Views
{
    /// <summary>Whether a market has the prices an order needs and takes orders.</summary>
    public static bool IsTradable(this in MarketData data) => data.Pause == PauseReason.None && !data.Mark.IsNone && !data.Index.IsNone;

    /// <summary>Best bid, or the mark where the book is empty.</summary>
    public static Price Bid(this in MarketData data) => data.BestBid.IsNone ? data.Mark : data.BestBid;

    /// <summary>Best ask, or the mark where the book is empty.</summary>
    public static Price Ask(this in MarketData data) => data.BestAsk.IsNone ? data.Mark : data.BestAsk;

    /// <summary>(mark − index) / index in 1e-8.</summary>
    public static long Premium(this in MarketData data) =>
        Rounding.MulDivDown(data.Mark.Units - data.Index.Units, Rate.One, data.Index.Units);

    /// <summary>|quantity| at the mark.</summary>
    public static Amount Notional(this in PositionView position, MarketSpec spec, Price mark) => spec.Notional(mark, position.Quantity.Abs);

    /// <summary>Profit on what the position cost to enter, in 1e-8; negative: a loss. 0 for a flat one.</summary>
    public static long Return(this in PositionView position) => Sizing.Ratio(position.UnrealizedProfit, position.OpenCost.Abs);

    /// <summary>Mean entry price, rounded down to the price unit; none for a flat position.</summary>
    public static Price Entry(this in PositionView position, MarketSpec spec) =>
        position.Quantity.IsZero ? Price.None : new Price(position.OpenCost.E8 / (position.Quantity.Lots * spec.AmountPerUnitLot));

    public static bool IsFlat(this in PositionView position) => position.Quantity.IsZero;

    public static Side Opposite(this Side side) => side == Side.Buy ? Side.Sell : Side.Buy;
}
