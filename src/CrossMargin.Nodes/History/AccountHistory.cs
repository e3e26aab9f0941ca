using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Wire;

namespace CrossMargin.Nodes.History;

/// <summary>
/// The newest rows of one account's history, made of its own events: 500 of each kind. A row's id is the number of the write and the
/// event's place in it, so it rises within the account and is the same whoever makes it.
/// </summary>
internal sealed class AccountHistory(VenueProfile profile) : IEventProjection
{
    public const int Rows = 500;

    private const int PlaceBits = 20;
    private const byte Format = 1;

    public Ring<OrderRecord> Orders { get; } = new(Rows);
    public Ring<TriggerRecord> Triggers { get; } = new(Rows);
    public Ring<FillRecord> Fills { get; } = new(Rows);
    public Ring<IncomeRecord> Income { get; } = new(Rows);
    public Ring<MarginRecord> Margin { get; } = new(Rows);
    public Ring<LiquidationRecord> Liquidations { get; } = new(Rows);

    /// <summary>Steps of liquidations and their fills, with the ids of their rows.</summary>
    public Ring<(long Id, Event Event)> Steps { get; } = new(Rows);

    public void Apply(long number, IReadOnlyList<Event> events)
    {
        for (int i = 0; i < events.Count; i++) Apply((number << PlaceBits) + i, events[i]);
    }

    public void Write(StateWriter writer)
    {
        writer.WriteByte(Format);
        Orders.Write(writer, HistoryCodec.Write);
        Triggers.Write(writer, HistoryCodec.Write);
        Fills.Write(writer, HistoryCodec.Write);
        Income.Write(writer, HistoryCodec.Write);
        Margin.Write(writer, HistoryCodec.Write);
        Liquidations.Write(writer, HistoryCodec.Write);
        Steps.Write(writer, static (step, to) =>
        {
            to.WriteVar(step.Id);
            MessageCodec.WriteEvent(step.Event, to);
        });
    }

    public void Read(StateReader reader)
    {
        byte format = reader.ReadByte();
        if (format != Format) throw reader.Fault($"the rows have format {format}, this release reads format {Format}");
        Orders.Read(reader, HistoryCodec.ReadOrderRecord);
        Triggers.Read(reader, HistoryCodec.ReadTriggerRecord);
        Fills.Read(reader, HistoryCodec.ReadFillRecord);
        Income.Read(reader, HistoryCodec.ReadIncomeRecord);
        Margin.Read(reader, HistoryCodec.ReadMarginRecord);
        Liquidations.Read(reader, HistoryCodec.ReadLiquidationRecord);
        Steps.Read(reader, static from => (from.ReadVar(), MessageCodec.ReadEvent(from)));
        reader.ExpectEnd();
    }

    private void Apply(long id, in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.OrderAccepted:
                Orders.Add(RowsOfEvents.Order(id, e));
                break;
            case EventKind.OrderFilled:
                Fill(id, e);
                break;
            case EventKind.OrderEnded:
                ref readonly OrderEnded ended = ref e.Body<OrderEnded>();
                Change(ended.Order, RowsOfEvents.Ended(e));
                break;
            case EventKind.OrderAmended:
                Change(e.Body<OrderAmended>().Order, RowsOfEvents.Amended(e));
                break;
            case EventKind.OrderReduced:
                Change(e.Body<OrderReduced>().Order, RowsOfEvents.Reduced(e));
                break;
            case EventKind.TriggerAccepted:
                Triggers.Add(RowsOfEvents.Trigger(id, e));
                break;
            case EventKind.TriggerEnded:
                EndTrigger(e);
                break;
            case EventKind.BalanceChanged:
                Balance(id, e);
                break;
            default:
                Liquidation(id, e);
                break;
        }
    }

    private void Fill(long id, in Event e)
    {
        ref readonly OrderFilled fill = ref e.Body<OrderFilled>();
        Fills.Add(RowsOfEvents.Fill(id, e));
        if (!fill.Order.IsNone) Change(fill.Order, RowsOfEvents.Filled(e, profile[e.Market].Notional(fill.Price, fill.Quantity)));
        if (!fill.RealizedProfit.IsZero) AddIncome(id, e, BalanceReason.RealizedProfit, fill.RealizedProfit, fill);
        if (!fill.Fee.IsZero) AddIncome(id, e, BalanceReason.Commission, -fill.Fee, fill);
        if (!fill.Liquidation.IsNone) Steps.Add((id, e));
    }

    private void AddIncome(long id, in Event e, BalanceReason reason, Amount amount, in OrderFilled fill) =>
        Income.Add(new IncomeRecord(id, e.Time, e.Market, reason, AssetId.Settlement, amount, fill.Trade, fill.Liquidation));

    // A balance event about isolated margin tells of the cross wallet, from which the leg's margin came.
    private void Balance(long id, in Event e)
    {
        ref readonly BalanceChanged b = ref e.Body<BalanceChanged>();
        if (b.Reason == BalanceReason.IsolatedMargin) Margin.Add(new MarginRecord(id, e.Time, e.Market, b.PositionSide, -b.Change));
        else Income.Add(new IncomeRecord(id, e.Time, e.Market, b.Reason, b.Asset, b.Change, b.Trade, b.Liquidation));
    }

    // Ids rise within the ring: what is not among the newest is not there.
    private void Change(OrderId order, Func<OrderRecord, OrderRecord> change)
    {
        for (int i = Orders.Count - 1; i >= 0 && Orders[i].Order.Value >= order.Value; i--)
        {
            if (Orders[i].Order == order) Orders[i] = change(Orders[i]);
        }
    }

    private void EndTrigger(in Event e)
    {
        TriggerEnded ended = e.Body<TriggerEnded>();
        Timestamp time = e.Time;
        int i = Triggers.FindLast(t => t.Algo == ended.Algo);
        if (i < 0) return;
        Triggers[i] = Triggers[i] with
        {
            Order = ended.Order,
            Status = ended.Status,
            Reason = ended.Reason,
            Refusal = ended.Refusal,
            Ended = time,
        };
    }

    private void Liquidation(long id, in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.LiquidationStarted:
                Liquidations.Add(RowsOfEvents.Liquidation(e));
                break;
            case EventKind.LiquidationEnded:
                LiquidationId over = e.Body<LiquidationEnded>().Liquidation;
                int i = Liquidations.FindLast(l => l.Liquidation == over);
                if (i >= 0) Liquidations[i] = RowsOfEvents.Ended(Liquidations[i], e);
                break;
            case EventKind.LiquidationOrdered or EventKind.LiquidationStepped:
                break;
            default:
                return;
        }

        Steps.Add((id, e));
    }
}
