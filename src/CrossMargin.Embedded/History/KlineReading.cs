using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>
/// Candles of any interval, made of the kept ones. Where nothing changed, a candle carries the last close with volume 0; before the first
/// price ever there are none; the last one is the running one.
/// </summary>
internal sealed class KlineReading(SqliteSession session, MarketId market, KlineSeries series, KlineInterval interval)
{
    private readonly KlineInterval _kept = interval >= KlineInterval.OneDay ? KlineInterval.OneDay
        : interval >= KlineInterval.OneHour ? KlineInterval.OneHour
        : KlineInterval.OneMinute;

    public IReadOnlyList<Kline> Read(HistoryPage page, Timestamp now)
    {
        if (page.Limit <= 0 || FirstOpen() is not { } begin) return [];
        Timestamp newest = NewestOpen();
        if (now < newest) now = newest;
        Timestamp until = page.To < now ? page.To : now;
        Timestamp from = KlineIntervals.OpenOf(interval, begin);
        if (page.From > from) from = OpenAtOrAfter(page.From);
        if (until < from) return [];
        Timestamp last = KlineIntervals.OpenOf(interval, until);
        if (page.Newest) from = Later(from, last, page.Limit);
        return Fill(from, last, page.Limit);
    }

    private List<Kline> Fill(Timestamp from, Timestamp last, int limit)
    {
        var candles = new List<Kline>();
        Price close = CloseBefore(from);
        sqlite3_stmt rows = Bind(KlineRows.SelectRange, from, KlineIntervals.NextOpen(interval, last).AddMilliseconds(-1));
        bool more = session.Step(rows);
        for (Timestamp open = from; open <= last && candles.Count < limit;)
        {
            Timestamp next = KlineIntervals.NextOpen(interval, open);
            var candle = new Kline(open, close, close, close, close, Quantity.Zero, Amount.Zero, 0, Quantity.Zero, Amount.Zero, 0, 0);
            bool any = false;
            for (; more && raw.sqlite3_column_int64(rows, 3) < next.Milliseconds; more = session.Step(rows))
            {
                Kline part = KlineRows.Read(rows);
                candle = any ? Join(candle, part) : First(part, open, close);
                any = true;
            }

            close = candle.Close;
            candles.Add(candle);
            open = next;
        }

        raw.sqlite3_reset(rows);
        return candles;
    }

    // A mark or index that held at the open, before its first change, is the candle's open.
    private Kline First(in Kline part, Timestamp open, Price close)
    {
        Kline first = part with { OpenTime = open };
        if (series == KlineSeries.Trades || close.IsNone || part.OpenTime == open) return first;
        return first with { Open = close, High = Price.Max(close, part.High), Low = Price.Min(close, part.Low) };
    }

    private static Kline Join(in Kline a, in Kline b) => new(
        a.OpenTime, a.Open, Price.Max(a.High, b.High), Price.Min(a.Low, b.Low), b.Close,
        new Quantity(KlineRows.Sum(a.Volume.Lots, b.Volume.Lots)), new Amount(KlineRows.Sum(a.Quote.E8, b.Quote.E8)), a.Trades + b.Trades,
        new Quantity(KlineRows.Sum(a.TakerBuyVolume.Lots, b.TakerBuyVolume.Lots)),
        new Amount(KlineRows.Sum(a.TakerBuyQuote.E8, b.TakerBuyQuote.E8)), a.FirstTrade == 0 ? b.FirstTrade : a.FirstTrade,
        b.LastTrade == 0 ? a.LastTrade : b.LastTrade);

    private Timestamp OpenAtOrAfter(Timestamp time)
    {
        Timestamp open = KlineIntervals.OpenOf(interval, time);
        return open == time ? open : KlineIntervals.NextOpen(interval, open);
    }

    // The open from which on there are at most so many candles up to the last one.
    private Timestamp Later(Timestamp from, Timestamp last, int limit)
    {
        Timestamp open = last;
        for (int i = 1; i < limit && open > from; i++) open = KlineIntervals.OpenOf(interval, open.AddMilliseconds(-1));
        return open > from ? open : from;
    }

    private Timestamp? FirstOpen()
    {
        sqlite3_stmt row = Bind(KlineRows.SelectRange + " LIMIT 1", new Timestamp(0), new Timestamp(long.MaxValue));
        if (!session.Step(row)) return null;
        Timestamp open = KlineRows.Read(row).OpenTime;
        raw.sqlite3_reset(row);
        return open;
    }

    private Timestamp NewestOpen()
    {
        sqlite3_stmt row = Bind(KlineRows.SelectBefore, new Timestamp(long.MaxValue), default);
        if (!session.Step(row)) return default;
        Timestamp open = KlineRows.Read(row).OpenTime;
        raw.sqlite3_reset(row);
        return open;
    }

    private Price CloseBefore(Timestamp open)
    {
        sqlite3_stmt row = Bind(KlineRows.SelectBefore, open, default);
        if (!session.Step(row)) return Price.None;
        Price close = KlineRows.Read(row).Close;
        raw.sqlite3_reset(row);
        return close;
    }

    private sqlite3_stmt Bind(string sql, Timestamp from, Timestamp to)
    {
        sqlite3_stmt statement = session.Statement(sql);
        raw.sqlite3_bind_int64(statement, 1, market.Value);
        raw.sqlite3_bind_int64(statement, 2, (int)series);
        raw.sqlite3_bind_int64(statement, 3, (int)_kept);
        raw.sqlite3_bind_int64(statement, 4, from.Milliseconds);
        if (sql != KlineRows.SelectBefore) raw.sqlite3_bind_int64(statement, 5, to.Milliseconds);
        return statement;
    }
}
