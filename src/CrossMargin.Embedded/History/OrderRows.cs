using CrossMargin.Embedded.Journal;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>
/// Orders, one row each. An order that is open only within one transaction is written once, at its end; one that is still open at the end
/// of a transaction is written then, so that the file always holds the whole state as of its last command and can be continued.
/// </summary>
internal sealed class OrderRows
{
    private const string Mutable =
        "price_units, quantity_lots, filled_lots, filled_quote_e8, status, reason, refusal, refusal_limit, refusal_actual, changed_id, "
        + "changed_ms, ended_ms";

    private readonly SqliteSession _session;
    private readonly VenueProfile _profile;
    private readonly RowWriter _insert;
    private readonly RowWriter _update;
    private readonly Dictionary<OrderKey, int> _open = [];
    private readonly Stack<int> _free = new();
    private OrderRow[] _slots = new OrderRow[1024];
    private int[] _touched = new int[1024];
    private int _slotCount;
    private int _touchedCount;

    public OrderRows(SqliteSession session, VenueProfile profile)
    {
        (_session, _profile) = (session, profile);
        _insert = RowWriter.Insert(
            session, "order_rows",
            "id, account, market, order_id, time_ms, side, position_side, type, time_in_force, flags, self_trade_prevention, good_till_ms, "
            + "algo_id, liquidation_id, client_order_id, " + Mutable);
        string assignments = string.Join(", ", Mutable.Split(", ").Select(column => column + " = ?"));
        _update = new RowWriter(session, $"UPDATE order_rows SET {assignments} WHERE id = ?");
    }

    /// <summary>Reads what is open in the file; before the first event.</summary>
    public void Load()
    {
        _open.Clear();
        _free.Clear();
        (_slotCount, _touchedCount) = (0, 0);
        sqlite3_stmt rows = _session.Statement(
            "SELECT id, account, market, order_id, price_units, quantity_lots, filled_lots, filled_quote_e8, status, "
            + "changed_id, changed_ms FROM order_rows WHERE ended_ms IS NULL");
        while (_session.Step(rows))
        {
            int slot = NewSlot(new OrderKey((int)raw.sqlite3_column_int64(rows, 1), raw.sqlite3_column_int64(rows, 3)));
            ref OrderRow row = ref _slots[slot];
            row = default;
            row.Id = raw.sqlite3_column_int64(rows, 0);
            row.IsWritten = true;
            row.Account = (int)raw.sqlite3_column_int64(rows, 1);
            row.Market = new MarketId((int)raw.sqlite3_column_int64(rows, 2));
            row.Accepted.Order = new OrderId(raw.sqlite3_column_int64(rows, 3));
            row.Price = raw.sqlite3_column_int64(rows, 4);
            row.Quantity = raw.sqlite3_column_int64(rows, 5);
            row.Filled = raw.sqlite3_column_int64(rows, 6);
            row.FilledQuote = raw.sqlite3_column_int64(rows, 7);
            row.Status = (OrderStatus)raw.sqlite3_column_int64(rows, 8);
            row.ChangedId = raw.sqlite3_column_int64(rows, 9);
            row.Changed = raw.sqlite3_column_int64(rows, 10);
        }
    }

    public void Accept(long id, in Event e)
    {
        ref readonly OrderAccepted body = ref e.Body<OrderAccepted>();
        int slot = NewSlot(new OrderKey(e.Account.Value, body.Order.Value));
        ref OrderRow row = ref _slots[slot];
        row = default;
        row.Id = id;
        row.Account = e.Account.Value;
        row.Market = e.Market;
        row.Time = e.Time.Milliseconds;
        row.Accepted = body;
        row.Price = body.Price.Units;
        row.Quantity = body.Quantity.Lots;
        row.Status = OrderStatus.New;
        Touch(slot, id, e);
    }

    public void Fill(long id, in Event e)
    {
        ref readonly OrderFilled body = ref e.Body<OrderFilled>();
        int slot = Find(e, body.Order);
        if (slot < 0) return; // takeovers and deleveraging fill no order; the fund's own orders are no account's
        ref OrderRow row = ref _slots[slot];
        row.Price = body.OrderPrice.Units;
        row.Quantity = body.OrderQuantity.Lots;
        row.Filled = body.Cumulative.Lots;
        row.FilledQuote += _profile[e.Market].Notional(body.Price, body.Quantity).E8;
        row.Status = body.Status;
        Touch(slot, id, e);
        if (body.Status == OrderStatus.Filled) Close(slot, e);
    }

    public void End(long id, in Event e)
    {
        ref readonly OrderEnded body = ref e.Body<OrderEnded>();
        int slot = Find(e, body.Order);
        if (slot < 0) return;
        ref OrderRow row = ref _slots[slot];
        row.Price = body.Price.Units;
        row.Quantity = body.Quantity.Lots;
        row.Filled = body.Cumulative.Lots;
        row.Status = body.Status;
        row.Reason = body.Reason;
        row.Refusal = body.Refusal;
        Touch(slot, id, e);
        Close(slot, e);
    }

    public void Reduce(long id, in Event e)
    {
        ref readonly OrderReduced body = ref e.Body<OrderReduced>();
        int slot = Find(e, body.Order);
        if (slot < 0) return;
        _slots[slot].Quantity = body.Quantity.Lots;
        Touch(slot, id, e);
    }

    public void Amend(long id, in Event e)
    {
        ref readonly OrderAmended body = ref e.Body<OrderAmended>();
        int slot = Find(e, body.Order);
        if (slot < 0) return;
        ref OrderRow row = ref _slots[slot];
        row.Price = body.Price.Units;
        row.Quantity = body.Quantity.Lots;
        Touch(slot, id, e);
    }

    /// <summary>Writes every order that changed since the last call, in the order of their ids.</summary>
    public void Flush()
    {
        Span<int> touched = _touched.AsSpan(0, _touchedCount);
        touched.Sort((a, b) => _slots[a].Id.CompareTo(_slots[b].Id));
        foreach (int slot in touched)
        {
            ref OrderRow row = ref _slots[slot];
            if (row.IsWritten) Update(row);
            else Insert(row);
            row.IsWritten = true;
            row.IsTouched = false;
            if (row.Ended != 0) _free.Push(slot);
        }

        _touchedCount = 0;
    }

    private int Find(in Event e, OrderId order) => _open.GetValueOrDefault(new OrderKey(e.Account.Value, order.Value), -1);

    private void Close(int slot, in Event e)
    {
        ref OrderRow row = ref _slots[slot];
        row.Ended = e.Time.Milliseconds;
        _open.Remove(new OrderKey(row.Account, row.Accepted.Order.Value));
    }

    private void Touch(int slot, long id, in Event e)
    {
        ref OrderRow row = ref _slots[slot];
        row.ChangedId = id;
        row.Changed = e.Time.Milliseconds;
        if (row.IsTouched) return;
        row.IsTouched = true;
        if (_touchedCount == _touched.Length) Array.Resize(ref _touched, _touchedCount * 2);
        _touched[_touchedCount++] = slot;
    }

    private int NewSlot(OrderKey key)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _slotCount++;
            if (slot == _slots.Length) Array.Resize(ref _slots, slot * 2);
        }

        _open.Add(key, slot);
        return slot;
    }

    private void Insert(in OrderRow row)
    {
        ref readonly OrderAccepted body = ref row.Accepted;
        _insert.Int(row.Id).Int(row.Account).Int(row.Market.Value).Int(body.Order.Value).Int(row.Time);
        _insert.Int((int)body.Side).Int((int)body.PositionSide).Int((int)body.Type).Int((int)body.TimeInForce).Int((int)body.Flags);
        _insert.Int((int)body.SelfTradePrevention).Optional(body.GoodTill.Milliseconds).Optional(body.Algo.Value);
        _insert.Optional(body.Liquidation.Value).Text(body.ClientOrderId);
        BindMutable(_insert, row);
        _insert.Run();
    }

    private void Update(in OrderRow row)
    {
        BindMutable(_update, row);
        _update.Int(row.Id).Run();
    }

    private static void BindMutable(RowWriter to, in OrderRow row)
    {
        to.Int(row.Price).Int(row.Quantity).Int(row.Filled).Int(row.FilledQuote).Int((int)row.Status).Optional((int)row.Reason);
        bool refused = row.Refusal.Reason != RejectReason.None;
        to.Optional((int)row.Refusal.Reason).Optional(refused ? row.Refusal.Limit : 0).Optional(refused ? row.Refusal.Actual : 0);
        to.Int(row.ChangedId).Int(row.Changed).Optional(row.Ended);
    }

    private readonly record struct OrderKey(int Account, long Order)
    {
        public override int GetHashCode() =>
            unchecked((int)(((ulong)Account * 0x9E3779B97F4A7C15UL ^ (ulong)Order * 0xBF58476D1CE4E5B9UL) >> 32));
    }

    private struct OrderRow
    {
        public long Id;
        public long Time;
        public long Price;
        public long Quantity;
        public long Filled;
        public long FilledQuote;
        public long ChangedId;
        public long Changed;
        public long Ended;
        public int Account;
        public MarketId Market;
        public OrderStatus Status;
        public CancelReason Reason;
        public bool IsWritten;
        public bool IsTouched;
        public PackedRefusal Refusal;
        public OrderAccepted Accepted;
    }
}
