using CrossMargin.Hosting;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>
/// An account's history, complete as of the moment of the question: waits until what was appended before is written. Any thread. Throws
/// <see cref="HistoryException"/> when history has failed.
/// </summary>
public sealed class HistoryReader
{
    private const string OrderColumns =
        "SELECT id, time_ms, market, order_id, side, position_side, type, time_in_force, flags, price_units, quantity_lots, filled_lots, "
        + "filled_quote_e8, status, reason, changed_ms, client_order_id, algo_id, liquidation_id, self_trade_prevention, good_till_ms "
        + "FROM order_rows WHERE account = ?1 ";

    private const string FillColumns =
        "SELECT id, time_ms, market, trade_id, order_id, side, position_side, kind, maker, price_units, quantity_lots, fee_e8, "
        + "realized_profit_e8, counterparty, liquidation_id FROM fill_rows WHERE account = ?1 ";

    private static readonly string s_income = $"""
        SELECT * FROM (
            SELECT id, time_ms, market, {(int)BalanceReason.RealizedProfit} AS reason, 0 AS asset, realized_profit_e8, trade_id,
                liquidation_id
            FROM fill_rows WHERE account = ?1 AND realized_profit_e8 <> 0 AND time_ms BETWEEN ?2 AND ?3
            UNION ALL
            SELECT id, time_ms, market, {(int)BalanceReason.Commission}, 0, -fee_e8, trade_id, liquidation_id
            FROM fill_rows WHERE account = ?1 AND fee_e8 <> 0 AND time_ms BETWEEN ?2 AND ?3
            UNION ALL
            SELECT id, time_ms, market, reason, asset, change_e8, trade_id, liquidation_id
            FROM balance_rows WHERE account = ?1 AND reason <> {(int)BalanceReason.IsolatedMargin} AND time_ms BETWEEN ?2 AND ?3)
        """;

    private readonly ExchangeHistory _history;

    internal HistoryReader(ExchangeHistory history) => _history = history;

    public IReadOnlyList<OrderRecord> Orders(AccountId account, HistoryPage range) =>
        Read(OrderColumns + "AND time_ms BETWEEN ?2 AND ?3", "order_id", account, range, ReadOrder);

    /// <summary>One order, or null.</summary>
    public OrderRecord? Order(AccountId account, OrderId order)
    {
        var exactly = HistoryPage.Between(new Timestamp(order.Value), new Timestamp(order.Value), 1);
        IReadOnlyList<OrderRecord> found = Read(OrderColumns + "AND order_id BETWEEN ?2 AND ?3", "order_id", account, exactly, ReadOrder);
        return found.Count > 0 ? found[0] : null;
    }

    public IReadOnlyList<FillRecord> Fills(AccountId account, HistoryPage range) =>
        Read(FillColumns + "AND time_ms BETWEEN ?2 AND ?3", "time_ms, id", account, range, row => new FillRecord
        {
            Id = Long(row, 0),
            Time = new Timestamp(Long(row, 1)),
            Market = new MarketId((int)Long(row, 2)),
            Trade = new TradeId(Long(row, 3)),
            Order = new OrderId(Long(row, 4)),
            Side = (Side)Long(row, 5),
            PositionSide = (PositionSide)Long(row, 6),
            Kind = (FillKind)Long(row, 7),
            IsMaker = Long(row, 8) != 0,
            Price = new Price(Long(row, 9)),
            Quantity = new Quantity(Long(row, 10)),
            Fee = new Amount(Long(row, 11)),
            RealizedProfit = new Amount(Long(row, 12)),
            Counterparty = new AccountId((int)Long(row, 13)),
            Liquidation = new LiquidationId(Long(row, 14)),
        });

    /// <summary>Everything that changed a wallet; the sum by asset is the wallet's change, to the last unit.</summary>
    public IReadOnlyList<IncomeRecord> Income(AccountId account, HistoryPage range) =>
        Read(s_income, "id, reason", account, range, row => new IncomeRecord(
            Long(row, 0), new Timestamp(Long(row, 1)), new MarketId((int)Long(row, 2)), (BalanceReason)Long(row, 3),
            new AssetId((int)Long(row, 4)), new Amount(Long(row, 5)), new TradeId(Long(row, 6)), new LiquidationId(Long(row, 7))));

    public IReadOnlyList<EquityRecord> Equity(AccountId account, HistoryPage range) =>
        Read(
            "SELECT time_ms, wallet_e8, equity_e8 FROM equity_rows WHERE account = ?1 AND time_ms BETWEEN ?2 AND ?3", "time_ms",
            account, range, row => new EquityRecord(new Timestamp(Long(row, 0)), new Amount(Long(row, 1)), new Amount(Long(row, 2))));

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
        ClientOrderId = raw.sqlite3_column_text(row, 16).utf8_to_string() ?? "",
        Algo = new AlgoId(Long(row, 17)),
        Liquidation = new LiquidationId(Long(row, 18)),
        SelfTradePrevention = (SelfTradePrevention)Long(row, 19),
        GoodTill = new Timestamp(Long(row, 20)),
    };

    private static long Long(sqlite3_stmt row, int column) => raw.sqlite3_column_int64(row, column);

    private List<T> Read<T>(string select, string order, AccountId account, HistoryPage range, Func<sqlite3_stmt, T> read)
    {
        string direction = range.Newest ? string.Join(", ", order.Split(", ").Select(column => column + " DESC")) : order;
        return _history.Query(session =>
        {
            sqlite3_stmt rows = session.Statement($"{select} ORDER BY {direction} LIMIT ?4");
            raw.sqlite3_bind_int64(rows, 1, account.Value);
            raw.sqlite3_bind_int64(rows, 2, range.From.Milliseconds);
            raw.sqlite3_bind_int64(rows, 3, range.To.Milliseconds);
            raw.sqlite3_bind_int64(rows, 4, range.Limit);
            var found = new List<T>();
            while (session.Step(rows)) found.Add(read(rows));
            if (range.Newest) found.Reverse();
            return found;
        });
    }
}
