using CrossMargin.Model;

namespace CrossMargin.Engine.Margin;

/// <summary>
/// What open orders reserve. The two sides of a leg are never summed: the worse of "all buys fill" and "all sells fill" decides.
/// Reduce-only orders are not part of a load and reserve nothing.
/// </summary>
public static class OrderMargin
{
    /// <summary>
    /// Order margin of a leg, without open loss. See <see cref="InitialUp(MarketSpec, PositionSide, Quantity, int, in OrderLoad, Price)"/>.
    /// </summary>
    public static Amount InitialUp(MarketSpec spec, in Leg leg, in OrderLoad load, Price mark) => leg.Mode == MarginMode.Cross
        ? InitialUp(spec, leg.Side, leg.Quantity, leg.Leverage, load, mark)
        : IsolatedUp(leg, load);

    /// <summary>
    /// Order margin of an isolated leg: the initial margin of what would open beyond the position, at the orders' mean price, the larger of
    /// the two sides. Nothing is credited for the position: its margin lies in its own wallet, and may be lost already.
    /// </summary>
    private static Amount IsolatedUp(in Leg leg, in OrderLoad load)
    {
        Amount bids = OpeningUp(leg, Side.Buy, load.Bids, load.BidQuantity);
        Amount asks = OpeningUp(leg, Side.Sell, load.Asks, load.AskQuantity);
        return LegMath.InitialUp(Amount.Max(bids, asks), leg.Leverage);
    }

    private static Amount OpeningUp(in Leg leg, Side side, Amount value, Quantity total)
    {
        if (!Opens(leg.Side, leg.Quantity, side, total)) return Amount.Zero;
        Quantity closable = leg.Quantity.Sign == (side == Side.Buy ? -1 : 1) ? leg.Quantity.Abs : Quantity.Zero;
        return closable.IsZero ? value : new(Rounding.MulDivUp(value.E8, (total - closable).Lots, total.Lots));
    }

    /// <summary>
    /// One-way: IM(max(|p + bids|, |p − asks|)) − IM(|p|), p the position's signed notional at the mark. Hedge: the leg alone, its
    /// opening side only. A side that fits wholly into the opposite position closes, and counts nothing. Rounded up by IM; ≥ 0.
    /// </summary>
    public static Amount InitialUp(
        MarketSpec spec, PositionSide side, Quantity position, int leverage, in OrderLoad load, Price mark)
    {
        bool bidsOpen = Opens(side, position, Side.Buy, load.BidQuantity);
        bool asksOpen = Opens(side, position, Side.Sell, load.AskQuantity);
        if (!bidsOpen && !asksOpen) return Amount.Zero;
        Amount p = spec.Notional(mark, position);
        Amount held = p.Abs;
        Amount worst = held;
        if (bidsOpen) worst = Amount.Max(worst, (p + load.Bids).Abs);
        if (asksOpen) worst = Amount.Max(worst, (p - load.Asks).Abs);
        return LegMath.InitialUp(worst, leverage) - LegMath.InitialUp(held, leverage);
    }

    /// <summary>
    /// Whether a side of a leg's orders, <paramref name="total"/> in sum, can open or add to a position. If it can, every order of that
    /// side counts its open loss whole: what closes first loses as much against the mark as what opens.
    /// </summary>
    public static bool Opens(PositionSide leg, Quantity position, Side side, Quantity total)
    {
        if (total.Lots <= 0) return false;
        return leg switch
        {
            PositionSide.Long => side == Side.Buy,
            PositionSide.Short => side == Side.Sell,
            _ => side == Side.Buy ? position.Lots >= 0 || total.Lots > -position.Lots : position.Lots <= 0 || total.Lots > position.Lots,
        };
    }

    /// <summary>What an order is under water the moment it fills: quantity × max(0, side × (price − mark)), exact; quantity ≥ 0.</summary>
    public static Amount OpenLoss(MarketSpec spec, Side side, Quantity quantity, Price price, Price mark)
    {
        long distance = side == Side.Buy ? price.Units - mark.Units : mark.Units - price.Units;
        return distance <= 0 ? Amount.Zero : spec.Notional(new Price(distance), quantity);
    }
}
