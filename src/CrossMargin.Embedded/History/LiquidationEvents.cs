using System.Globalization;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>Makes the events of a liquidation from its rows again, as far as its rows hold them.</summary>
internal static class LiquidationEvents
{
    private const string Rows =
        "SELECT id, time_ms, market, kind, position_side, policy, rule, stage, outcome, equity_e8, maintenance_e8, wallet_e8, "
        + "unrealized_profit_e8, notional_e8, positions, open_orders, order_id, quantity_lots, position_lots, price_units, limit_units, mark_units, "
        + "share_e8, position_maintenance_e8, tier, fund_limit_e8, accepted, forced, round, rank, score, leaves_lots, asked, fee_e8, leftover_e8, "
        + "shortfall_e8, from_deficit_e8, book_notional_e8, fund_notional_e8, deleveraged_notional_e8, counterparty "
        + "FROM liquidation_rows WHERE account = ?1 AND liquidation_id = ?2 ORDER BY id";

    private const string Fills =
        "SELECT id, time_ms, market, side, position_side, kind, price_units, quantity_lots, fee_e8, realized_profit_e8, position_lots, wallet_e8, "
        + "counterparty FROM fill_rows WHERE account = ?1 AND liquidation_id = ?2 AND time_ms BETWEEN ?3 AND ?4";

    /// <summary>By the id of the row.</summary>
    public static Dictionary<long, Event> Of(SqliteSession session, AccountId account, LiquidationId liquidation)
    {
        var events = new Dictionary<long, Event>();
        sqlite3_stmt rows = session.Statement(Rows);
        raw.sqlite3_bind_int64(rows, 1, account.Value);
        raw.sqlite3_bind_int64(rows, 2, liquidation.Value);
        (long from, long to) = (long.MaxValue, 0);
        while (session.Step(rows))
        {
            var row = new Row(rows);
            events.Add(row.Long(0), Step(row, account, liquidation));
            (from, to) = (Math.Min(from, row.Long(1)), Math.Max(to, row.Long(1)));
        }

        if (events.Count == 0) return events;
        sqlite3_stmt fills = session.Statement(Fills);
        raw.sqlite3_bind_int64(fills, 1, account.Value);
        raw.sqlite3_bind_int64(fills, 2, liquidation.Value);
        raw.sqlite3_bind_int64(fills, 3, from);
        raw.sqlite3_bind_int64(fills, 4, to);
        while (session.Step(fills)) events.Add(raw.sqlite3_column_int64(fills, 0), Fill(new Row(fills), account, liquidation));
        return events;
    }

    private static Event Step(in Row row, AccountId account, LiquidationId liquidation)
    {
        var time = new Timestamp(row.Long(1));
        var market = new MarketId(row.Int(2));
        var side = (PositionSide)row.Int(4);
        return (EventKind)row.Int(3) switch
        {
            EventKind.LiquidationStarted => Event.Of(time, CommandId.None, account, market, Started(row, liquidation, side)),
            EventKind.LiquidationOrdered => Event.Of(time, CommandId.None, account, market, Ordered(row, liquidation, side)),
            EventKind.LiquidationStepped => Event.Of(time, CommandId.None, account, market, new LiquidationStepped
            {
                Liquidation = liquidation,
                Equity = row.Amount(9),
                Maintenance = row.Amount(10),
                Position = new Quantity(row.Long(18)),
                Price = new Price(row.Long(19)),
                PositionSide = side,
                Stage = (LiquidationStage)row.Int(7),
            }),
            EventKind.TakeoverDecided => Event.Of(time, CommandId.None, AccountId.Fund, market, Takeover(row, account, liquidation, side)),
            EventKind.DeleverageRoundStarted => Event.Of(time, CommandId.None, AccountId.None, market, new DeleverageRoundStarted
            {
                Round = row.Long(28),
                Liquidation = liquidation,
                Bankrupt = account,
                Quantity = new Quantity(row.Long(17)),
                Price = new Price(row.Long(19)),
                Asked = row.Int(32),
            }),
            EventKind.Deleveraged => Event.Of(time, CommandId.None, new AccountId(row.Int(40)), market, new Deleveraged
            {
                Round = row.Long(28),
                Price = new Price(row.Long(19)),
                Quantity = new Quantity(row.Long(17)),
                Score = Int128.Parse(row.Text(30), CultureInfo.InvariantCulture),
                Rank = row.Int(29),
                PositionSide = side,
            }),
            EventKind.DeleverageRoundEnded => Event.Of(time, CommandId.None, AccountId.None, market, new DeleverageRoundEnded
            {
                Round = row.Long(28),
                Liquidation = liquidation,
                Bankrupt = account,
                Closed = new Quantity(row.Long(17)),
                Leaves = new Quantity(row.Long(31)),
            }),
            EventKind.LiquidationEnded => Event.Of(time, CommandId.None, account, market, Ended(row, liquidation, side)),
            EventKind other => throw new InvalidOperationException($"no step of a liquidation: {other}"),
        };
    }

    private static LiquidationStarted Started(in Row row, LiquidationId liquidation, PositionSide side) => new()
    {
        Liquidation = liquidation,
        Equity = row.Amount(9),
        Maintenance = row.Amount(10),
        Wallet = row.Amount(11),
        UnrealizedProfit = row.Amount(12),
        Notional = row.Amount(13),
        Positions = row.Int(14),
        OpenOrders = row.Int(15),
        PositionSide = side,
        Policy = (LiquidationPolicy)row.Int(5),
        Rule = (LiquidationRule)row.Int(6),
    };

    private static LiquidationOrdered Ordered(in Row row, LiquidationId liquidation, PositionSide side) => new()
    {
        Liquidation = liquidation,
        Order = new OrderId(row.Long(16)),
        Quantity = new Quantity(row.Long(17)),
        Position = new Quantity(row.Long(18)),
        BankruptcyPrice = new Price(row.Long(19)),
        Limit = new Price(row.Long(20)),
        Mark = new Price(row.Long(21)),
        Equity = row.Amount(9),
        Maintenance = row.Amount(10),
        Share = row.Amount(22),
        PositionMaintenance = row.Amount(23),
        Tier = row.Int(24),
        PositionSide = side,
    };

    private static TakeoverDecided Takeover(in Row row, AccountId account, LiquidationId liquidation, PositionSide side) => new()
    {
        From = account,
        Liquidation = liquidation,
        PositionSide = side,
        Quantity = new Quantity(row.Long(17)),
        Price = new Price(row.Long(19)),
        Mark = new Price(row.Long(21)),
        Limit = row.Amount(25),
        Notional = row.Amount(13),
        Accepted = row.Long(26) != 0,
        Forced = row.Long(27) != 0,
    };

    private static LiquidationEnded Ended(in Row row, LiquidationId liquidation, PositionSide side) => new()
    {
        Liquidation = liquidation,
        Fee = row.Amount(33),
        Leftover = row.Amount(34),
        Shortfall = row.Amount(35),
        FromDeficit = row.Amount(36),
        WalletAfter = row.Amount(11),
        Equity = row.Amount(9),
        Maintenance = row.Amount(10),
        BookNotional = row.Amount(37),
        FundNotional = row.Amount(38),
        DeleveragedNotional = row.Amount(39),
        PositionSide = side,
        Outcome = (LiquidationOutcome)row.Int(8),
    };

    private static Event Fill(in Row row, AccountId account, LiquidationId liquidation) =>
        Event.Of(new Timestamp(row.Long(1)), CommandId.None, account, new MarketId(row.Int(2)), new OrderFilled
        {
            Liquidation = liquidation,
            Side = (Side)row.Int(3),
            PositionSide = (PositionSide)row.Int(4),
            Type = (FillKind)row.Int(5),
            Price = new Price(row.Long(6)),
            Quantity = new Quantity(row.Long(7)),
            Fee = row.Amount(8),
            RealizedProfit = row.Amount(9),
            PositionAfter = new Quantity(row.Long(10)),
            WalletAfter = row.Amount(11),
            Counterparty = new AccountId(row.Int(12)),
        });

    // Null reads as 0.
    private readonly ref struct Row(sqlite3_stmt statement)
    {
        public long Long(int column) => raw.sqlite3_column_int64(statement, column);

        public int Int(int column) => raw.sqlite3_column_int(statement, column);

        public Amount Amount(int column) => new(Long(column));

        public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "0";
    }
}
