using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Wire;

namespace CrossMargin.Nodes.History;

/// <summary>Which kind of rows is asked for. The numbers go between machines of one release.</summary>
internal enum HistoryKind : byte
{
    Orders = 1,
    Order,
    Triggers,
    Trigger,
    Fills,
    Income,
    Margin,
    Liquidations,
    LiquidationSteps,
    Trades,
    Klines,
    Funding,
}

/// <summary>A question about one actor's history; what its kind does not need is none.</summary>
internal sealed record HistoryQuestion(HistoryKind Kind, HistoryPage Page)
{
    public MarketId Market { get; init; }
    public OrderId Order { get; init; }
    public AlgoId Algo { get; init; }
    public LiquidationId Liquidation { get; init; }
    public string Name { get; init; } = "";
    public IReadOnlyList<BalanceReason> Reasons { get; init; } = [];
    public KlineSeries Series { get; init; } = KlineSeries.Trades;
    public KlineInterval Interval { get; init; } = KlineInterval.OneMinute;

    public ReadOnlyMemory<byte> ToBytes()
    {
        var writer = new StateWriter(64);
        writer.WriteByte((byte)Kind);
        writer.WriteVar(Page.From.Milliseconds);
        writer.WriteVar(Page.To.Milliseconds);
        writer.WriteVar(Page.FromId);
        writer.WriteVar(Page.Limit);
        writer.WriteBool(Page.Newest);
        writer.WriteVar(Market.Value);
        writer.WriteVar(Order.Value);
        writer.WriteVar(Algo.Value);
        writer.WriteVar(Liquidation.Value);
        writer.WriteString(Name);
        writer.WriteList(Reasons, static (reason, to) => to.WriteByte((byte)reason));
        writer.WriteByte((byte)Series);
        writer.WriteByte((byte)Interval);
        return writer.WrittenMemory;
    }

    public static HistoryQuestion Read(StateReader reader)
    {
        var kind = (HistoryKind)reader.ReadByte();
        var page = new HistoryPage(
            new Timestamp(reader.ReadVar()), new Timestamp(reader.ReadVar()), reader.ReadVar(), reader.ReadVarInt(), reader.ReadBool());
        return new HistoryQuestion(kind, page)
        {
            Market = new MarketId(reader.ReadVarInt()),
            Order = new OrderId(reader.ReadVar()),
            Algo = new AlgoId(reader.ReadVar()),
            Liquidation = new LiquidationId(reader.ReadVar()),
            Name = reader.ReadString(),
            Reasons = reader.ReadList(static from => (BalanceReason)from.ReadByte()),
            Series = (KlineSeries)reader.ReadByte(),
            Interval = (KlineInterval)reader.ReadByte(),
        };
    }
}
