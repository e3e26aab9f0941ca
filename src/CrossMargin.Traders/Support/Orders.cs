using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>The few shapes of order that simulated traders send.</summary>
public static class Orders
{
    /// <summary>MARKET.</summary>
    public static void Market(in TraderTurn turn, MarketSpec spec, Side side, Quantity quantity, bool reduceOnly = false)
    {
        if (quantity.IsZero) return;
        turn.Commands.Submit(new PlaceOrder
        {
            Market = spec.Id,
            Side = side,
            Type = OrderType.Market,
            TimeInForce = TimeInForce.Ioc,
            Flags = reduceOnly ? OrderFlags.ReduceOnly : OrderFlags.None,
            SelfTradePrevention = SelfTradePrevention.ExpireMaker,
            Quantity = quantity,
        });
    }

    /// <summary>LIMIT at a price on a tick.</summary>
    public static void Limit(
        in TraderTurn turn, MarketSpec spec, Side side, Price price, Quantity quantity, TimeInForce force, bool reduceOnly = false)
    {
        if (quantity.IsZero) return;
        turn.Commands.Submit(new PlaceOrder
        {
            Market = spec.Id,
            Side = side,
            Type = OrderType.Limit,
            TimeInForce = force,
            Flags = reduceOnly ? OrderFlags.ReduceOnly : OrderFlags.None,
            SelfTradePrevention = SelfTradePrevention.ExpireMaker,
            Quantity = quantity,
            Price = price,
        });
    }

    /// <summary>LIMIT that ends by itself at an exchange time.</summary>
    public static void LimitUntil(in TraderTurn turn, MarketSpec spec, Side side, Price price, Quantity quantity, Timestamp end)
    {
        if (quantity.IsZero) return;
        turn.Commands.Submit(new PlaceOrder
        {
            Market = spec.Id,
            Side = side,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtd,
            SelfTradePrevention = SelfTradePrevention.ExpireMaker,
            Quantity = quantity,
            Price = price,
            GoodTill = end,
        });
    }

    /// <summary>STOP_MARKET on the mark that closes whatever the leg holds when it triggers.</summary>
    public static void StopClose(in TraderTurn turn, MarketSpec spec, Side side, Price trigger)
    {
        turn.Commands.Submit(new PlaceOrder
        {
            Market = spec.Id,
            Side = side,
            Type = OrderType.StopMarket,
            TimeInForce = TimeInForce.Gtc,
            Flags = OrderFlags.ClosePosition,
            SelfTradePrevention = SelfTradePrevention.ExpireMaker,
            TriggerSource = TriggerSource.Mark,
            TriggerPrice = trigger,
        });
    }

    public static void CancelAll(in TraderTurn turn, MarketSpec spec, CancelScope scope) =>
        turn.Commands.Submit(new CancelAllOrders { Market = spec.Id, Scope = scope });

    /// <summary>Cancels the open orders of all markets.</summary>
    public static void CancelEverywhere(in TraderTurn turn) =>
        turn.Commands.Submit(new CancelAllOrders { Market = MarketId.None, Scope = CancelScope.Orders });

    /// <summary>Closes a part (1e-8; 1 = all) of a position at market, reduce-only, at least one lot.</summary>
    public static void Close(in TraderTurn turn, MarketSpec spec, in PositionView position, long fraction = Rate.One)
    {
        if (position.Quantity.IsZero) return;
        long lots = Rounding.MulDivUp(position.Quantity.Abs.Lots, fraction, Rate.One);
        lots = Math.Clamp(lots, Math.Min(spec.MinQuantity.Lots, position.Quantity.Abs.Lots), spec.MaxMarketQuantity.Lots);
        Market(turn, spec, position.Quantity.Sign > 0 ? Side.Sell : Side.Buy, new Quantity(lots), reduceOnly: true);
    }
}
