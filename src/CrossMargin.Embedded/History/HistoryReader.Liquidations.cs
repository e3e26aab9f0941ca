using CrossMargin.Hosting;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

// Liquidations and what explains them.
public sealed partial class HistoryReader
{
    private static readonly string s_liquidations = $"""
        SELECT s.account, s.liquidation_id, s.market, s.position_side, s.time_ms, e.time_ms, s.equity_e8, s.maintenance_e8, s.notional_e8,
            e.outcome, e.fee_e8, e.leftover_e8, e.shortfall_e8, e.book_notional_e8, e.fund_notional_e8, e.deleveraged_notional_e8
        FROM liquidation_rows s LEFT JOIN liquidation_rows e
            ON e.account = s.account AND e.liquidation_id = s.liquidation_id AND e.kind = {(int)EventKind.LiquidationEnded}
        WHERE s.kind = {(int)EventKind.LiquidationStarted} AND s.time_ms BETWEEN ?1 AND ?2 AND s.id >= ?3
        """;

    /// <summary>What a step's figures leave out: it is said elsewhere in the record.</summary>
    private static readonly string[] s_notFigures = ["account", "liquidation_id", "time", "time_ms", "id", "step"];

    public Task<IReadOnlyList<LiquidationRecord>> LiquidationsAsync(AccountId account, HistoryPage page)
    {
        string of = account == AccountId.None ? "" : $"AND s.account = {account.Value} ";
        string sql = $"{s_liquidations} {of}ORDER BY s.time_ms {Direction(page)}, s.id {Direction(page)} LIMIT ?4";
        return _history.QueryAsync(session => Rows(
            session, sql, page.Newest, ReadLiquidation, page.From.Milliseconds, page.To.Milliseconds, page.FromId, page.Limit));
    }

    public Task<IReadOnlyList<LiquidationStepRecord>> LiquidationStepsAsync(AccountId account, LiquidationId liquidation) =>
        _history.QueryAsync<IReadOnlyList<LiquidationStepRecord>>(session =>
        {
            Dictionary<long, Event> events = LiquidationEvents.Of(session, account, liquidation);
            if (events.Count == 0) return [];
            (long from, long to) = (events.Values.Min(e => e.Time.Milliseconds), events.Values.Max(e => e.Time.Milliseconds));
            return Rows(
                session, "SELECT * FROM liquidation_steps WHERE account = ?1 AND liquidation_id = ?2 AND time_ms BETWEEN ?3 AND ?4 ORDER BY id",
                false, row => ReadStep(row, events), account.Value, liquidation.Value, from, to);
        });

    private static LiquidationRecord ReadLiquidation(sqlite3_stmt row) => new()
    {
        Account = new AccountId((int)Long(row, 0)),
        Liquidation = new LiquidationId(Long(row, 1)),
        Market = new MarketId((int)Long(row, 2)),
        Side = (PositionSide)Long(row, 3),
        Started = new Timestamp(Long(row, 4)),
        Ended = new Timestamp(Long(row, 5)),
        Equity = new Amount(Long(row, 6)),
        Maintenance = new Amount(Long(row, 7)),
        Notional = new Amount(Long(row, 8)),
        Outcome = (LiquidationOutcome)Long(row, 9),
        Fee = new Amount(Long(row, 10)),
        Leftover = new Amount(Long(row, 11)),
        Shortfall = new Amount(Long(row, 12)),
        BookNotional = new Amount(Long(row, 13)),
        FundNotional = new Amount(Long(row, 14)),
        DeleveragedNotional = new Amount(Long(row, 15)),
    };

    private LiquidationStepRecord ReadStep(sqlite3_stmt row, Dictionary<long, Event> events)
    {
        var figures = new List<KeyValuePair<string, string>>();
        long id = 0;
        for (int i = 0; i < raw.sqlite3_column_count(row); i++)
        {
            string name = raw.sqlite3_column_name(row, i).utf8_to_string();
            if (name == "id") id = Long(row, i);
            if (s_notFigures.Contains(name) || raw.sqlite3_column_type(row, i) == raw.SQLITE_NULL) continue;
            figures.Add(KeyValuePair.Create(name, Text(row, i)));
        }

        LiquidationLine line = LiquidationSentences.Line(events[id], _history.Profile);
        return new LiquidationStepRecord(id, line.Time, line.What, line.Text, figures);
    }
}
