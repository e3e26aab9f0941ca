using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>An order as the dialect shows it, whatever it was read from.</summary>
internal struct OrderImage
{
    public MarketFormat Market;
    public long Id;
    public ClientOrderId ClientId;
    public OrderStatus Status;
    public Side Side;
    public PositionSide PositionSide;

    /// <summary>What it is now, and what it was placed as.</summary>
    public OrderType Type;
    public OrderType OriginalType;
    public TimeInForce TimeInForce;
    public SelfTradePrevention SelfTradePrevention;
    public OrderFlags Flags;
    public Price Price;
    public Price StopPrice;
    public Price ActivationPrice;
    public Rate CallbackRate;
    public TriggerSource Source;
    public Quantity Quantity;
    public Quantity Filled;
    public Amount FilledQuote;
    public Timestamp GoodTill;
    public Timestamp Time;
    public Timestamp Updated;
    public PriceMatch PriceMatch;

    public readonly bool IsClassic => (Flags & OrderFlags.ClassicTrigger) != 0;

    public static OrderImage Of(MarketFormat market, OpenOrderSnapshot order) => Of(market, order, order.CreatedAt) with
    {
        Id = ShownId(order.Flags, order.Id, order.Algo),
        ClientId = order.ClientOrderId,
        Status = order.Filled.IsZero ? OrderStatus.New : OrderStatus.PartiallyFilled,
        SelfTradePrevention = order.SelfTradePrevention,
        Filled = order.Filled,
        FilledQuote = order.FilledQuote,
        Updated = order.UpdatedAt,
    };

    public static OrderImage Of(MarketFormat market, OrderRecord order) => Of(market, order, order.Time) with
    {
        Id = ShownId(order.Flags, order.Order, order.Algo),
        ClientId = IdOf(order.ClientOrderId),
        Status = order.Status,
        SelfTradePrevention = order.SelfTradePrevention,
        Filled = order.Filled,
        FilledQuote = order.FilledQuote,
        Updated = order.Changed,
    };

    /// <summary>A conditional order of the classic path that waits.</summary>
    public static OrderImage Of(MarketFormat market, OpenTriggerSnapshot trigger) => Of(market, trigger, trigger.CreatedAt) with
    {
        Id = trigger.Id.Value,
        ClientId = trigger.ClientOrderId,
        SelfTradePrevention = trigger.SelfTradePrevention,
    };

    /// <summary>A conditional order of the classic path that waits, or ended without becoming an order.</summary>
    public static OrderImage Of(MarketFormat market, TriggerRecord trigger) => Of(market, trigger, trigger.Time) with
    {
        Id = trigger.Algo.Value,
        ClientId = IdOf(trigger.ClientOrderId),
        Status = StatusOf(trigger.Status),

        // Kept only while it waits: what nearly all have.
        SelfTradePrevention = OrderReader.DefaultSelfTrade,
        Updated = trigger.Ended.Milliseconds == 0 ? trigger.Time : trigger.Ended,
    };

    /// <summary>An order just placed, before anything happened to it.</summary>
    public static OrderImage Of(MarketFormat market, in PlaceOrder order, Timestamp time) => new()
    {
        Market = market,
        ClientId = order.ClientOrderId,
        Status = OrderStatus.New,
        Side = order.Side,
        PositionSide = order.PositionSide,
        Type = order.Type,
        OriginalType = order.Type,
        TimeInForce = order.TimeInForce,
        SelfTradePrevention = order.SelfTradePrevention,
        Flags = order.Flags,
        Price = order.Price,
        StopPrice = order.TriggerPrice,
        ActivationPrice = order.ActivationPrice,
        CallbackRate = order.CallbackRate,
        Source = order.TriggerSource,
        Quantity = order.Quantity,
        GoodTill = order.GoodTill,
        Time = time,
        Updated = time,
    };

    /// <summary>An order that a conditional order of the classic path became shows what that one was.</summary>
    public void AddOrigin(TriggerRecord? trigger)
    {
        if (trigger is not null) AddOrigin(Of(Market, trigger));
    }

    public void AddOrigin(in OrderImage trigger)
    {
        OriginalType = trigger.OriginalType;
        StopPrice = trigger.StopPrice;
        ActivationPrice = trigger.ActivationPrice;
        CallbackRate = trigger.CallbackRate;
        Source = trigger.Source;
        Flags |= trigger.Flags & (OrderFlags.ClosePosition | OrderFlags.PriceProtect);
        Time = trigger.Time;
    }

    /// <summary>What one event of the answer did to this order; <paramref name="order"/> is its own id in the exchange.</summary>
    public void Apply(in Event e, OrderId order)
    {
        switch (e.Kind)
        {
            case EventKind.OrderFilled when e.Body<OrderFilled>().Order == order:
                ref readonly OrderFilled fill = ref e.Body<OrderFilled>();
                Filled = fill.Cumulative;
                FilledQuote += Market.Spec.Notional(fill.Price, fill.Quantity);
                Status = fill.Status;
                break;
            case EventKind.OrderEnded when e.Body<OrderEnded>().Order == order:
                ref readonly OrderEnded ended = ref e.Body<OrderEnded>();
                Status = ended.Status;
                Filled = ended.Cumulative;
                break;
            case EventKind.OrderReduced when e.Body<OrderReduced>().Order == order:
                Quantity = e.Body<OrderReduced>().Quantity;
                break;
            case EventKind.OrderAmended when e.Body<OrderAmended>().Order == order:
                Quantity = e.Body<OrderAmended>().Quantity;
                Price = e.Body<OrderAmended>().Price;
                break;
            default:
                return;
        }

        Updated = e.Time;
    }

    /// <summary>The id under which clients know an order: a conditional order of the classic path keeps its own.</summary>
    public static long ShownId(OrderFlags flags, OrderId order, AlgoId algo) =>
        (flags & OrderFlags.ClassicTrigger) != 0 && !algo.IsNone ? algo.Value : order.Value;

    private static OrderImage Of(MarketFormat market, OrderTerms terms, Timestamp time) => new()
    {
        Market = market,
        Status = OrderStatus.New,
        Side = terms.Side,
        PositionSide = terms.PositionSide,
        Type = terms.Type,
        OriginalType = terms.Type,
        TimeInForce = terms.TimeInForce,
        Flags = terms.Flags,
        Price = terms.Price,
        Quantity = terms.Quantity,
        GoodTill = terms.GoodTill,
        Time = time,
        Updated = time,
    };

    private static OrderImage Of(MarketFormat market, TriggerTerms terms, Timestamp time) => Of(market, (OrderTerms)terms, time) with
    {
        StopPrice = terms.TriggerPrice,
        ActivationPrice = terms.ActivationPrice,
        CallbackRate = terms.CallbackRate,
        Source = terms.TriggerSource,
    };

    private static ClientOrderId IdOf(string text)
    {
        ClientOrderId.TryParse(text, out ClientOrderId id);
        return id;
    }

    private static OrderStatus StatusOf(AlgoStatus status) => status switch
    {
        AlgoStatus.Canceled => OrderStatus.Canceled,
        AlgoStatus.Rejected => OrderStatus.Expired,
        AlgoStatus.Expired => OrderStatus.Expired,
        _ => OrderStatus.New,
    };
}
