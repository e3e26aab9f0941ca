using CrossMargin.Model;
using static CrossMargin.Embedded.History.HistorySql;

namespace CrossMargin.Embedded.History;

/// <summary>Liquidations as people read them: one row that sums each up, and every step with the numbers that explain it.</summary>
internal static class LiquidationViews
{
    /// <summary>From the start (why it began) to the end (what it cost and who bore it); an unfinished one has no outcome.</summary>
    public static string Liquidations() => $"""
        SELECT s.account, s.liquidation_id, m.symbol, {Name<PositionSide>("s.position_side")}, {Name<LiquidationRule>("s.rule")},
            {Name<LiquidationPolicy>("s.policy")}, {Time("s.time_ms")}, {Money("s.equity_e8")}, {Money("s.maintenance_e8")},
            {Money("s.wallet_e8")}, {Money("s.unrealized_profit_e8")}, {Money("s.notional_e8")}, s.positions, s.open_orders,
            {Name<LiquidationOutcome>("e.outcome")}, {Renamed(Time("e.time_ms"), "ended")}, {Money("e.fee_e8")},
            {Money("e.leftover_e8")}, {Money("e.shortfall_e8")}, {Money("e.from_deficit_e8")}, {Money("e.book_notional_e8")},
            {Money("e.fund_notional_e8")}, {Money("e.deleveraged_notional_e8")}, {Renamed(Money("e.equity_e8"), "equity_after")},
            {Renamed(Money("e.maintenance_e8"), "maintenance_after")}, {Renamed(Money("e.wallet_e8"), "wallet_after")},
            s.time_ms, s.id
        FROM liquidation_rows s LEFT JOIN markets m ON m.market = s.market LEFT JOIN liquidation_rows e
            ON e.account = s.account AND e.liquidation_id = s.liquidation_id AND e.kind = {(int)EventKind.LiquidationEnded}
        WHERE s.kind = {(int)EventKind.LiquidationStarted}
        """;

    /// <summary>Each step in order, the fills of its orders among them.</summary>
    public static string Steps()
    {
        string[] money =
        [
            "equity_e8", "maintenance_e8", "wallet_e8", "notional_e8", "share_e8", "position_maintenance_e8", "fund_limit_e8", "fee_e8",
            "leftover_e8", "shortfall_e8",
        ];
        string amounts = string.Join(", ", money.Select(column => Money("r." + column)));
        string missing = string.Join(", ", money.Select(column => column == "fee_e8" ? Money("r.fee_e8") : "NULL"));
        return $"""
            SELECT r.account, r.liquidation_id, {Time("r.time_ms")}, m.symbol, {Renamed(Name<EventKind>("r.kind"), "step")},
                {Name<PositionSide>("r.position_side")}, {Name<LiquidationRule>("r.rule")}, {Name<LiquidationPolicy>("r.policy")},
                {Name<LiquidationStage>("r.stage")}, {Name<LiquidationOutcome>("r.outcome")}, r.order_id, r.trade_id,
                {Quantity("r.quantity_lots")}, {Quantity("r.position_lots")}, {Quantity("r.leaves_lots")}, {Price("r.price_units")},
                {Renamed(Price("r.limit_units"), "limit_price")}, {Price("r.mark_units")}, r.tier, {amounts}, r.accepted, r.forced, r.round,
                r.counterparty, r.rank, r.score, r.asked, r.time_ms, r.id
            FROM liquidation_rows r LEFT JOIN markets m ON m.market = r.market
            UNION ALL
            SELECT r.account, r.liquidation_id, {Time("r.time_ms")}, m.symbol, 'FILL', {Name<PositionSide>("r.position_side")}, NULL, NULL,
                {Name<FillKind>("r.kind")}, NULL, r.order_id, r.trade_id, {Quantity("r.quantity_lots")},
                {Quantity("r.position_lots")}, NULL, {Price("r.price_units")}, NULL, NULL, NULL, {missing},
                NULL, NULL, NULL, r.counterparty, NULL, NULL, NULL, r.time_ms, r.id
            FROM fill_rows r JOIN markets m ON m.market = r.market WHERE r.liquidation_id <> 0 AND r.account > 0
            """;
    }

    private static string Renamed(string sql, string name) => sql[..(sql.LastIndexOf(" AS ", StringComparison.Ordinal) + 4)] + name;
}
