using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

// Trades, candles, funding.
public sealed partial class HistoryReader
{
    public Task<IReadOnlyList<TradeRecord>> TradesAsync(MarketId market, HistoryPage page) =>
        _history.QueryAsync(session =>
        {
            var seek = new TimeSeek(session, "SELECT trade_id, time_ms FROM trade_rows WHERE market = ?1 AND trade_id >= ?2", market.Value);
            (long first, long last) = seek.Range(page);
            string sql = "SELECT time_ms, trade_id, price_units, quantity_lots, taker_side, buyer, seller, kind FROM trade_rows "
                + $"WHERE market = ?1 AND trade_id BETWEEN ?2 AND ?3 AND kind IN ({(int)FillKind.Trade}, {(int)FillKind.Liquidation}) "
                + $"ORDER BY trade_id {Direction(page)} LIMIT ?4";
            return Rows(
                session, sql, page.Newest,
                row => new TradeRecord(
                    new Timestamp(Long(row, 0)), market, new TradeId(Long(row, 1)), new Price(Long(row, 2)), new Quantity(Long(row, 3)),
                    (Side)Long(row, 4), new AccountId((int)Long(row, 5)), new AccountId((int)Long(row, 6)), (FillKind)Long(row, 7)),
                market.Value, Math.Max(first, page.FromId), last, page.Limit);
        });

    public Task<IReadOnlyList<Kline>> KlinesAsync(MarketId market, KlineSeries series, KlineInterval interval, HistoryPage page)
    {
        Timestamp now = Now?.Invoke() ?? _history.LastTime;
        return _history.QueryAsync(session => new KlineReading(session, market, series, interval).Read(page, now));
    }

    public Task<IReadOnlyList<FundingRecord>> FundingAsync(MarketId market, HistoryPage page)
    {
        string of = market.IsNone ? "" : $"market = {market.Value} AND ";
        string sql = "SELECT market, funding_time_ms, rate_e8, mark_units, skipped FROM funding_rows "
            + $"WHERE {of}funding_time_ms BETWEEN ?1 AND ?2 AND id >= ?3 ORDER BY time_ms {Direction(page)}, id {Direction(page)} LIMIT ?4";
        return _history.QueryAsync(session => Rows(
            session, sql, page.Newest,
            row => new FundingRecord(
                new MarketId((int)Long(row, 0)), new Timestamp(Long(row, 1)), new Rate(Long(row, 2)), new Price(Long(row, 3)), Long(row, 4) != 0),
            page.From.Milliseconds, page.To.Milliseconds, page.FromId, page.Limit));
    }
}
