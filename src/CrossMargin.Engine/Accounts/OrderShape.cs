using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>What can be refused of an order without looking at any state but the market's rules: its shape, then the market's filters.</summary>
public static class OrderShape
{
    private static readonly Rate CallbackMin = new(Rate.One / 1000);
    private static readonly Rate CallbackMax = new(Rate.One / 10);

    public static bool IsConditional(OrderType type) => type >= OrderType.Stop;

    /// <summary>Whether the type executes at the market (has no limit of its own).</summary>
    public static bool IsMarketType(OrderType type) =>
        type is OrderType.Market or OrderType.StopMarket or OrderType.TakeProfitMarket or OrderType.TrailingStopMarket;

    /// <summary>The first fault of the order's shape, in the order of the reject numbers.</summary>
    public static Refusal CheckShape(in PlaceOrder o, Timestamp now)
    {
        if (o.Side is not (Side.Buy or Side.Sell)) return Refuse(RejectReason.InvalidSide, (long)o.Side);
        if (o.Type is < OrderType.Limit or > OrderType.TrailingStopMarket) return Refuse(RejectReason.InvalidType, (long)o.Type);
        bool marketType = IsMarketType(o.Type);
        if (o.TimeInForce is < TimeInForce.Gtc or > TimeInForce.Gtd) return Refuse(RejectReason.InvalidTimeInForce, (long)o.TimeInForce);
        if (o.Type == OrderType.Market && o.TimeInForce is (TimeInForce.Gtx or TimeInForce.Gtd))
        {
            return Refuse(RejectReason.InvalidTimeInForce, (long)o.TimeInForce);
        }

        if (o.PositionSide > PositionSide.Short) return Refuse(RejectReason.InvalidPositionSide, (long)o.PositionSide);
        if (FlagsFault(o, marketType)) return Refuse(RejectReason.InvalidFlags, (long)o.Flags);
        bool closes = (o.Flags & OrderFlags.ClosePosition) != 0;
        if (closes ? !o.Quantity.IsZero : o.Quantity.Lots <= 0) return Refuse(RejectReason.InvalidQuantity, o.Quantity.Lots);
        if (marketType ? !o.Price.IsNone : o.Price.Units <= 0) return Refuse(RejectReason.InvalidPrice, o.Price.Units);
        bool hasTrigger = IsConditional(o.Type) && o.Type != OrderType.TrailingStopMarket;
        if (hasTrigger ? o.TriggerPrice.Units <= 0 : !o.TriggerPrice.IsNone) return Refuse(RejectReason.InvalidTriggerPrice, o.TriggerPrice.Units);
        if (o.ActivationPrice.Units < 0 || (o.Type != OrderType.TrailingStopMarket && !o.ActivationPrice.IsNone))
        {
            return Refuse(RejectReason.InvalidTriggerPrice, o.ActivationPrice.Units);
        }

        bool trailing = o.Type == OrderType.TrailingStopMarket;
        if (trailing ? o.CallbackRate < CallbackMin || o.CallbackRate > CallbackMax : o.CallbackRate != Rate.Zero)
        {
            return new Refusal(RejectReason.InvalidCallbackRate, CallbackMax.E8, o.CallbackRate.E8);
        }

        bool dated = o.TimeInForce == TimeInForce.Gtd;
        if (dated ? o.GoodTill <= now : o.GoodTill.Milliseconds != 0)
        {
            return new Refusal(RejectReason.InvalidGoodTill, now.Milliseconds, o.GoodTill.Milliseconds);
        }

        return o.TriggerSource > TriggerSource.Mark ? Refuse(RejectReason.InvalidTriggerSource, (long)o.TriggerSource) : Refusal.None;
    }

    /// <summary>
    /// The first filter of the market that the order fails. Closing orders need no minimum notional; without a mark the filters that need
    /// one are left out, and the caller refuses for want of a price.
    /// </summary>
    public static Refusal CheckFilters(in PlaceOrder o, MarketSpec spec, Price mark)
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
        Quantity max = IsMarketType(o.Type) ? spec.MaxMarketQuantity : spec.MaxQuantity;
        if (o.Quantity > max) return new Refusal(RejectReason.QuantityTooLarge, max.Lots, o.Quantity.Lots);
        Price value = !o.Price.IsNone ? o.Price : !o.TriggerPrice.IsNone ? o.TriggerPrice : mark;
        if ((o.Flags & OrderFlags.ReduceOnly) == 0 && !value.IsNone && spec.Notional(value, o.Quantity) < spec.MinNotional)
        {
            return new Refusal(RejectReason.NotionalTooSmall, spec.MinNotional.E8, spec.Notional(value, o.Quantity).E8);
        }

        return IsConditional(o.Type) || o.Price.IsNone || mark.IsNone ? Refusal.None : CheckBand(o.Side, o.Price, spec, mark);
    }

    /// <summary>A limit to buy above mark × (1 + band) or to sell below mark × (1 − band) is refused.</summary>
    public static Refusal CheckBand(Side side, Price price, MarketSpec spec, Price mark)
    {
        Price limit = Bound(side, mark, spec.PriceBand);
        if (side == Side.Buy && price > limit) return new Refusal(RejectReason.PriceAboveBand, limit.Units, price.Units);
        if (side == Side.Sell && price < limit) return new Refusal(RejectReason.PriceBelowBand, limit.Units, price.Units);
        return Refusal.None;
    }

    /// <summary>The worst tick an order may reach: <see cref="Bound"/> on the nearest tick inside it, at least one tick.</summary>
    public static Price BoundTick(MarketSpec spec, Side side, Price mark, Rate rate)
    {
        Price bound = Bound(side, mark, rate);
        return side == Side.Buy ? AtLeastOneTick(spec, spec.TickDown(bound)) : spec.TickUp(bound);
    }

    public static Price AtLeastOneTick(MarketSpec spec, Price price) => new(Math.Max(spec.TickUnits, price.Units));

    /// <summary>The farthest price on the hurting side: mark × (1 + rate) rounded down to buy, mark × (1 − rate) rounded up to sell; ≥ 1.</summary>
    public static Price Bound(Side side, Price mark, Rate rate) => side == Side.Buy
        ? new Price(Rounding.MulDivDown(mark.Units, Rate.One + rate.E8, Rate.One))
        : new Price(Math.Max(1, Rounding.MulDivUp(mark.Units, Rate.One - rate.E8, Rate.One)));

    private static bool FlagsFault(in PlaceOrder o, bool marketType)
    {
        OrderFlags allowed = OrderFlags.ReduceOnly | OrderFlags.ClosePosition | OrderFlags.PriceProtect;
        if (IsConditional(o.Type)) allowed |= OrderFlags.ClassicTrigger;
        if ((o.Flags & ~allowed) != 0 || o.SelfTradePrevention > SelfTradePrevention.ExpireBoth) return true;
        bool closes = (o.Flags & OrderFlags.ClosePosition) != 0;
        bool conditionalMarket = marketType && IsConditional(o.Type) && o.Type != OrderType.TrailingStopMarket;
        if (closes && !conditionalMarket) return true;
        return (o.Flags & OrderFlags.PriceProtect) != 0 && !IsConditional(o.Type);
    }

    private static bool OffTick(Price price, MarketSpec spec) => !price.IsNone && !spec.IsOnTick(price);

    private static Price FirstOffTick(in PlaceOrder o, MarketSpec spec) =>
        OffTick(o.Price, spec) ? o.Price : OffTick(o.TriggerPrice, spec) ? o.TriggerPrice : o.ActivationPrice;

    /// <summary>The lower of two prices that are given.</summary>
    private static Price Lowest(Price a, Price b) => a.IsNone ? b : b.IsNone || a < b ? a : b;

    private static Refusal Refuse(RejectReason reason, long actual) => new(reason, 0, actual);
}
