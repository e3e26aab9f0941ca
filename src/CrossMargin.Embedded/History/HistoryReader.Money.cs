using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

// Fills, income, margin, the equity curve.
public sealed partial class HistoryReader
{
    private const string FillColumns =
        "SELECT id, time_ms, market, trade_id, order_id, side, position_side, kind, maker, price_units, quantity_lots, fee_e8, "
        + "realized_profit_e8, counterparty, liquidation_id FROM fill_rows WHERE account = ?1 ";

    private static readonly (BalanceReason Reason, string Column, string Sign)[] s_ofFills =
    [
        (BalanceReason.RealizedProfit, "realized_profit_e8", ""),
        (BalanceReason.Commission, "fee_e8", "-"),
    ];

    public Task<IReadOnlyList<FillRecord>> FillsAsync(AccountId account, MarketId market, OrderId order, HistoryPage page) =>
        _history.QueryAsync(session =>
        {
            (long from, long to) = FillTimes(session, account, market, order, page);
            string of = (order.IsNone ? "" : $"AND order_id = {order.Value} ") + Market(market);
            string direction = Direction(page);
            string where = $"AND time_ms BETWEEN ?2 AND ?3 AND trade_id >= ?4 {of} ORDER BY time_ms {direction}, id {direction} LIMIT ?5";
            return Rows(session, FillColumns + where, page.Newest, ReadFill, account.Value, from, to, page.FromId, page.Limit);
        });

    public Task<IReadOnlyList<IncomeRecord>> IncomeAsync(
        AccountId account, MarketId market, IReadOnlyList<BalanceReason> reasons, HistoryPage page) =>
        _history.QueryAsync(session => Rows(
            session, IncomeSql(market, reasons, page), page.Newest,
            row => new IncomeRecord(
                Long(row, 0), new Timestamp(Long(row, 1)), new MarketId((int)Long(row, 2)), (BalanceReason)Long(row, 3),
                new AssetId((int)Long(row, 4)), new Amount(Long(row, 5)), new TradeId(Long(row, 6)), new LiquidationId(Long(row, 7))),
            account.Value, page.From.Milliseconds, page.To.Milliseconds, page.FromId, page.Limit));

    public Task<IReadOnlyList<MarginRecord>> MarginChangesAsync(AccountId account, MarketId market, HistoryPage page)
    {
        // A balance event tells of the cross wallet, from which the leg's margin came.
        string sql = $"SELECT id, time_ms, market, position_side, -change_e8 FROM balance_rows WHERE account = ?1 AND time_ms BETWEEN ?2 AND ?3 "
            + $"AND id >= ?4 AND reason = {(int)BalanceReason.IsolatedMargin} {Market(market)} "
            + $"ORDER BY time_ms {Direction(page)}, id {Direction(page)} LIMIT ?5";
        return _history.QueryAsync(session => Rows(
            session, sql, page.Newest,
            row => new MarginRecord(
                Long(row, 0), new Timestamp(Long(row, 1)), new MarketId((int)Long(row, 2)), (PositionSide)Long(row, 3), new Amount(Long(row, 4))),
            account.Value, page.From.Milliseconds, page.To.Milliseconds, page.FromId, page.Limit));
    }

    public Task<IReadOnlyList<EquityRecord>> EquityAsync(AccountId account, HistoryPage page) =>
        _history.QueryAsync(session => Rows(
            session,
            "SELECT time_ms, wallet_e8, equity_e8 FROM equity_rows WHERE account = ?1 AND time_ms BETWEEN ?2 AND ?3 "
            + $"ORDER BY time_ms {Direction(page)} LIMIT ?4",
            page.Newest,
            row => new EquityRecord(new Timestamp(Long(row, 0)), new Amount(Long(row, 1)), new Amount(Long(row, 2))),
            account.Value, page.From.Milliseconds, page.To.Milliseconds, page.Limit));

    private static FillRecord ReadFill(sqlite3_stmt row) => new()
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
    };

    // An order's fills lie in its life, a market's fills from a trade on after the trade before: so few rows are looked at.
    private static (long From, long To) FillTimes(SqliteSession session, AccountId account, MarketId market, OrderId order, HistoryPage page)
    {
        (long from, long to) = (page.From.Milliseconds, page.To.Milliseconds);
        if (!order.IsNone)
        {
            const string Life = "SELECT time_ms, changed_ms FROM order_rows WHERE account = ?1 AND order_id = ?2";
            foreach ((long began, long changed) in Rows(session, Life, false, row => (Long(row, 0), Long(row, 1)), account.Value, order.Value))
            {
                (from, to) = (Math.Max(from, began), Math.Min(to, changed));
            }
        }

        if (page.FromId <= 0 || market.IsNone) return (from, to);
        const string Before = "SELECT time_ms FROM trade_rows WHERE market = ?1 AND trade_id < ?2 ORDER BY trade_id DESC LIMIT 1";
        foreach (long time in Rows(session, Before, false, row => Long(row, 0), market.Value, page.FromId)) from = Math.Max(from, time);
        return (from, to);
    }

    // A fill's profit and fee are not balance events: the fill carries them. Each part is cut to the page first, along its index.
    private static string IncomeSql(MarketId market, IReadOnlyList<BalanceReason> reasons, HistoryPage page)
    {
        string direction = Direction(page);
        var parts = new List<string>();
        foreach ((BalanceReason reason, string column, string sign) in s_ofFills)
        {
            if (Asked(reason)) parts.Add(Part($"0 AS asset, {sign}{column}", "fill_rows", $"{column} <> 0", reason));
        }

        string others = reasons.Count == 0
            ? $"reason <> {(int)BalanceReason.IsolatedMargin}"
            : $"reason IN ({string.Join(", ", reasons.Where(r => r != BalanceReason.IsolatedMargin).Select(r => (int)r).Order())})";
        parts.Add(Part("asset, change_e8", "balance_rows", others, null));
        return $"SELECT * FROM ({string.Join(" UNION ALL ", parts)}) ORDER BY id {direction}, reason {direction} LIMIT ?5";

        bool Asked(BalanceReason reason) => reasons.Count == 0 || reasons.Contains(reason);

        string Part(string figures, string table, string where, BalanceReason? reason) => $"""
            SELECT * FROM (SELECT id, time_ms, market, {(reason is { } r ? $"{(int)r} AS reason" : "reason")}, {figures}, trade_id, liquidation_id
            FROM {table} WHERE account = ?1 AND time_ms BETWEEN ?2 AND ?3 AND id >= ?4 AND {where} {Market(market)}
            ORDER BY time_ms {direction}, id {direction} LIMIT ?5)
            """;
    }
}
