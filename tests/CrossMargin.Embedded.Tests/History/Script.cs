using CrossMargin.Embedded.History;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.History;

/// <summary>Writes events by hand, one command after another, all at 2021-05-19T12:00:00 plus one millisecond a command.</summary>
internal sealed class Script(ExchangeHistory history)
{
    public const long Start = 1_621_425_600_000;

    public long Sequence { get; private set; }

    public static Event Of<T>(int account, int market, in T body, long time = Start)
        where T : unmanaged, IPayload<T, EventKind> =>
        Event.Of(new Timestamp(time), CommandId.None, new AccountId(account), new MarketId(market), body);

    /// <summary>The next command, with these events.</summary>
    public void Command(params Event[] events)
    {
        Sequence++;
        for (int i = 0; i < events.Length; i++) events[i].Time = new Timestamp(Start + Sequence);
        history.Append(events, Sequence);
    }

    public static OrderAccepted Accepted(long order, long quantity, long price, string client = "")
    {
        ClientOrderId id = default;
        if (client.Length > 0) Assert.True(ClientOrderId.TryParse(client, out id));
        return new OrderAccepted
        {
            Order = new OrderId(order),
            Quantity = new Quantity(quantity),
            Price = new Price(price),
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.Gtc,
            ClientOrderId = id,
        };
    }

    public static OrderFilled Filled(
        long order, long quantity, long cumulative, long size, long price, long profit = 0, long fee = 0) => new()
        {
            Order = new OrderId(order),
            Trade = new TradeId(700 + cumulative),
            Price = new Price(price),
            Quantity = new Quantity(quantity),
            Cumulative = new Quantity(cumulative),
            Leaves = new Quantity(size - cumulative),
            OrderQuantity = new Quantity(size),
            OrderPrice = new Price(price),
            RealizedProfit = new Amount(profit),
            Fee = new Amount(fee),
            Side = Side.Buy,
            Type = FillKind.Trade,
            Status = cumulative == size ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
        };
}
