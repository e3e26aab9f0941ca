using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// The filters that need no state, for orders that are only tried: a placed order is judged by its account, the gateway never asks twice.
/// </summary>
internal static class OrderFilters
{
    public static Refusal Check(in PlaceOrder order, MarketSpec spec)
    {
        foreach (Price price in (ReadOnlySpan<Price>)[order.Price, order.TriggerPrice, order.ActivationPrice])
        {
            if (price.IsNone) continue;
            if (!spec.IsOnTick(price)) return new Refusal(RejectReason.PriceOffTick, spec.TickUnits, price.Units);
            if (price < spec.MinPrice) return new Refusal(RejectReason.PriceTooLow, spec.MinPrice.Units, price.Units);
            if (price > spec.MaxPrice) return new Refusal(RejectReason.PriceTooHigh, spec.MaxPrice.Units, price.Units);
        }

        if ((order.Flags & OrderFlags.ClosePosition) != 0) return Refusal.None;
        bool isMarket = order.Type is not (OrderType.Limit or OrderType.Stop or OrderType.TakeProfit);
        Quantity most = isMarket ? spec.MaxMarketQuantity : spec.MaxQuantity;
        if (order.Quantity < spec.MinQuantity) return new Refusal(RejectReason.QuantityTooSmall, spec.MinQuantity.Lots, order.Quantity.Lots);
        if (order.Quantity > most) return new Refusal(RejectReason.QuantityTooLarge, most.Lots, order.Quantity.Lots);
        Price value = order.Price.IsNone ? order.TriggerPrice : order.Price;
        if (value.IsNone || (order.Flags & OrderFlags.ReduceOnly) != 0) return Refusal.None;
        Amount notional = spec.Notional(value, order.Quantity);
        return notional < spec.MinNotional ? new Refusal(RejectReason.NotionalTooSmall, spec.MinNotional.E8, notional.E8) : Refusal.None;
    }
}
