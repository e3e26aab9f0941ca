using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>A conditional order of the algo path as the dialect shows it.</summary>
internal struct AlgoImage
{
    public OrderImage Order;
    public AlgoStatus Status;

    /// <summary>The order it became, or none.</summary>
    public OrderId Actual;
    public OrderRecord? ActualOrder;
    public Timestamp Triggered;

    /// <summary>The order that it became has ended.</summary>
    public bool Finished;

    public static AlgoImage Of(in OrderImage placed) => new() { Order = placed, Status = AlgoStatus.New };

    public static AlgoImage Of(MarketFormat market, OpenTriggerSnapshot trigger) => new()
    {
        Order = OrderImage.Of(market, trigger),
        Status = AlgoStatus.New,
    };

    public static AlgoImage Of(MarketFormat market, TriggerRecord trigger, OrderRecord? actual) => new()
    {
        Order = OrderImage.Of(market, trigger),
        Status = trigger.Status,
        Actual = trigger.Order,
        ActualOrder = actual,
        Triggered = trigger.Order.IsNone ? default : trigger.Ended,
        Finished = actual is { Status: > OrderStatus.PartiallyFilled },
    };
}
