using System.Globalization;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>The database as the history's thread writes it: a transaction holds whole commands and the last one's number.</summary>
internal sealed class HistoryStore : IHistoryTarget
{
    private readonly SqliteSession _session;
    private readonly Action<long>? _waitForJournal;
    private readonly OrderRows _orders;
    private readonly AccountRows _accounts;
    private readonly MarketRows _markets;
    private readonly LiquidationRows _liquidations;
    private readonly KlineRows _klines;
    private readonly RowWriter _applied;

    /// <summary>Owns the session.</summary>
    public HistoryStore(SqliteSession session, VenueProfile profile, HistoryOptions options)
    {
        (_session, _waitForJournal) = (session, options.WaitForJournal);
        _orders = new OrderRows(session, profile);
        _accounts = new AccountRows(session);
        _markets = new MarketRows(session);
        _liquidations = new LiquidationRows(session);
        _klines = new KlineRows(session, profile);
        _applied = new RowWriter(session, $"UPDATE meta SET value = ? WHERE key = '{HistoryFile.Applied}'");
        _orders.Load();
        _klines.Load();
    }

    public SqliteSession Session => _session;

    public void Write(IReadOnlyList<HistoryBuffer> buffers, long lastSequence) => Transact(() =>
    {
        foreach (HistoryBuffer buffer in buffers)
        {
            foreach (ref readonly HistoryRecord record in buffer.Records) Project(record.Id, record.Event);
        }

        _orders.Flush();
        _klines.Flush();
        _applied.Int(lastSequence).Run();
        _waitForJournal?.Invoke(lastSequence);
    });

    /// <summary>
    /// Cuts off what came after a command: the state as of it, but for prices and sizes of orders that were amended later, which the events
    /// that follow tell again.
    /// </summary>
    public void ForgetAfter(long sequence)
    {
        long first = RowId.First(sequence + 1);
        Transact(() =>
        {
            Timestamp? candlesFrom = FirstTime(first);
            foreach (string table in HistorySchema.EventTables) Execute($"DELETE FROM {table} WHERE id >= {first}");
            Execute($"""
                UPDATE order_rows SET ended_ms = NULL, reason = NULL, refusal = NULL, refusal_limit = NULL, refusal_actual = NULL,
                    (filled_lots, filled_quote_e8) = (
                        SELECT ifnull(sum(f.quantity_lots), 0), ifnull(sum(f.quantity_lots * f.price_units * m.amount_e8), 0)
                        FROM fill_rows f JOIN markets m ON m.market = f.market
                        WHERE f.account = order_rows.account AND f.order_id = order_rows.order_id)
                WHERE changed_id >= {first}
                """);
            Execute($"UPDATE order_rows SET status = iif(filled_lots > 0, 2, 1) WHERE changed_id >= {first}");
            Execute($"""
                UPDATE trigger_rows SET status = 1, reason = NULL, order_id = NULL, refusal = NULL, refusal_limit = NULL,
                    refusal_actual = NULL, changed_id = id, ended_ms = NULL WHERE changed_id >= {first}
                """);
            if (candlesFrom is { } time) _klines.MakeAgainFrom(time);
            _applied.Int(sequence).Run();
        });
        _orders.Load();
    }

    public void Dispose() => _session.Dispose();

    // When the first trade or price of the rows from an id on was.
    private Timestamp? FirstTime(long first)
    {
        FormattableString sql = $"""
            SELECT min(time_ms) FROM (
                SELECT * FROM (SELECT time_ms FROM trade_rows WHERE id >= {first} ORDER BY id LIMIT 1)
                UNION ALL SELECT * FROM (SELECT time_ms FROM price_rows WHERE id >= {first} ORDER BY id LIMIT 1))
            """;
        return _session.Scalar(sql.ToString(CultureInfo.InvariantCulture)) is long time ? new Timestamp(time) : null;
    }

    private void Execute(FormattableString sql) => _session.Execute(sql.ToString(CultureInfo.InvariantCulture));

    private void Transact(Action work)
    {
        _session.Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            _session.Execute("COMMIT");
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void RollBack()
    {
        // SQLite has rolled back by itself after some errors (a full disk); then this one is refused.
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
        }
    }

    private void Project(long id, in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.AccountOpened: _accounts.Opened(id, e); break;
            case EventKind.CommandRefused: _accounts.Refused(id, e); break;
            case EventKind.OrderAccepted: _orders.Accept(id, e); break;
            case EventKind.OrderFilled:
                _accounts.Filled(id, e);
                _orders.Fill(id, e);
                break;
            case EventKind.OrderEnded: _orders.End(id, e); break;
            case EventKind.OrderReduced: _orders.Reduce(id, e); break;
            case EventKind.OrderAmended: _orders.Amend(id, e); break;
            case EventKind.TriggerAccepted: _accounts.TriggerAccepted(id, e); break;
            case EventKind.TriggerEnded: _accounts.TriggerEnded(id, e); break;
            case EventKind.BalanceChanged: _accounts.Balance(id, e); break;
            case EventKind.PositionChanged: _accounts.Position(id, e); break;
            case EventKind.LeverageChanged: _accounts.Setting(id, e, e.Body<LeverageChanged>().Leverage); break;
            case EventKind.MarginModeChanged: _accounts.Setting(id, e, (int)e.Body<MarginModeChanged>().Mode); break;
            case EventKind.PositionModeChanged: _accounts.Setting(id, e, e.Body<PositionModeChanged>().Hedge.Value); break;
            case EventKind.AccountStatusChanged: _accounts.Setting(id, e, (int)e.Body<AccountStatusChanged>().Status); break;
            case EventKind.AccountClosed: _accounts.Setting(id, e, e.Body<AccountClosed>().Successor.Value); break;
            case EquitySampled.Number: _accounts.Equity(e); break;
            default: ProjectMarket(id, e); break;
        }
    }

    private void ProjectMarket(long id, in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.Traded:
                _markets.Traded(id, e);
                _klines.Trade(e);
                break;
            case EventKind.PriceChanged:
                _markets.Price(id, e);
                _klines.Prices(e);
                break;
            case EventKind.FundingSettled: _markets.Funding(id, e); break;
            case EventKind.FundingSkipped: _markets.FundingSkipped(id, e); break;
            case EventKind.MarketStatusChanged: _markets.Status(id, e); break;
            case EventKind.LiquidationPaused: _markets.Paused(id, e); break;
            case EventKind.LiquidationResumed: _markets.Resumed(id, e); break;
            case EventKind.FundBalanceChanged: _markets.Fund(id, e); break;
            case EventKind.DeficitChanged: _markets.Deficit(id, e); break;
            case EventKind.LiquidationStarted: _liquidations.Started(id, e); break;
            case EventKind.LiquidationOrdered: _liquidations.Ordered(id, e); break;
            case EventKind.LiquidationStepped: _liquidations.Stepped(id, e); break;
            case EventKind.LiquidationEnded: _liquidations.Ended(id, e); break;
            case EventKind.TakeoverDecided: _liquidations.Takeover(id, e); break;
            case EventKind.DeleverageRoundStarted: _liquidations.RoundStarted(id, e); break;
            case EventKind.Deleveraged: _liquidations.Deleveraged(id, e); break;
            case EventKind.DeleverageRoundEnded: _liquidations.RoundEnded(id, e); break;
            case EventKind.MarketCommandRefused or EventKind.LeverageBracketsChanged or EventKind.HouseChanged or EventKind.FundingRateSet:
                break; // in the journal
            default: throw new InvalidOperationException($"history has no place for {e.Kind} of command {id >> RowId.IndexBits}");
        }
    }
}
