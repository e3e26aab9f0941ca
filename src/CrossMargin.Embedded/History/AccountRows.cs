using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>Fills, balances, positions, settings, refusals, conditional orders and the equity curve of accounts.</summary>
internal sealed class AccountRows(SqliteSession session)
{
    private readonly RowWriter _account = RowWriter.Insert(session, "account_rows", "id, account, time_ms, maker_fee_e8, taker_fee_e8");
    private readonly RowWriter _fill = RowWriter.Insert(
        session, "fill_rows",
        "id, account, market, time_ms, trade_id, order_id, side, position_side, kind, maker, price_units, quantity_lots, fee_e8, "
        + "realized_profit_e8, position_lots, open_cost_e8, wallet_e8, counterparty, liquidation_id");
    private readonly RowWriter _balance = RowWriter.Insert(
        session, "balance_rows",
        "id, account, market, time_ms, asset, reason, position_side, change_e8, wallet_e8, cross_wallet_e8, trade_id, liquidation_id");
    private readonly RowWriter _position = RowWriter.Insert(
        session, "position_rows",
        "id, account, market, time_ms, position_side, position_lots, open_cost_e8, isolated_wallet_e8, margin_mode");
    private readonly RowWriter _setting = RowWriter.Insert(session, "setting_rows", "id, account, market, time_ms, kind, value");
    private readonly RowWriter _refusal = RowWriter.Insert(
        session, "refusal_rows",
        "id, account, market, time_ms, command, order_id, client_order_id, reason, reason_limit, reason_actual");
    private readonly RowWriter _trigger = RowWriter.Insert(
        session, "trigger_rows",
        "id, account, market, algo_id, time_ms, side, position_side, type, time_in_force, flags, trigger_source, good_till_ms, "
        + "client_order_id, quantity_lots, price_units, trigger_price_units, activation_price_units, callback_rate_e8, status, changed_id");
    private readonly RowWriter _triggerEnd = new(
        session,
        "UPDATE trigger_rows SET status = ?, reason = ?, order_id = ?, refusal = ?, refusal_limit = ?, refusal_actual = ?, changed_id = ?, "
        + "ended_ms = ? WHERE account = ? AND algo_id = ?");
    private readonly RowWriter _equity = new(
        session, "INSERT OR REPLACE INTO equity_rows (account, time_ms, wallet_e8, equity_e8) VALUES (?, ?, ?, ?)");

    public void Opened(long id, in Event e)
    {
        ref readonly AccountOpened body = ref e.Body<AccountOpened>();
        _account.Int(id).Int(e.Account.Value).Int(e.Time.Milliseconds).Int(body.MakerFee.E8).Int(body.TakerFee.E8).Run();
    }

    public void Filled(long id, in Event e)
    {
        ref readonly OrderFilled body = ref e.Body<OrderFilled>();
        Start(_fill, id, e).Int(body.Trade.Value).Optional(body.Order.Value).Int((int)body.Side).Int((int)body.PositionSide);
        _fill.Int((int)body.Type).Int(body.IsMaker.Value).Int(body.Price.Units).Int(body.Quantity.Lots).Int(body.Fee.E8);
        _fill.Int(body.RealizedProfit.E8).Int(body.PositionAfter.Lots).Int(body.OpenCostAfter.E8).Int(body.WalletAfter.E8);
        _fill.Int(body.Counterparty.Value).Optional(body.Liquidation.Value).Run();
    }

    public void Balance(long id, in Event e)
    {
        ref readonly BalanceChanged body = ref e.Body<BalanceChanged>();
        Start(_balance, id, e).Int(body.Asset.Value).Int((int)body.Reason).Int((int)body.PositionSide).Int(body.Change.E8);
        _balance.Int(body.WalletAfter.E8).Int(body.CrossWalletAfter.E8).Optional(body.Trade.Value).Optional(body.Liquidation.Value).Run();
    }

    public void Position(long id, in Event e)
    {
        ref readonly PositionChanged body = ref e.Body<PositionChanged>();
        Start(_position, id, e).Int((int)body.PositionSide).Int(body.Quantity.Lots).Int(body.OpenCost.E8);
        _position.Int(body.IsolatedWallet.E8).Int((int)body.Mode).Run();
    }

    public void Setting(long id, in Event e, long value) => Start(_setting, id, e).Int((int)e.Kind).Int(value).Run();

    public void Refused(long id, in Event e)
    {
        ref readonly CommandRefused body = ref e.Body<CommandRefused>();
        Start(_refusal, id, e).Int((int)body.Command).Optional(body.Order.Value).Text(body.ClientOrderId);
        _refusal.Int((int)body.Refusal.Reason).Int(body.Refusal.Limit).Int(body.Refusal.Actual).Run();
    }

    public void TriggerAccepted(long id, in Event e)
    {
        ref readonly TriggerAccepted body = ref e.Body<TriggerAccepted>();
        _trigger.Int(id).Int(e.Account.Value).Int(e.Market.Value).Int(body.Algo.Value).Int(e.Time.Milliseconds).Int((int)body.Side);
        _trigger.Int((int)body.PositionSide).Int((int)body.Type).Int((int)body.TimeInForce).Int((int)body.Flags);
        _trigger.Int((int)body.TriggerSource).Optional(body.GoodTill.Milliseconds).Text(body.ClientOrderId).Int(body.Quantity.Lots);
        _trigger.Int(body.Price.Units).Int(body.TriggerPrice.Units).Int(body.ActivationPrice.Units).Int(body.CallbackRate.E8);
        _trigger.Int((int)AlgoStatus.New).Int(id).Run();
    }

    public void TriggerEnded(long id, in Event e)
    {
        ref readonly TriggerEnded body = ref e.Body<TriggerEnded>();
        _triggerEnd.Int((int)body.Status).Optional((int)body.Reason).Optional(body.Order.Value).Optional((int)body.Refusal.Reason);
        bool refused = body.Refusal.Reason != RejectReason.None;
        _triggerEnd.Optional(refused ? body.Refusal.Limit : 0).Optional(refused ? body.Refusal.Actual : 0);
        _triggerEnd.Int(id).Int(e.Time.Milliseconds).Int(e.Account.Value).Int(body.Algo.Value).Run();
    }

    public void Equity(in Event e)
    {
        ref readonly EquitySampled body = ref e.Body<EquitySampled>();
        _equity.Int(e.Account.Value).Int(e.Time.Milliseconds).Int(body.Wallet.E8).Int(body.Equity.E8).Run();
    }

    private static RowWriter Start(RowWriter to, long id, in Event e) =>
        to.Int(id).Int(e.Account.Value).Int(e.Market.Value).Int(e.Time.Milliseconds);
}
