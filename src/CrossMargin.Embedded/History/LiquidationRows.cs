using System.Globalization;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>
/// Every step of a liquidation under its account and id, also those that other actors tell: the fund's decision, and the deleveraging
/// round, whose rows name only the round.
/// </summary>
internal sealed class LiquidationRows(SqliteSession session)
{
    private const string Head = "id, account, liquidation_id, market, time_ms, kind, position_side, ";

    private readonly RowWriter _started = Insert(
        session, "policy, rule, equity_e8, maintenance_e8, wallet_e8, unrealized_profit_e8, notional_e8, positions, open_orders");
    private readonly RowWriter _ordered = Insert(
        session,
        "order_id, quantity_lots, position_lots, price_units, limit_units, mark_units, equity_e8, maintenance_e8, share_e8, "
        + "position_maintenance_e8, tier");
    private readonly RowWriter _stepped = Insert(session, "stage, equity_e8, maintenance_e8, position_lots, price_units");
    private readonly RowWriter _takeover = Insert(
        session, "quantity_lots, price_units, mark_units, fund_limit_e8, notional_e8, accepted, forced");
    private readonly RowWriter _roundStarted = Insert(session, "round, quantity_lots, price_units, asked");
    private readonly RowWriter _deleveraged = Insert(
        session, "round, counterparty, trade_id, quantity_lots, price_units, rank, score");
    private readonly RowWriter _roundEnded = Insert(session, "round, quantity_lots, leaves_lots");
    private readonly RowWriter _ended = Insert(
        session,
        "outcome, fee_e8, leftover_e8, shortfall_e8, from_deficit_e8, wallet_e8, equity_e8, maintenance_e8, book_notional_e8, "
        + "fund_notional_e8, deleveraged_notional_e8");

    public void Started(long id, in Event e)
    {
        ref readonly LiquidationStarted body = ref e.Body<LiquidationStarted>();
        Start(_started, id, e, e.Account, body.Liquidation, body.PositionSide).Int((int)body.Policy).Int((int)body.Rule);
        _started.Int(body.Equity.E8).Int(body.Maintenance.E8).Int(body.Wallet.E8).Int(body.UnrealizedProfit.E8).Int(body.Notional.E8);
        _started.Int(body.Positions).Int(body.OpenOrders).Run();
    }

    public void Ordered(long id, in Event e)
    {
        ref readonly LiquidationOrdered body = ref e.Body<LiquidationOrdered>();
        Start(_ordered, id, e, e.Account, body.Liquidation, body.PositionSide).Int(body.Order.Value).Int(body.Quantity.Lots);
        _ordered.Int(body.Position.Lots).Int(body.BankruptcyPrice.Units).Int(body.Limit.Units).Int(body.Mark.Units).Int(body.Equity.E8);
        _ordered.Int(body.Maintenance.E8).Int(body.Share.E8).Int(body.PositionMaintenance.E8).Int(body.Tier).Run();
    }

    public void Stepped(long id, in Event e)
    {
        ref readonly LiquidationStepped body = ref e.Body<LiquidationStepped>();
        Start(_stepped, id, e, e.Account, body.Liquidation, body.PositionSide).Int((int)body.Stage).Int(body.Equity.E8);
        _stepped.Int(body.Maintenance.E8).Int(body.Position.Lots).Int(body.Price.Units).Run();
    }

    public void Takeover(long id, in Event e)
    {
        ref readonly TakeoverDecided body = ref e.Body<TakeoverDecided>();
        Start(_takeover, id, e, body.From, body.Liquidation, body.PositionSide).Int(body.Quantity.Lots).Int(body.Price.Units);
        _takeover.Int(body.Mark.Units).Int(body.Limit.E8).Int(body.Notional.E8).Int(body.Accepted.Value).Int(body.Forced.Value).Run();
    }

    public void RoundStarted(long id, in Event e)
    {
        ref readonly DeleverageRoundStarted body = ref e.Body<DeleverageRoundStarted>();
        Start(_roundStarted, id, e, body.Bankrupt, body.Liquidation, PositionSide.Both).Int(body.Round).Int(body.Quantity.Lots);
        _roundStarted.Int(body.Price.Units).Int(body.Asked).Run();
    }

    public void Deleveraged(long id, in Event e)
    {
        ref readonly Deleveraged body = ref e.Body<Deleveraged>();
        (AccountId bankrupt, LiquidationId liquidation) = OwnerOf(e.Market, body.Round);
        Start(_deleveraged, id, e, bankrupt, liquidation, body.PositionSide).Int(body.Round).Int(e.Account.Value).Int(body.Trade.Value);
        _deleveraged.Int(body.Quantity.Lots).Int(body.Price.Units).Int(body.Rank);
        _deleveraged.Text(body.Score.ToString(CultureInfo.InvariantCulture)).Run();
    }

    public void RoundEnded(long id, in Event e)
    {
        ref readonly DeleverageRoundEnded body = ref e.Body<DeleverageRoundEnded>();
        Start(_roundEnded, id, e, body.Bankrupt, body.Liquidation, PositionSide.Both).Int(body.Round).Int(body.Closed.Lots);
        _roundEnded.Int(body.Leaves.Lots).Run();
    }

    public void Ended(long id, in Event e)
    {
        ref readonly LiquidationEnded body = ref e.Body<LiquidationEnded>();
        Start(_ended, id, e, e.Account, body.Liquidation, body.PositionSide).Int((int)body.Outcome).Int(body.Fee.E8);
        _ended.Int(body.Leftover.E8).Int(body.Shortfall.E8).Int(body.FromDeficit.E8).Int(body.WalletAfter.E8).Int(body.Equity.E8);
        _ended.Int(body.Maintenance.E8).Int(body.BookNotional.E8).Int(body.FundNotional.E8).Int(body.DeleveragedNotional.E8).Run();
    }

    private static RowWriter Insert(SqliteSession session, string columns) => RowWriter.Insert(session, "liquidation_rows", Head + columns);

    private static RowWriter Start(RowWriter to, long id, in Event e, AccountId account, LiquidationId liquidation, PositionSide side) =>
        to.Int(id).Int(account.Value).Int(liquidation.Value).Int(e.Market.Value).Int(e.Time.Milliseconds).Int((int)e.Kind).Int((int)side);

    // The round's start is in the file, in this transaction or before.
    private (AccountId Bankrupt, LiquidationId Liquidation) OwnerOf(MarketId market, long round)
    {
        sqlite3_stmt row = session.Statement(
            "SELECT account, liquidation_id FROM liquidation_rows WHERE market = ? AND round = ? "
            + $"AND kind = {(int)EventKind.DeleverageRoundStarted}");
        raw.sqlite3_bind_int64(row, 1, market.Value);
        raw.sqlite3_bind_int64(row, 2, round);
        if (!session.Step(row)) return default;
        var owner = (new AccountId((int)raw.sqlite3_column_int64(row, 0)), new LiquidationId(raw.sqlite3_column_int64(row, 1)));
        raw.sqlite3_reset(row);
        return owner;
    }
}
