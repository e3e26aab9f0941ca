using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Load.Cluster;

/// <summary>A batch of fills as Orleans would carry it field by field: what the project's bytes are compared with.</summary>
[GenerateSerializer]
internal sealed class FieldwiseFills
{
    [Id(0)] public byte FromKind;
    [Id(1)] public int FromNumber;
    [Id(2)] public byte ToKind;
    [Id(3)] public int ToNumber;
    [Id(4)] public long First;
    [Id(5)] public long Watcher;
    [Id(6)] public FieldwiseFill[] Fills = [];

    public static FieldwiseFills Of(DeliveryBatch batch) => new()
    {
        FromKind = (byte)batch.From.Kind,
        FromNumber = batch.From.Number,
        ToKind = (byte)batch.To.Kind,
        ToNumber = batch.To.Number,
        First = batch.First,
        Watcher = batch.Watcher.Value,
        Fills = [.. batch.Messages.Select(FieldwiseFill.Of)],
    };

    public DeliveryBatch ToBatch()
    {
        var from = new ActorId((ActorKind)FromKind, FromNumber);
        var to = new ActorId((ActorKind)ToKind, ToNumber);
        return new DeliveryBatch(from, to, First, [.. Fills.Select(f => f.ToMessage(from, to))], new NodeId(Watcher));
    }
}

[GenerateSerializer]
internal struct FieldwiseFill
{
    [Id(0)] public long Cause;
    [Id(1)] public long Order;
    [Id(2)] public long Trade;
    [Id(3)] public long Liquidation;
    [Id(4)] public long Price;
    [Id(5)] public long Quantity;
    [Id(6)] public long Fee;
    [Id(7)] public long Leaves;
    [Id(8)] public int Counterparty;
    [Id(9)] public int Market;
    [Id(10)] public byte Side;
    [Id(11)] public byte PositionSide;
    [Id(12)] public byte Type;
    [Id(13)] public bool IsMaker;
    [Id(14)] public bool Final;

    public static FieldwiseFill Of(Message message)
    {
        ref readonly Fill fill = ref message.Body<Fill>();
        return new FieldwiseFill
        {
            Cause = message.Cause.Value,
            Order = fill.Order.Value,
            Trade = fill.Trade.Value,
            Liquidation = fill.Liquidation.Value,
            Price = fill.Price.Units,
            Quantity = fill.Quantity.Lots,
            Fee = fill.Fee.E8,
            Leaves = fill.Leaves.Lots,
            Counterparty = fill.Counterparty.Value,
            Market = fill.Market.Value,
            Side = (byte)fill.Side,
            PositionSide = (byte)fill.PositionSide,
            Type = (byte)fill.Type,
            IsMaker = fill.IsMaker,
            Final = fill.Final,
        };
    }

    public readonly Message ToMessage(ActorId from, ActorId to) => Message.Of(from, to, new CommandId(Cause), new Fill
    {
        Order = new OrderId(Order),
        Trade = new TradeId(Trade),
        Liquidation = new LiquidationId(Liquidation),
        Price = new Price(Price),
        Quantity = new Quantity(Quantity),
        Fee = new Amount(Fee),
        Leaves = new Quantity(Leaves),
        Counterparty = new AccountId(Counterparty),
        Market = new MarketId(Market),
        Side = (Side)Side,
        PositionSide = (PositionSide)PositionSide,
        Type = (FillKind)Type,
        IsMaker = IsMaker,
        Final = Final,
    });
}
