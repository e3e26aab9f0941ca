using CrossMargin.Model;
using static CrossMargin.Embedded.History.HistorySql;

namespace CrossMargin.Embedded.History;

/// <summary>
/// What people query: one view a subject, with symbols, names, ISO times and exact decimals. Made anew at each opening, so that they are
/// always this release's.
/// </summary>
internal static class HistoryViews
{
    public static readonly IReadOnlyList<(string Name, string Sql)> All =
    [
        ("accounts", $"SELECT account, {Time("time_ms")}, {Money("maker_fee_e8")}, {Money("taker_fee_e8")}, time_ms, id FROM account_rows"),
        ("orders", Orders("")),
        ("open_orders", Orders(" WHERE r.ended_ms IS NULL")),
        ("conditional_orders", ConditionalOrders()),
        ("fills", Fills()),
        ("trades", Trades()),
        ("income", Income()),
        ("transfers", Transfers()),
        ("wallets", Wallets()),
        ("equity", $"SELECT account, {Time("time_ms")}, {Money("wallet_e8")}, {Money("equity_e8")}, time_ms FROM equity_rows"),
        ("position_changes", PositionChanges()),
        ("positions", Positions()),
        ("settings", Settings()),
        ("refusals", Refusals()),
        ("liquidations", LiquidationViews.Liquidations()),
        ("liquidation_steps", LiquidationViews.Steps()),
        ("funding", Funding()),
        ("prices", Prices()),
        ("market_states", MarketStates()),
        ("fund", FundChanges(0)),
        ("deficit", FundChanges(1)),
    ];

    private static string Orders(string where) => $"""
        SELECT r.account, r.order_id, m.symbol, {Name<Side>("r.side")}, {Name<PositionSide>("r.position_side")},
            {Name<OrderType>("r.type")}, {Name<TimeInForce>("r.time_in_force")},
            {Flag("r.flags", OrderFlags.ReduceOnly, "reduce_only")}, {Price("r.price_units")},
            {Quantity("r.quantity_lots")}, {Quantity("r.filled_lots")}, {Money("r.filled_quote_e8")}, {Name<OrderStatus>("r.status")},
            {Name<CancelReason>("r.reason")}, {Name<RejectReason>("r.refusal")}, r.refusal_limit, r.refusal_actual, r.client_order_id,
            {Time("r.time_ms")}, {Time("r.changed_ms")}, {Time("r.ended_ms")}, {Time("r.good_till_ms")},
            {Name<SelfTradePrevention>("r.self_trade_prevention")}, r.algo_id, r.liquidation_id, r.time_ms, r.id
        FROM order_rows r JOIN markets m ON m.market = r.market{where}
        """;

    private static string ConditionalOrders() => $"""
        SELECT r.account, r.algo_id, m.symbol, {Name<Side>("r.side")}, {Name<PositionSide>("r.position_side")}, {Name<OrderType>("r.type")},
            {Name<TimeInForce>("r.time_in_force")}, {Flag("r.flags", OrderFlags.ReduceOnly, "reduce_only")},
            {Flag("r.flags", OrderFlags.ClosePosition, "close_position")}, {Name<TriggerSource>("r.trigger_source")},
            {Price("r.trigger_price_units")}, {Price("r.activation_price_units")}, {Money("r.callback_rate_e8")}, {Price("r.price_units")},
            {Quantity("r.quantity_lots")}, {Name<AlgoStatus>("r.status")}, {Name<CancelReason>("r.reason")}, r.order_id,
            {Name<RejectReason>("r.refusal")}, r.refusal_limit, r.refusal_actual, r.client_order_id, {Time("r.time_ms")},
            {Time("r.ended_ms")}, {Time("r.good_till_ms")}, r.time_ms, r.id
        FROM trigger_rows r JOIN markets m ON m.market = r.market
        """;

    private static string Fills() => $"""
        SELECT r.account, {Time("r.time_ms")}, m.symbol, r.trade_id, r.order_id, {Name<Side>("r.side")},
            {Name<PositionSide>("r.position_side")}, {Price("r.price_units")}, {Quantity("r.quantity_lots")}, {Money("r.fee_e8")},
            {Money("r.realized_profit_e8")}, r.maker, {Name<FillKind>("r.kind")}, r.liquidation_id, r.counterparty,
            {Quantity("r.position_lots")}, {Money("r.open_cost_e8")}, {Money("r.wallet_e8")}, r.time_ms, r.id
        FROM fill_rows r JOIN markets m ON m.market = r.market
        """;

    private static string Trades() => $"""
        SELECT m.symbol, r.trade_id, {Time("r.time_ms")}, {Price("r.price_units")}, {Quantity("r.quantity_lots")},
            {Name<Side>("r.taker_side")}, {Name<FillKind>("r.kind")}, r.buyer, r.seller, r.buy_order_id, r.sell_order_id, r.time_ms, r.id
        FROM trade_rows r JOIN markets m ON m.market = r.market
        """;

    // A fill's profit and fee are not balance events: the fill carries them. Sums by asset are the wallet's change, to the last unit.
    private static string Income()
    {
        string realized = Upper(nameof(BalanceReason.RealizedProfit));
        string commission = Upper(nameof(BalanceReason.Commission));
        string settlement = "(SELECT name FROM assets WHERE asset = 0)";
        return $"""
            SELECT r.account, {Time("r.time_ms")}, '{realized}' AS reason, m.symbol AS symbol, {settlement} AS asset,
                {Decimal("r.realized_profit_e8", "100000000", "8")} AS income, r.realized_profit_e8 AS income_e8, r.trade_id,
                r.liquidation_id, r.time_ms, r.id
            FROM fill_rows r JOIN markets m ON m.market = r.market WHERE r.realized_profit_e8 <> 0 AND r.account > 0
            UNION ALL
            SELECT r.account, {Time("r.time_ms")}, '{commission}', m.symbol, {settlement},
                {Decimal("(-r.fee_e8)", "100000000", "8")}, -r.fee_e8, r.trade_id, r.liquidation_id, r.time_ms, r.id
            FROM fill_rows r JOIN markets m ON m.market = r.market WHERE r.fee_e8 <> 0 AND r.account > 0
            UNION ALL
            SELECT r.account, {Time("r.time_ms")}, {Name<BalanceReason>("r.reason")}, m.symbol, a.name,
                {Decimal("r.change_e8", "100000000", "8")}, r.change_e8, nullif(r.trade_id, 0), r.liquidation_id, r.time_ms, r.id
            FROM balance_rows r JOIN assets a ON a.asset = r.asset LEFT JOIN markets m ON m.market = r.market
            WHERE r.reason <> {(int)BalanceReason.IsolatedMargin} AND r.account > 0
            """;
    }

    private static string Transfers() => $"""
        SELECT r.account, {Time("r.time_ms")}, {Name<BalanceReason>("r.reason")}, a.name AS asset, {Money("r.change_e8")},
            {Money("r.wallet_e8")}, r.time_ms, r.id
        FROM balance_rows r JOIN assets a ON a.asset = r.asset
        WHERE r.reason IN ({(int)BalanceReason.Deposit}, {(int)BalanceReason.Withdrawal})
        """;

    private static string Wallets() => $"""
        SELECT r.account, {Time("r.time_ms")}, 0 AS asset, {Money("r.wallet_e8")}, r.wallet_e8, r.time_ms, r.id
        FROM fill_rows r WHERE r.account > 0
        UNION ALL
        SELECT r.account, {Time("r.time_ms")}, r.asset, {Money("r.wallet_e8")}, r.wallet_e8, r.time_ms, r.id FROM balance_rows r
        """;

    private static string PositionChanges()
    {
        string last = $"{Money("r.open_cost_e8")}, {Money("r.isolated_wallet_e8")}, {Name<MarginMode>("r.margin_mode")}";
        string first = $"r.account, {Time("r.time_ms")}, m.symbol, {Name<PositionSide>("r.position_side")}, {Quantity("r.position_lots")}";
        string of = $"r.position_lots, r.open_cost_e8, r.time_ms, r.market, r.position_side AS position_side_number, r.id";
        return $"""
            SELECT {first}, {Money("r.open_cost_e8")}, NULL AS isolated_wallet, NULL AS margin_mode, {of}
            FROM fill_rows r JOIN markets m ON m.market = r.market
            UNION ALL
            SELECT {first}, {last}, {of} FROM position_rows r JOIN markets m ON m.market = r.market
            """;
    }

    // With max(), SQLite takes the bare columns from the row that holds the maximum.
    private static string Positions() => $"""
        SELECT r.account, m.symbol, {Name<PositionSide>("r.position_side")}, {Quantity("r.position_lots")}, {Money("r.open_cost_e8")},
            {Time("r.time_ms")}, r.id
        FROM (
            SELECT account, market, position_side, position_lots, open_cost_e8, time_ms, max(id) AS id FROM (
                SELECT account, market, position_side, position_lots, open_cost_e8, time_ms, id FROM fill_rows
                UNION ALL
                SELECT account, market, position_side, position_lots, open_cost_e8, time_ms, id FROM position_rows)
            GROUP BY account, market, position_side) r JOIN markets m ON m.market = r.market
        WHERE r.position_lots <> 0
        """;

    private static string Settings() => $"""
        SELECT r.account, {Time("r.time_ms")}, m.symbol, {Name<EventKind>("r.kind")}, r.value, r.time_ms, r.id
        FROM setting_rows r LEFT JOIN markets m ON m.market = r.market
        """;

    private static string Refusals() => $"""
        SELECT r.account, {Time("r.time_ms")}, m.symbol, {Name<MessageKind>("r.command")}, {Name<RejectReason>("r.reason")}, r.reason_limit,
            r.reason_actual, r.order_id, r.client_order_id, r.time_ms, r.id
        FROM refusal_rows r LEFT JOIN markets m ON m.market = r.market
        """;

    private static string Funding() => $"""
        SELECT m.symbol, {Time("r.funding_time_ms")}, r.skipped, {Money("r.rate_e8")}, {Price("r.mark_units")}, {Money("r.paid_e8")},
            {Money("r.received_e8")}, r.holders, {Time("r.time_ms")}, r.time_ms, r.id
        FROM funding_rows r JOIN markets m ON m.market = r.market
        """;

    private static string Prices() => $"""
        SELECT m.symbol, {Time("r.time_ms")}, {Price("r.index_units").Replace("AS index", "AS index_price", StringComparison.Ordinal)},
            {Price("r.mark_units")}, {Price("r.last_units")}, {Price("r.best_bid_units")}, {Price("r.best_ask_units")},
            {Quantity("r.open_interest_lots")}, r.time_ms, r.id
        FROM price_rows r JOIN markets m ON m.market = r.market
        """;

    private static string MarketStates() => $"""
        SELECT m.symbol, {Time("r.time_ms")}, {Name<EventKind>("r.kind")}, {Name<MarketStatus>("r.status")},
            {Name<PauseReason>("r.reason")},
            {Price("r.index_units").Replace("AS index", "AS index_price", StringComparison.Ordinal)}, {Price("r.previous_units")},
            {Time("r.last_update_ms")}, r.time_ms, r.id
        FROM market_state_rows r JOIN markets m ON m.market = r.market
        """;

    private static string FundChanges(int deficit) => $"""
        SELECT {Time("r.time_ms")}, {Money("r.change_e8")}, {Money("r.balance_e8")}, {Name<FundReason>("r.reason")}, r.account,
            r.liquidation_id, r.time_ms, r.id
        FROM fund_rows r WHERE r.deficit = {deficit}
        """;
}
