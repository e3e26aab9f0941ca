namespace CrossMargin.Model;

/// <summary>
/// The filters of a market: what its rules forbid of a well-formed order, whoever places it. Pure; the account refuses by them, and who only
/// tries an order is told the same.
/// </summary>
public static class OrderFilters
{
    /// <summary>
    /// The first filter of the market that the order fails. Closing orders need no minimum notional; without a mark the filters that need
    /// one are left out, and the account refuses for want of a price.
    /// </summary>
    public static Refusal Check(in PlaceOrder o, MarketSpec spec, Price mark)
    {
        if (OffTick(o.Price, spec) || OffTick(o.TriggerPrice, spec) || OffTick(o.ActivationPrice, spec))
        {
            return new Refusal(RejectReason.PriceOffTick, spec.TickUnits, FirstOffTick(o, spec).Units);
        }

        Price low = Lowest(o.Price, Lowest(o.TriggerPrice, o.ActivationPrice));
        if (!low.IsNone && low < spec.MinPrice) return new Refusal(RejectReason.PriceTooLow, spec.MinPrice.Units, low.Units);
        long high = Math.Max(o.Price.Units, Math.Max(o.TriggerPrice.Units, o.ActivationPrice.Units));
        if (high > spec.MaxPrice.Units) return new Refusal(RejectReason.PriceTooHigh, spec.MaxPrice.Units, high);
        if ((o.Flags & OrderFlags.ClosePosition) != 0) return Refusal.None;
        if (o.Quantity < spec.MinQuantity) return new Refusal(RejectReason.QuantityTooSmall, spec.MinQuantity.Lots, o.Quantity.Lots);
        Quantity max = o.Type.IsMarketType() ? spec.MaxMarketQuantity : spec.MaxQuantity;
        if (o.Quantity > max) return new Refusal(RejectReason.QuantityTooLarge, max.Lots, o.Quantity.Lots);
        Price value = !o.Price.IsNone ? o.Price : !o.TriggerPrice.IsNone ? o.TriggerPrice : mark;
        if ((o.Flags & OrderFlags.ReduceOnly) == 0 && !value.IsNone && spec.Notional(value, o.Quantity) < spec.MinNotional)
        {
            return new Refusal(RejectReason.NotionalTooSmall, spec.MinNotional.E8, spec.Notional(value, o.Quantity).E8);
        }

        return o.Type.IsConditional() || o.Price.IsNone || mark.IsNone ? Refusal.None : CheckBand(o.Side, o.Price, spec, mark);
    }

    /// <summary>A limit to buy above mark × (1 + band) or to sell below mark × (1 − band) is refused.</summary>
    public static Refusal CheckBand(Side side, Price price, MarketSpec spec, Price mark)
    {
        Price limit = Bound(side, mark, spec.PriceBand);
        if (side == Side.Buy && price > limit) return new Refusal(RejectReason.PriceAboveBand, limit.Units, price.Units);
        if (side == Side.Sell && price < limit) return new Refusal(RejectReason.PriceBelowBand, limit.Units, price.Units);
        return Refusal.None;
    }

    /// <summary>The farthest price on the hurting side: mark × (1 + rate) rounded down to buy, mark × (1 − rate) rounded up to sell; ≥ 1.</summary>
    public static Price Bound(Side side, Price mark, Rate rate) => side == Side.Buy
        ? new Price(Rounding.MulDivDown(mark.Units, Rate.One + rate.E8, Rate.One))
        : new Price(Math.Max(1, Rounding.MulDivUp(mark.Units, Rate.One - rate.E8, Rate.One)));

    private static bool OffTick(Price price, MarketSpec spec) => !price.IsNone && !spec.IsOnTick(price);

    private static Price FirstOffTick(in PlaceOrder o, MarketSpec spec) =>
        OffTick(o.Price, spec) ? o.Price : OffTick(o.TriggerPrice, spec) ? o.TriggerPrice : o.ActivationPrice;

    /// <summary>The lower of two prices that are given.</summary>
    private static Price Lowest(Price a, Price b) => a.IsNone ? b : b.IsNone || a < b ? a : b;
}
