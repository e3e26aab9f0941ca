using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.History;

namespace CrossMargin.Simulator.Audit;

/// <summary>
/// A second, simple model of one account's history: every row there ever was, by the events that its writes carried. What the rings hold must
/// be the last of them. An order's filled quantity and its quote are added up from its fills, and all income must be what is in the wallets.
/// </summary>
internal sealed class HistoryModel(VenueProfile profile, int assets)
{
    private readonly List<Order> _orders = [];
    private readonly Dictionary<OrderId, Order> _orderById = []; // to look up
    private readonly List<Trigger> _triggers = [];
    private readonly List<(long, TradeId, OrderId, Price, Quantity, Amount, Amount)> _fills = [];
    private readonly List<(long, MarketId, BalanceReason, AssetId, Amount, TradeId)> _income = [];
    private readonly List<(long, MarketId, Amount)> _margin = [];
    private readonly List<Liquidation> _liquidations = [];
    private readonly List<long> _steps = [];
    private readonly Int128[] _wallets = new Int128[assets];

    public bool HasWrapped => Math.Max(_orders.Count, _income.Count) > AccountHistory.Rows;

    /// <summary>The events of one write.</summary>
    public void Take(long number, IReadOnlyList<Event> events)
    {
        for (int i = 0; i < events.Count; i++) Take((number << 20) + i, events[i]);
    }

    public void Check(AccountId account, AccountHistory history, ReadOnlySpan<Amount> balances)
    {
        Same(account, "orders", _orders.Select(o => o.Row), history.Orders, Row);
        Same(account, "conditional orders", _triggers.Select(t => (t.Id, t.Algo, t.Order, t.Status, t.Reason, t.Ended)), history.Triggers,
            r => (r.Id, r.Algo, r.Order, r.Status, r.Reason, r.Ended));
        Same(account, "fills", _fills, history.Fills, r => (r.Id, r.Trade, r.Order, r.Price, r.Quantity, r.Fee, r.RealizedProfit));
        Same(account, "income", _income, history.Income, r => (r.Id, r.Market, r.Reason, r.Asset, r.Income, r.Trade));
        Same(account, "margin", _margin, history.Margin, r => (r.Id, r.Market, r.Change));
        Same(account, "liquidations", _liquidations.Select(l => (l.Id, l.Started, l.Ended, l.Outcome)), history.Liquidations,
            r => (r.Liquidation, r.Started, r.Ended, r.Outcome));
        Same(account, "steps", _steps, history.Steps, s => s.Id);
        for (int i = 0; i < _wallets.Length; i++)
        {
            long has = i < balances.Length ? balances[i].E8 : 0;
            if (has != _wallets[i]) throw new InvariantViolation($"1: {account} has {has} of asset {i}, its income adds up to {_wallets[i]}");
        }
    }

    private static void Same<TRow, TStored>(AccountId account, string what, IEnumerable<TRow> model, Ring<TStored> ring, Func<TStored, TRow> row)
    {
        TRow[] wanted = [.. model.TakeLast(AccountHistory.Rows)];
        if (ring.Count != wanted.Length) throw new InvariantViolation($"6: the history of {account} has {ring.Count} {what}, its events {wanted.Length}");
        for (int i = 0; i < wanted.Length; i++)
        {
            if (!Equals(wanted[i], row(ring[i])))
                throw new InvariantViolation($"6: the history of {account} has {row(ring[i])} as row {i} of its {what}, its events {wanted[i]}");
        }
    }

    private static (long, OrderId, Side, Price, Quantity, Quantity, Amount, OrderStatus, CancelReason, Timestamp) Row(OrderRecord r) =>
        (r.Id, r.Order, r.Side, r.Price, r.Quantity, r.Filled, r.FilledQuote, r.Status, r.Reason, r.Changed);

    private void Take(long id, in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.OrderAccepted:
                ref readonly OrderAccepted accepted = ref e.Body<OrderAccepted>();
                var made = new Order(id, accepted.Order, accepted.Side) { Price = accepted.Price, Quantity = accepted.Quantity, Changed = e.Time };
                _orders.Add(made);
                _orderById.Add(made.Number, made);
                break;
            case EventKind.OrderFilled:
                Fill(id, e);
                break;
            case EventKind.OrderEnded:
                OrderEnded ended = e.Body<OrderEnded>();
                Change(ended.Order, e, o => (o.Price, o.Quantity, o.Status, o.Reason) = (ended.Price, ended.Quantity, ended.Status, ended.Reason));
                break;
            case EventKind.OrderAmended:
                OrderAmended amended = e.Body<OrderAmended>();
                Change(amended.Order, e, o => (o.Price, o.Quantity) = (amended.Price, amended.Quantity));
                break;
            case EventKind.OrderReduced:
                OrderReduced reduced = e.Body<OrderReduced>();
                Change(reduced.Order, e, o => o.Quantity = reduced.Quantity);
                break;
            case EventKind.TriggerAccepted:
                _triggers.Add(new Trigger(id, e.Body<TriggerAccepted>().Algo));
                break;
            case EventKind.TriggerEnded:
                EndTrigger(e);
                break;
            case EventKind.BalanceChanged:
                Balance(id, e);
                break;
            default:
                Liquidate(id, e);
                break;
        }
    }

    private void Fill(long id, in Event e)
    {
        OrderFilled f = e.Body<OrderFilled>();
        _fills.Add((id, f.Trade, f.Order, f.Price, f.Quantity, f.Fee, f.RealizedProfit));
        if (!f.RealizedProfit.IsZero) _income.Add((id, e.Market, BalanceReason.RealizedProfit, AssetId.Settlement, f.RealizedProfit, f.Trade));
        if (!f.Fee.IsZero) _income.Add((id, e.Market, BalanceReason.Commission, AssetId.Settlement, -f.Fee, f.Trade));
        if (!f.Liquidation.IsNone) _steps.Add(id);
        _wallets[0] += (Int128)f.RealizedProfit.E8 - f.Fee.E8;
        if (f.Order.IsNone) return;
        long each = profile[e.Market].Notional(f.Price, new Quantity(1)).E8;
        Change(f.Order, e, o =>
        {
            o.Filled += f.Quantity;
            o.Quote += new Amount(each * f.Quantity.Lots);
            (o.Price, o.Quantity, o.Status) = (f.OrderPrice, f.OrderQuantity, f.Status);
        });
    }

    private void Balance(long id, in Event e)
    {
        ref readonly BalanceChanged b = ref e.Body<BalanceChanged>();
        if (b.Reason == BalanceReason.IsolatedMargin)
        {
            _margin.Add((id, e.Market, -b.Change));
            return;
        }

        _income.Add((id, e.Market, b.Reason, b.Asset, b.Change, b.Trade));
        _wallets[b.Asset.Value] += b.Change.E8;
    }

    private void EndTrigger(in Event e)
    {
        ref readonly TriggerEnded ended = ref e.Body<TriggerEnded>();
        AlgoId algo = ended.Algo;
        if (_triggers.FindLast(t => t.Algo == algo) is { } trigger)
            (trigger.Order, trigger.Status, trigger.Reason, trigger.Ended) = (ended.Order, ended.Status, ended.Reason, e.Time);
    }

    private void Liquidate(long id, in Event e)
    {
        if (e.Kind == EventKind.LiquidationStarted)
        {
            _liquidations.Add(new Liquidation(e.Body<LiquidationStarted>().Liquidation, e.Time));
        }
        else if (e.Kind == EventKind.LiquidationEnded)
        {
            LiquidationEnded over = e.Body<LiquidationEnded>();
            Liquidation one = _liquidations.FindLast(l => l.Id == over.Liquidation)!;
            (one.Ended, one.Outcome) = (e.Time, over.Outcome);
        }
        else if (e.Kind is not (EventKind.LiquidationOrdered or EventKind.LiquidationStepped))
        {
            return;
        }

        _steps.Add(id);
    }

    private void Change(OrderId number, in Event e, Action<Order> change)
    {
        if (!_orderById.TryGetValue(number, out Order? order)) return; // refused before it was accepted
        change(order);
        order.Changed = e.Time;
    }

    private sealed class Order(long id, OrderId number, Side side)
    {
        public OrderId Number => number;
        public Price Price { get; set; }
        public Quantity Quantity { get; set; }
        public Quantity Filled { get; set; }
        public Amount Quote { get; set; }
        public OrderStatus Status { get; set; } = OrderStatus.New;
        public CancelReason Reason { get; set; }
        public Timestamp Changed { get; set; }

        public (long, OrderId, Side, Price, Quantity, Quantity, Amount, OrderStatus, CancelReason, Timestamp) Row =>
            (id, number, side, Price, Quantity, Filled, Quote, Status, Reason, Changed);
    }

    private sealed class Trigger(long id, AlgoId algo)
    {
        public long Id => id;
        public AlgoId Algo => algo;
        public OrderId Order { get; set; }
        public AlgoStatus Status { get; set; } = AlgoStatus.New;
        public CancelReason Reason { get; set; }
        public Timestamp Ended { get; set; }
    }

    private sealed class Liquidation(LiquidationId id, Timestamp started)
    {
        public LiquidationId Id => id;
        public Timestamp Started => started;
        public Timestamp Ended { get; set; }
        public LiquidationOutcome Outcome { get; set; }
    }
}
