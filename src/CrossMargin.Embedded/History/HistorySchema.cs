using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>
/// The tables of `exchange.db`. They hold integers: money in 1e-8 (`_e8`), prices in the market's units (`_units`), sizes in its lots
/// (`_lots`), times in Unix milliseconds (`_ms`), enums by their number. People read the views, see <see cref="HistoryViews"/>.
/// Frozen: a change is a new <see cref="Version"/>.
/// </summary>
internal static class HistorySchema
{
    public const string FileName = "exchange.db";

    /// <summary>SQLite's application id of a history: "CrMh".</summary>
    public const int ApplicationId = 0x43724D68;

    /// <summary>The only format that this release reads and writes.</summary>
    public const int Version = 2;

    /// <summary>Tables whose rows are one event each, under its id: what comes after a command can be cut off.</summary>
    public static readonly string[] EventTables =
    [
        "account_rows", "order_rows", "trigger_rows", "fill_rows", "balance_rows", "position_rows", "setting_rows", "refusal_rows",
        "trade_rows", "price_rows", "funding_rows", "market_state_rows", "liquidation_rows", "fund_rows",
    ];

    public const string Tables = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        CREATE TABLE markets (
            market INTEGER PRIMARY KEY, symbol TEXT NOT NULL, base_asset TEXT NOT NULL, quote_asset TEXT NOT NULL,
            price_step INTEGER NOT NULL, price_scale INTEGER NOT NULL, price_decimals INTEGER NOT NULL,
            quantity_step INTEGER NOT NULL, quantity_scale INTEGER NOT NULL, quantity_decimals INTEGER NOT NULL,
            amount_e8 INTEGER NOT NULL);
        CREATE TABLE assets (asset INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE account_rows (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, time_ms INTEGER NOT NULL, maker_fee_e8 INTEGER, taker_fee_e8 INTEGER);
        CREATE TABLE order_rows (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, market INTEGER NOT NULL, order_id INTEGER NOT NULL, time_ms INTEGER NOT NULL,
            side INTEGER, position_side INTEGER, type INTEGER, time_in_force INTEGER, flags INTEGER, self_trade_prevention INTEGER,
            good_till_ms INTEGER, algo_id INTEGER, liquidation_id INTEGER, client_order_id TEXT,
            price_units INTEGER, quantity_lots INTEGER, filled_lots INTEGER, filled_quote_e8 INTEGER, status INTEGER, reason INTEGER,
            refusal INTEGER, refusal_limit INTEGER, refusal_actual INTEGER, changed_id INTEGER, changed_ms INTEGER, ended_ms INTEGER);
        CREATE TABLE trigger_rows (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, market INTEGER NOT NULL, algo_id INTEGER NOT NULL, time_ms INTEGER NOT NULL,
            side INTEGER, position_side INTEGER, type INTEGER, time_in_force INTEGER, flags INTEGER, trigger_source INTEGER,
            good_till_ms INTEGER, client_order_id TEXT, quantity_lots INTEGER, price_units INTEGER, trigger_price_units INTEGER,
            activation_price_units INTEGER, callback_rate_e8 INTEGER, status INTEGER, reason INTEGER, order_id INTEGER,
            refusal INTEGER, refusal_limit INTEGER, refusal_actual INTEGER, changed_id INTEGER, ended_ms INTEGER);
        CREATE TABLE fill_rows (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, market INTEGER NOT NULL, time_ms INTEGER NOT NULL, trade_id INTEGER,
            order_id INTEGER, side INTEGER, position_side INTEGER, kind INTEGER, maker INTEGER, price_units INTEGER, quantity_lots INTEGER,
            fee_e8 INTEGER, realized_profit_e8 INTEGER, position_lots INTEGER, open_cost_e8 INTEGER, wallet_e8 INTEGER,
            counterparty INTEGER, liquidation_id INTEGER);
        CREATE TABLE balance_rows (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, market INTEGER, time_ms INTEGER NOT NULL, asset INTEGER, reason INTEGER,
            position_side INTEGER, change_e8 INTEGER, wallet_e8 INTEGER, cross_wallet_e8 INTEGER, trade_id INTEGER, liquidation_id INTEGER);
        CREATE TABLE position_rows (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, market INTEGER NOT NULL, time_ms INTEGER NOT NULL, position_side INTEGER,
            position_lots INTEGER, open_cost_e8 INTEGER, isolated_wallet_e8 INTEGER, margin_mode INTEGER);
        CREATE TABLE setting_rows (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, market INTEGER, time_ms INTEGER NOT NULL, kind INTEGER, value INTEGER);
        CREATE TABLE refusal_rows (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, market INTEGER, time_ms INTEGER NOT NULL, command INTEGER, order_id INTEGER,
            client_order_id TEXT, reason INTEGER, reason_limit INTEGER, reason_actual INTEGER);
        CREATE TABLE equity_rows (
            account INTEGER, time_ms INTEGER, wallet_e8 INTEGER, equity_e8 INTEGER, PRIMARY KEY (account, time_ms)) WITHOUT ROWID;
        CREATE TABLE trade_rows (
            id INTEGER PRIMARY KEY, market INTEGER NOT NULL, time_ms INTEGER NOT NULL, trade_id INTEGER, price_units INTEGER,
            quantity_lots INTEGER, buyer INTEGER, seller INTEGER, buy_order_id INTEGER, sell_order_id INTEGER, taker_side INTEGER,
            kind INTEGER);
        CREATE TABLE price_rows (
            id INTEGER PRIMARY KEY, market INTEGER NOT NULL, time_ms INTEGER NOT NULL, index_units INTEGER, mark_units INTEGER,
            last_units INTEGER, best_bid_units INTEGER, best_ask_units INTEGER, open_interest_lots INTEGER);
        CREATE TABLE funding_rows (
            id INTEGER PRIMARY KEY, market INTEGER NOT NULL, time_ms INTEGER NOT NULL, funding_time_ms INTEGER, skipped INTEGER,
            rate_e8 INTEGER, mark_units INTEGER, paid_e8 INTEGER, received_e8 INTEGER, holders INTEGER);
        CREATE TABLE market_state_rows (
            id INTEGER PRIMARY KEY, market INTEGER NOT NULL, time_ms INTEGER NOT NULL, kind INTEGER, status INTEGER, reason INTEGER,
            index_units INTEGER, previous_units INTEGER, last_update_ms INTEGER);
        CREATE TABLE liquidation_rows (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL, liquidation_id INTEGER NOT NULL, market INTEGER, time_ms INTEGER NOT NULL,
            kind INTEGER NOT NULL, position_side INTEGER, policy INTEGER, rule INTEGER, stage INTEGER, outcome INTEGER,
            equity_e8 INTEGER, maintenance_e8 INTEGER, wallet_e8 INTEGER, unrealized_profit_e8 INTEGER, notional_e8 INTEGER,
            positions INTEGER, open_orders INTEGER, order_id INTEGER, trade_id INTEGER, quantity_lots INTEGER, position_lots INTEGER,
            price_units INTEGER, limit_units INTEGER, mark_units INTEGER, share_e8 INTEGER, position_maintenance_e8 INTEGER, tier INTEGER,
            fund_limit_e8 INTEGER, accepted INTEGER, forced INTEGER, round INTEGER, counterparty INTEGER, rank INTEGER, score TEXT,
            leaves_lots INTEGER, asked INTEGER, fee_e8 INTEGER, leftover_e8 INTEGER, shortfall_e8 INTEGER, from_deficit_e8 INTEGER,
            book_notional_e8 INTEGER, fund_notional_e8 INTEGER, deleveraged_notional_e8 INTEGER);
        CREATE TABLE fund_rows (
            id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, deficit INTEGER NOT NULL, change_e8 INTEGER, balance_e8 INTEGER,
            reason INTEGER, account INTEGER, liquidation_id INTEGER);
        """;

    /// <summary>Candles, see <see cref="KlineRows"/>; not one event each.</summary>
    public const string Klines = """
        CREATE TABLE kline_rows (
            market INTEGER NOT NULL, series INTEGER NOT NULL, interval INTEGER NOT NULL, open_ms INTEGER NOT NULL, open_units INTEGER,
            high_units INTEGER, low_units INTEGER, close_units INTEGER, volume_lots INTEGER, quote_e8 INTEGER, trades INTEGER,
            buy_lots INTEGER, buy_quote_e8 INTEGER, first_trade INTEGER, last_trade INTEGER,
            PRIMARY KEY (market, series, interval, open_ms)) WITHOUT ROWID;
        """;

    /// <summary>
    /// Indexes that format 1 did not have. Market and time stand in the first two so that what another market has is passed over without
    /// its row; orders without a client's name or a conditional order cost nothing in the last ones.
    /// </summary>
    public static readonly string Indexes2 = $"""
        CREATE INDEX order_rows_account ON order_rows (account, order_id, market, time_ms);
        CREATE INDEX fill_rows_account ON fill_rows (account, time_ms, market);
        CREATE INDEX order_rows_algo ON order_rows (account, algo_id) WHERE algo_id IS NOT NULL;
        CREATE INDEX order_rows_client ON order_rows (account, client_order_id) WHERE client_order_id IS NOT NULL;
        CREATE INDEX trigger_rows_client ON trigger_rows (account, client_order_id) WHERE client_order_id IS NOT NULL;
        CREATE INDEX liquidation_rows_started ON liquidation_rows (time_ms) WHERE kind = {(int)EventKind.LiquidationStarted};
        """;

    /// <summary>Few, because each costs at every row: an account's rows, a market's rows, and what is still open.</summary>
    public const string Indexes = """
        CREATE INDEX order_rows_open ON order_rows (account) WHERE ended_ms IS NULL;
        CREATE UNIQUE INDEX trigger_rows_account ON trigger_rows (account, algo_id);
        CREATE INDEX balance_rows_account ON balance_rows (account, time_ms);
        CREATE INDEX position_rows_account ON position_rows (account, time_ms);
        CREATE INDEX setting_rows_account ON setting_rows (account, time_ms);
        CREATE INDEX refusal_rows_account ON refusal_rows (account, time_ms);
        CREATE INDEX liquidation_rows_account ON liquidation_rows (account, liquidation_id);
        CREATE INDEX liquidation_rows_round ON liquidation_rows (market, round) WHERE round IS NOT NULL;
        CREATE INDEX trade_rows_market ON trade_rows (market, trade_id);
        CREATE INDEX price_rows_market ON price_rows (market, time_ms);
        CREATE INDEX funding_rows_market ON funding_rows (market, time_ms);
        """;
}
