using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>
/// History as clients ask for it. Each answer waits until what was appended before the question is written, without holding a thread. Any
/// thread. What the history's mode does not keep is answered as empty.
/// </summary>
public sealed partial class HistoryReader : IExchangeHistory
{
    private const string OrderColumns =
        "SELECT id, time_ms, market, order_id, side, position_side, type, time_in_force, flags, price_units, quantity_lots, filled_lots, "
        + "filled_quote_e8, status, reason, changed_ms, client_order_id, algo_id, liquidation_id, self_trade_prevention, good_till_ms "
        + "FROM order_rows WHERE account = ?1 ";

    private const string TriggerColumns =
        "SELECT id, time_ms, market, algo_id, order_id, side, position_side, type, time_in_force, flags, trigger_source, quantity_lots, "
        + "price_units, trigger_price_units, activation_price_units, callback_rate_e8, good_till_ms, status, reason, refusal, refusal_limit, "
        + "refusal_actual, ended_ms, client_order_id FROM trigger_rows WHERE account = ?1 ";

    private readonly ExchangeHistory _history;

    internal HistoryReader(ExchangeHistory history) => _history = history;

    /// <summary>Exchange time now, up to which candles are given; null: of the last event. Set before the first question.</summary>
    public Func<Timestamp>? Now { get; set; }

    public Task<IReadOnlyList<OrderRecord>> OrdersAsync(AccountId account, MarketId market, HistoryPage page) =>
        _history.QueryAsync(session =>
        {
            var seek = new TimeSeek(session, "SELECT order_id, time_ms FROM order_rows WHERE account = ?1 AND order_id >= ?2", account.Value);
            (long first, long last) = seek.Range(page);
            string where = $"AND order_id BETWEEN ?2 AND ?3 {Market(market)} ORDER BY order_id {Direction(page)} LIMIT ?4";
            return Rows(session, OrderColumns + where, page.Newest, ReadOrder, account.Value, Math.Max(first, page.FromId), last, page.Limit);
        });

    public Task<OrderRecord?> OrderAsync(AccountId account, OrderId order, AlgoId algo, string clientOrderId) =>
        _history.QueryAsync(session =>
        {
            if (!order.IsNone) return One(session, OrderColumns + "AND order_id = ?2", ReadOrder, account.Value, order.Value);
            if (!algo.IsNone) return One(session, OrderColumns + "AND algo_id = ?2", ReadOrder, account.Value, algo.Value);
            return Named(session, OrderColumns + "AND client_order_id = ?2 ORDER BY order_id DESC LIMIT 1", ReadOrder, account, clientOrderId);
        });

    public Task<IReadOnlyList<TriggerRecord>> TriggersAsync(AccountId account, MarketId market, HistoryPage page) =>
        _history.QueryAsync(session =>
        {
            string where = $"AND algo_id >= ?2 AND time_ms BETWEEN ?3 AND ?4 {Market(market)} ORDER BY algo_id {Direction(page)} LIMIT ?5";
            return Rows(
                session, TriggerColumns + where, page.Newest, ReadTrigger, account.Value, page.FromId, page.From.Milliseconds,
                page.To.Milliseconds, page.Limit);
        });

    public Task<TriggerRecord?> TriggerAsync(AccountId account, AlgoId algo, string clientOrderId) =>
        _history.QueryAsync(session => algo.IsNone
            ? Named(session, TriggerColumns + "AND client_order_id = ?2 ORDER BY algo_id DESC LIMIT 1", ReadTrigger, account, clientOrderId)
            : One(session, TriggerColumns + "AND algo_id = ?2", ReadTrigger, account.Value, algo.Value));

    private static OrderRecord ReadOrder(sqlite3_stmt row) => new()
    {
        Id = Long(row, 0),
        Time = new Timestamp(Long(row, 1)),
        Market = new MarketId((int)Long(row, 2)),
        Order = new OrderId(Long(row, 3)),
        Side = (Side)Long(row, 4),
        PositionSide = (PositionSide)Long(row, 5),
        Type = (OrderType)Long(row, 6),
        TimeInForce = (TimeInForce)Long(row, 7),
        Flags = (OrderFlags)Long(row, 8),
        Price = new Price(Long(row, 9)),
        Quantity = new Quantity(Long(row, 10)),
        Filled = new Quantity(Long(row, 11)),
        FilledQuote = new Amount(Long(row, 12)),
        Status = (OrderStatus)Long(row, 13),
        Reason = (CancelReason)Long(row, 14),
        Changed = new Timestamp(Long(row, 15)),
        ClientOrderId = Text(row, 16),
        Algo = new AlgoId(Long(row, 17)),
        Liquidation = new LiquidationId(Long(row, 18)),
        SelfTradePrevention = (SelfTradePrevention)Long(row, 19),
        GoodTill = new Timestamp(Long(row, 20)),
    };

    private static TriggerRecord ReadTrigger(sqlite3_stmt row) => new()
    {
        Id = Long(row, 0),
        Time = new Timestamp(Long(row, 1)),
        Market = new MarketId((int)Long(row, 2)),
        Algo = new AlgoId(Long(row, 3)),
        Order = new OrderId(Long(row, 4)),
        Side = (Side)Long(row, 5),
        PositionSide = (PositionSide)Long(row, 6),
        Type = (OrderType)Long(row, 7),
        TimeInForce = (TimeInForce)Long(row, 8),
        Flags = (OrderFlags)Long(row, 9),
        TriggerSource = (TriggerSource)Long(row, 10),
        Quantity = new Quantity(Long(row, 11)),
        Price = new Price(Long(row, 12)),
        TriggerPrice = new Price(Long(row, 13)),
        ActivationPrice = new Price(Long(row, 14)),
        CallbackRate = new Rate(Long(row, 15)),
        GoodTill = new Timestamp(Long(row, 16)),
        Status = (AlgoStatus)Long(row, 17),
        Reason = (CancelReason)Long(row, 18),
        Refusal = new Refusal((RejectReason)Long(row, 19), Long(row, 20), Long(row, 21)),
        Ended = new Timestamp(Long(row, 22)),
        ClientOrderId = Text(row, 23),
    };

    private static string Market(MarketId market) => market.IsNone ? "" : $"AND market = {market.Value}";

    private static string Direction(HistoryPage page) => page.Newest ? "DESC" : "ASC";

    private static long Long(sqlite3_stmt row, int column) => raw.sqlite3_column_int64(row, column);

    private static string Text(sqlite3_stmt row, int column) => raw.sqlite3_column_text(row, column).utf8_to_string() ?? "";

    // Rows are given oldest first, in whatever direction they were looked for.
    private static IReadOnlyList<T> Rows<T>(
        SqliteSession session, string sql, bool newest, Func<sqlite3_stmt, T> read, params ReadOnlySpan<long> parameters)
    {
        sqlite3_stmt rows = session.Statement(sql);
        for (int i = 0; i < parameters.Length; i++) raw.sqlite3_bind_int64(rows, i + 1, parameters[i]);
        var found = new List<T>();
        while (session.Step(rows)) found.Add(read(rows));
        if (newest) found.Reverse();
        return found;
    }

    private static T? One<T>(SqliteSession session, string sql, Func<sqlite3_stmt, T> read, params ReadOnlySpan<long> parameters)
        where T : class
    {
        IReadOnlyList<T> found = Rows(session, sql, false, read, parameters);
        return found.Count > 0 ? found[0] : null;
    }

    private static T? Named<T>(SqliteSession session, string sql, Func<sqlite3_stmt, T> read, AccountId account, string clientOrderId)
        where T : class
    {
        if (clientOrderId.Length == 0) return null;
        sqlite3_stmt rows = session.Statement(sql);
        raw.sqlite3_bind_int64(rows, 1, account.Value);
        raw.sqlite3_bind_text(rows, 2, clientOrderId);
        T? found = null;
        while (session.Step(rows)) found = read(rows);
        return found;
    }
}
