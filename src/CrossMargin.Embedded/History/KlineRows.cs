using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>
/// Candles of a minute, an hour and a day, of trades in the book and (where price events are kept) of mark and index. The running ones are
/// in memory and written with the transaction that changed them. Minutes without a change have no row. Longer candles are made of these
/// when they are read. A candle of mark or index opens at the price that holds then. Volumes stop at the largest number that fits.
/// </summary>
internal sealed class KlineRows(SqliteSession session, VenueProfile profile)
{
    /// <summary>What is kept, the finest first.</summary>
    public static readonly KlineInterval[] Kept = [KlineInterval.OneMinute, KlineInterval.OneHour, KlineInterval.OneDay];

    private const int Series = 3;
    private const string Columns =
        "market, series, interval, open_ms, open_units, high_units, low_units, close_units, volume_lots, quote_e8, trades, buy_lots, "
        + "buy_quote_e8, first_trade, last_trade";

    private static readonly long[] s_lengths = [60_000, 3_600_000, 86_400_000];

    private readonly Candle[] _candles = new Candle[profile.Markets.Count * Series * Kept.Length];
    private readonly RowWriter _write = new(
        session, $"INSERT OR REPLACE INTO kline_rows ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

    /// <summary>Reads the newest candles; before the first event.</summary>
    public void Load()
    {
        Array.Clear(_candles);
        for (int i = 0; i < _candles.Length; i++)
        {
            sqlite3_stmt row = session.Statement(
                $"SELECT {Columns} FROM kline_rows WHERE market = ? AND series = ? AND interval = ? ORDER BY open_ms DESC LIMIT 1");
            raw.sqlite3_bind_int64(row, 1, MarketOf(i));
            raw.sqlite3_bind_int64(row, 2, SeriesOf(i));
            raw.sqlite3_bind_int64(row, 3, (int)IntervalOf(i));
            if (!session.Step(row)) continue;
            Kline read = Read(row);
            _candles[i] = new Candle { Kline = read, Exists = true };
            raw.sqlite3_reset(row);
        }
    }

    public void Trade(in Event e)
    {
        ref readonly Traded t = ref e.Body<Traded>();
        if (t.Type is FillKind.Takeover or FillKind.Deleverage) return;
        long lots = t.Quantity.Abs.Lots;
        Int128 unitLots = Int128.Min(long.MaxValue, (Int128)t.Price.Units * lots);
        long quote = (long)Int128.Min(long.MaxValue, unitLots * profile[e.Market].AmountPerUnitLot);
        bool buy = t.TakerSide == Side.Buy;
        int first = Index(e.Market, KlineSeries.Trades);
        for (int level = 0; level < Kept.Length; level++)
        {
            ref Candle candle = ref At(first + level, e.Time, level, t.Price, carries: false);
            Kline k = candle.Kline;
            candle.Kline = new Kline(
                k.OpenTime, k.Open, Price.Max(k.High, t.Price), Price.Min(k.Low, t.Price), t.Price, new Quantity(Sum(k.Volume.Lots, lots)),
                new Amount(Sum(k.Quote.E8, quote)), k.Trades + 1, new Quantity(Sum(k.TakerBuyVolume.Lots, buy ? lots : 0)),
                new Amount(Sum(k.TakerBuyQuote.E8, buy ? quote : 0)), k.FirstTrade == 0 ? t.Trade.Value : k.FirstTrade, t.Trade.Value);
        }
    }

    public void Prices(in Event e)
    {
        ref readonly PriceChanged p = ref e.Body<PriceChanged>();
        Change(e, KlineSeries.Mark, p.Mark);
        Change(e, KlineSeries.Index, p.Index);
    }

    /// <summary>Writes what has changed since the last call.</summary>
    public void Flush()
    {
        for (int i = 0; i < _candles.Length; i++)
        {
            if (_candles[i].IsTouched) Write(i);
        }
    }

    /// <summary>
    /// Makes the candles of the day of a time, and of all later ones, again from the rows of trades and prices.
    /// </summary>
    public void MakeAgainFrom(Timestamp time)
    {
        long day = time.Milliseconds / s_lengths[2] * s_lengths[2];
        Bind(session.Statement("DELETE FROM kline_rows WHERE open_ms >= ?"), day);
        Load();
        MakeAgain(
            "trade_rows", day, "market, time_ms, trade_id, price_units, quantity_lots, taker_side, kind",
            row => Trade(Event.Of(Time(row), CommandId.None, AccountId.None, Market(row), new Traded
            {
                Trade = new TradeId(raw.sqlite3_column_int64(row, 2)),
                Price = new Price(raw.sqlite3_column_int64(row, 3)),
                Quantity = new Quantity(raw.sqlite3_column_int64(row, 4)),
                TakerSide = (Side)raw.sqlite3_column_int64(row, 5),
                Type = (FillKind)raw.sqlite3_column_int64(row, 6),
            })));
        MakeAgain(
            "price_rows", day, "market, time_ms, mark_units, index_units",
            row => Prices(Event.Of(Time(row), CommandId.None, AccountId.None, Market(row), new PriceChanged
            {
                Mark = new Price(raw.sqlite3_column_int64(row, 2)),
                Index = new Price(raw.sqlite3_column_int64(row, 3)),
            })));
        Flush();
    }

    /// <summary>A row of <see cref="Columns"/>.</summary>
    public static Kline Read(sqlite3_stmt row) => new(
        new Timestamp(raw.sqlite3_column_int64(row, 3)), new Price(raw.sqlite3_column_int64(row, 4)),
        new Price(raw.sqlite3_column_int64(row, 5)), new Price(raw.sqlite3_column_int64(row, 6)), new Price(raw.sqlite3_column_int64(row, 7)),
        new Quantity(raw.sqlite3_column_int64(row, 8)), new Amount(raw.sqlite3_column_int64(row, 9)), raw.sqlite3_column_int64(row, 10),
        new Quantity(raw.sqlite3_column_int64(row, 11)), new Amount(raw.sqlite3_column_int64(row, 12)), raw.sqlite3_column_int64(row, 13),
        raw.sqlite3_column_int64(row, 14));

    /// <summary>Candles of a market, series and kept interval: by open time from a first to a last one.</summary>
    public const string SelectRange =
        $"SELECT {Columns} FROM kline_rows WHERE market = ?1 AND series = ?2 AND interval = ?3 AND open_ms BETWEEN ?4 AND ?5 ORDER BY open_ms";

    /// <summary>The newest candle of them before an open time (?4).</summary>
    public const string SelectBefore =
        $"SELECT {Columns} FROM kline_rows WHERE market = ?1 AND series = ?2 AND interval = ?3 AND open_ms < ?4 ORDER BY open_ms DESC LIMIT 1";

    public static long Sum(long a, long b) => long.MaxValue - a < b ? long.MaxValue : a + b;

    private void MakeAgain(string table, long day, string columns, Action<sqlite3_stmt> take)
    {
        // Ids rise with time; from the end, so that a short way back is a short way.
        sqlite3_stmt last = session.Statement($"SELECT id FROM {table} WHERE time_ms < ? ORDER BY id DESC LIMIT 1");
        raw.sqlite3_bind_int64(last, 1, day);
        long before = -1;
        if (session.Step(last))
        {
            before = raw.sqlite3_column_int64(last, 0);
            raw.sqlite3_reset(last);
        }

        sqlite3_stmt rows = session.Statement($"SELECT {columns} FROM {table} WHERE id > ? ORDER BY id");
        raw.sqlite3_bind_int64(rows, 1, before);
        while (session.Step(rows)) take(rows);
    }

    private void Change(in Event e, KlineSeries series, Price price)
    {
        if (price.IsNone) return;
        int first = Index(e.Market, series);
        for (int level = 0; level < Kept.Length; level++)
        {
            ref Candle candle = ref At(first + level, e.Time, level, price, carries: true);
            Kline k = candle.Kline;
            candle.Kline = k with { High = Price.Max(k.High, price), Low = Price.Min(k.Low, price), Close = price };
        }
    }

    // The candle of a time, begun if need be: at the price that held before where one carries over, unless it is for its first instant.
    private ref Candle At(int i, Timestamp time, int level, Price price, bool carries)
    {
        ref Candle candle = ref _candles[i];
        long open = time.Milliseconds / s_lengths[level] * s_lengths[level];
        if (!candle.Exists || candle.Kline.OpenTime.Milliseconds < open)
        {
            Price first = carries && candle.Exists && open < time.Milliseconds ? candle.Kline.Close : price;
            if (candle.IsTouched) Write(i);
            candle.Exists = true;
            candle.Kline = new Kline(
                new Timestamp(open), first, first, first, first, Quantity.Zero, Amount.Zero, 0, Quantity.Zero, Amount.Zero, 0, 0);
        }

        candle.IsTouched = true;
        return ref candle;
    }

    private void Write(int i)
    {
        ref Candle candle = ref _candles[i];
        Kline k = candle.Kline;
        _write.Int(MarketOf(i)).Int(SeriesOf(i)).Int((int)IntervalOf(i)).Int(k.OpenTime.Milliseconds).Int(k.Open.Units).Int(k.High.Units);
        _write.Int(k.Low.Units).Int(k.Close.Units).Int(k.Volume.Lots).Int(k.Quote.E8).Int(k.Trades).Int(k.TakerBuyVolume.Lots);
        _write.Int(k.TakerBuyQuote.E8).Int(k.FirstTrade).Int(k.LastTrade).Run();
        candle.IsTouched = false;
    }

    private void Bind(sqlite3_stmt statement, long value)
    {
        raw.sqlite3_bind_int64(statement, 1, value);
        session.Step(statement);
    }

    private static Timestamp Time(sqlite3_stmt row) => new(raw.sqlite3_column_int64(row, 1));

    private static MarketId Market(sqlite3_stmt row) => new(raw.sqlite3_column_int(row, 0));

    private static int Index(MarketId market, KlineSeries series) => (((market.Value - 1) * Series) + (int)series - 1) * Kept.Length;

    private static int MarketOf(int i) => (i / (Series * Kept.Length)) + 1;

    private static int SeriesOf(int i) => (i / Kept.Length % Series) + 1;

    private static KlineInterval IntervalOf(int i) => Kept[i % Kept.Length];

    private struct Candle
    {
        public Kline Kline;
        public bool Exists;
        public bool IsTouched;
    }
}
