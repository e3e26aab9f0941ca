using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.History;

/// <summary>Rows of history as an account's events make and change them.</summary>
internal static class RowsOfEvents
{
    public static OrderRecord Order(long id, in Event e)
    {
        ref readonly OrderAccepted o = ref e.Body<OrderAccepted>();
        return new OrderRecord
        {
            Id = id,
            Time = e.Time,
            Market = e.Market,
            Order = o.Order,
            Side = o.Side,
            PositionSide = o.PositionSide,
            Type = o.Type,
            TimeInForce = o.TimeInForce,
            Flags = o.Flags,
            SelfTradePrevention = o.SelfTradePrevention,
            GoodTill = o.GoodTill,
            Price = o.Price,
            Quantity = o.Quantity,
            Filled = Quantity.Zero,
            FilledQuote = Amount.Zero,
            Status = OrderStatus.New,
            Reason = CancelReason.None,
            Changed = e.Time,
            ClientOrderId = o.ClientOrderId.ToString(),
            Algo = o.Algo,
            Liquidation = o.Liquidation,
        };
    }

    public static Func<OrderRecord, OrderRecord> Filled(in Event e, Amount quote)
    {
        OrderFilled fill = e.Body<OrderFilled>();
        Timestamp time = e.Time;
        return order => order with
        {
            Price = fill.OrderPrice,
            Quantity = fill.OrderQuantity,
            Filled = fill.Cumulative,
            FilledQuote = order.FilledQuote + quote,
            Status = fill.Status,
            Changed = time,
        };
    }

    public static Func<OrderRecord, OrderRecord> Ended(in Event e)
    {
        OrderEnded ended = e.Body<OrderEnded>();
        Timestamp time = e.Time;
        return order => order with
        {
            Price = ended.Price,
            Quantity = ended.Quantity,
            Filled = ended.Cumulative,
            Status = ended.Status,
            Reason = ended.Reason,
            Changed = time,
        };
    }

    public static Func<OrderRecord, OrderRecord> Amended(in Event e)
    {
        OrderAmended amended = e.Body<OrderAmended>();
        Timestamp time = e.Time;
        return order => order with { Price = amended.Price, Quantity = amended.Quantity, Changed = time };
    }

    public static Func<OrderRecord, OrderRecord> Reduced(in Event e)
    {
        OrderReduced reduced = e.Body<OrderReduced>();
        Timestamp time = e.Time;
        return order => order with { Quantity = reduced.Quantity, Changed = time };
    }

    public static TriggerRecord Trigger(long id, in Event e)
    {
        ref readonly TriggerAccepted t = ref e.Body<TriggerAccepted>();
        return new TriggerRecord
        {
            Id = id,
            Time = e.Time,
            Market = e.Market,
            Algo = t.Algo,
            Order = OrderId.None,
            Side = t.Side,
            PositionSide = t.PositionSide,
            Type = t.Type,
            TimeInForce = t.TimeInForce,
            Flags = t.Flags,
            TriggerSource = t.TriggerSource,
            Quantity = t.Quantity,
            Price = t.Price,
            TriggerPrice = t.TriggerPrice,
            ActivationPrice = t.ActivationPrice,
            CallbackRate = t.CallbackRate,
            GoodTill = t.GoodTill,
            Status = AlgoStatus.New,
            Reason = CancelReason.None,
            Refusal = Refusal.None,
            Ended = default,
            ClientOrderId = t.ClientOrderId.ToString(),
        };
    }

    public static FillRecord Fill(long id, in Event e)
    {
        ref readonly OrderFilled fill = ref e.Body<OrderFilled>();
        return new FillRecord
        {
            Id = id,
            Time = e.Time,
            Market = e.Market,
            Trade = fill.Trade,
            Order = fill.Order,
            Side = fill.Side,
            PositionSide = fill.PositionSide,
            Kind = fill.Type,
            IsMaker = fill.IsMaker,
            Price = fill.Price,
            Quantity = fill.Quantity,
            Fee = fill.Fee,
            RealizedProfit = fill.RealizedProfit,
            Counterparty = fill.Counterparty,
            Liquidation = fill.Liquidation,
        };
    }

    public static LiquidationRecord Liquidation(in Event e)
    {
        ref readonly LiquidationStarted s = ref e.Body<LiquidationStarted>();
        return new LiquidationRecord
        {
            Account = e.Account,
            Liquidation = s.Liquidation,
            Market = e.Market,
            Side = s.PositionSide,
            Started = e.Time,
            Ended = default,
            Equity = s.Equity,
            Maintenance = s.Maintenance,
            Notional = s.Notional,
            Outcome = default,
            Fee = Amount.Zero,
            Leftover = Amount.Zero,
            Shortfall = Amount.Zero,
            BookNotional = Amount.Zero,
            FundNotional = Amount.Zero,
            DeleveragedNotional = Amount.Zero,
        };
    }

    public static LiquidationRecord Ended(LiquidationRecord row, in Event e)
    {
        ref readonly LiquidationEnded over = ref e.Body<LiquidationEnded>();
        return row with
        {
            Ended = e.Time,
            Outcome = over.Outcome,
            Fee = over.Fee,
            Leftover = over.Leftover,
            Shortfall = over.Shortfall,
            BookNotional = over.BookNotional,
            FundNotional = over.FundNotional,
            DeleveragedNotional = over.DeleveragedNotional,
        };
    }
}
