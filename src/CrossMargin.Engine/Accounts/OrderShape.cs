using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>
/// What can be refused of an order without looking at anything but itself; <see cref="OrderFilters"/> come next. Also the ticks to which the
/// engine bounds an order.
/// </summary>
public static class OrderShape
{
    private static readonly Rate CallbackMin = new(Rate.One / 1000);
    private static readonly Rate CallbackMax = new(Rate.One / 10);

    /// <summary>The first fault of the order's shape, in the order of the reject numbers.</summary>
    public static Refusal CheckShape(in PlaceOrder o, Timestamp now)
    {
        if (o.Side is not (Side.Buy or Side.Sell)) return Refuse(RejectReason.InvalidSide, (long)o.Side);
        if (o.Type is < OrderType.Limit or > OrderType.TrailingStopMarket) return Refuse(RejectReason.InvalidType, (long)o.Type);
        bool marketType = o.Type.IsMarketType();
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
        bool hasTrigger = o.Type.IsConditional() && o.Type != OrderType.TrailingStopMarket;
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

    /// <summary>The worst tick an order may reach: <see cref="OrderFilters.Bound"/> on the nearest tick inside it, at least one tick.</summary>
    public static Price BoundTick(MarketSpec spec, Side side, Price mark, Rate rate)
    {
        Price bound = OrderFilters.Bound(side, mark, rate);
        return side == Side.Buy ? AtLeastOneTick(spec, spec.TickDown(bound)) : spec.TickUp(bound);
    }

    public static Price AtLeastOneTick(MarketSpec spec, Price price) => new(Math.Max(spec.TickUnits, price.Units));

    private static bool FlagsFault(in PlaceOrder o, bool marketType)
    {
        OrderFlags allowed = OrderFlags.ReduceOnly | OrderFlags.ClosePosition | OrderFlags.PriceProtect;
        if (o.Type.IsConditional()) allowed |= OrderFlags.ClassicTrigger;
        if ((o.Flags & ~allowed) != 0 || o.SelfTradePrevention > SelfTradePrevention.ExpireBoth) return true;
        bool closes = (o.Flags & OrderFlags.ClosePosition) != 0;
        bool conditionalMarket = marketType && o.Type.IsConditional() && o.Type != OrderType.TrailingStopMarket;
        if (closes && !conditionalMarket) return true;
        return (o.Flags & OrderFlags.PriceProtect) != 0 && !o.Type.IsConditional();
    }

    private static Refusal Refuse(RejectReason reason, long actual) => new(reason, 0, actual);
}
