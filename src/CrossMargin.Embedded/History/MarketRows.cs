using CrossMargin.Embedded.Journal;
using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>Trades, prices, funding settlements and pauses of markets; the fund's wallet and the deficit.</summary>
internal sealed class MarketRows(SqliteSession session)
{
    private readonly RowWriter _trade = RowWriter.Insert(
        session, "trade_rows",
        "id, market, time_ms, trade_id, price_units, quantity_lots, buyer, seller, buy_order_id, sell_order_id, taker_side, kind");
    private readonly RowWriter _price = RowWriter.Insert(
        session, "price_rows",
        "id, market, time_ms, index_units, mark_units, last_units, best_bid_units, best_ask_units, open_interest_lots");
    private readonly RowWriter _funding = RowWriter.Insert(
        session, "funding_rows",
        "id, market, time_ms, funding_time_ms, skipped, rate_e8, mark_units, paid_e8, received_e8, holders");
    private readonly RowWriter _state = RowWriter.Insert(
        session, "market_state_rows",
        "id, market, time_ms, kind, status, reason, index_units, previous_units, last_update_ms");
    private readonly RowWriter _fund = RowWriter.Insert(
        session, "fund_rows", "id, time_ms, deficit, change_e8, balance_e8, reason, account, liquidation_id");

    public void Traded(long id, in Event e)
    {
        ref readonly Traded body = ref e.Body<Traded>();
        Start(_trade, id, e).Int(body.Trade.Value).Int(body.Price.Units).Int(body.Quantity.Lots).Int(body.Buyer.Value);
        _trade.Int(body.Seller.Value).Optional(body.BuyOrder.Value).Optional(body.SellOrder.Value).Int((int)body.TakerSide);
        _trade.Int((int)body.Type).Run();
    }

    public void Price(long id, in Event e)
    {
        ref readonly PriceChanged body = ref e.Body<PriceChanged>();
        Start(_price, id, e).Int(body.Index.Units).Int(body.Mark.Units).Int(body.Last.Units).Int(body.BestBid.Units);
        _price.Int(body.BestAsk.Units).Int(body.OpenInterest.Lots).Run();
    }

    public void Funding(long id, in Event e)
    {
        ref readonly FundingSettled body = ref e.Body<FundingSettled>();
        Start(_funding, id, e).Int(body.FundingTime.Milliseconds).Int(0).Int(body.Rate.E8).Int(body.Mark.Units);
        _funding.Int(body.Paid.E8).Int(body.Received.E8).Int(body.Holders).Run();
    }

    public void FundingSkipped(long id, in Event e) =>
        Start(_funding, id, e).Int(e.Body<FundingSkipped>().FundingTime.Milliseconds).Int(1).Optional(0).Optional(0).Optional(0).Optional(0)
            .Optional(0).Run();

    public void Status(long id, in Event e) =>
        Start(_state, id, e).Int((int)e.Kind).Int((int)e.Body<MarketStatusChanged>().Status).Optional(0).Optional(0).Optional(0).Optional(0)
            .Run();

    public void Paused(long id, in Event e)
    {
        ref readonly LiquidationPaused body = ref e.Body<LiquidationPaused>();
        Start(_state, id, e).Int((int)e.Kind).Optional(0).Int((int)body.Reason).Int(body.Index.Units).Int(body.Previous.Units);
        _state.Int(body.LastUpdate.Milliseconds).Run();
    }

    public void Resumed(long id, in Event e)
    {
        ref readonly LiquidationResumed body = ref e.Body<LiquidationResumed>();
        Start(_state, id, e).Int((int)e.Kind).Optional(0).Int((int)body.Reason).Int(body.Index.Units).Optional(0).Optional(0).Run();
    }

    public void Fund(long id, in Event e)
    {
        ref readonly FundBalanceChanged body = ref e.Body<FundBalanceChanged>();
        _fund.Int(id).Int(e.Time.Milliseconds).Int(0).Int(body.Change.E8).Int(body.WalletAfter.E8).Int((int)body.Reason);
        _fund.Optional(body.From.Value).Optional(body.Liquidation.Value).Run();
    }

    public void Deficit(long id, in Event e)
    {
        ref readonly DeficitChanged body = ref e.Body<DeficitChanged>();
        _fund.Int(id).Int(e.Time.Milliseconds).Int(1).Int(body.Change.E8).Int(body.DeficitAfter.E8).Optional(0);
        _fund.Optional(body.From.Value).Optional(0).Run();
    }

    private static RowWriter Start(RowWriter to, long id, in Event e) => to.Int(id).Int(e.Market.Value).Int(e.Time.Milliseconds);
}
