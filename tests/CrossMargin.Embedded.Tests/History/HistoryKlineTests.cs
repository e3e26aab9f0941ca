using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Tests.History;

/// <summary>Candles against those that a list of all trades and prices gives.</summary>
public sealed class HistoryKlineTests : IDisposable
{
    private const long Start = 1_621_425_600_000; // 2021-05-19T12:00:00
    private const int Commands = 3_000;

    private static readonly MarketId s_market = new(1);

    private readonly TempDirectory _directory = new();
    private readonly VenueProfile _profile = TestProfiles.Simple();
    private readonly List<Event> _told = [];

    [Theory]
    [InlineData(KlineInterval.OneMinute)]
    [InlineData(KlineInterval.FifteenMinutes)]
    [InlineData(KlineInterval.FourHours)]
    [InlineData(KlineInterval.OneDay)]
    [InlineData(KlineInterval.OneWeek)]
    [InlineData(KlineInterval.OneMonth)]
    public async Task KlinesAsync_OfRandomTradesWithGaps_AreThoseOfTheTrades(KlineInterval interval)
    {
        using ExchangeHistory history = Open();
        Tell(history, 1, Commands);
        foreach (KlineSeries series in Enum.GetValues<KlineSeries>())
        {
            List<Kline> expected = Expected(series, interval);
            IReadOnlyList<Kline> all = await history.Reader.KlinesAsync(s_market, series, interval, HistoryPage.Last(int.MaxValue));
            Assert.Equal(expected, all);
            IReadOnlyList<Kline> newest = await history.Reader.KlinesAsync(s_market, series, interval, HistoryPage.Last(7));
            Assert.Equal(expected.TakeLast(7), newest);
            var page = HistoryPage.Between(new Timestamp(expected[0].OpenTime.Milliseconds + 1), expected[^1].OpenTime, 5);
            Assert.Equal(expected.Skip(1).Take(5), await history.Reader.KlinesAsync(s_market, series, interval, page));
        }

        Assert.Empty(await history.Reader.KlinesAsync(new MarketId(2), KlineSeries.Trades, interval, HistoryPage.Last(5)));
    }

    [Fact]
    public async Task KlinesAsync_QuietSinceTheLastTrade_CarryTheCloseUpToNow()
    {
        using ExchangeHistory history = Open();
        Tell(history, 1, 50);
        Event trade = _told.Last(e => e.Kind == EventKind.Traded && !Book(e).IsNone);
        Timestamp last = _told[^1].Time;
        history.Reader.Now = () => last.AddMilliseconds(600_000);
        Kline end = (await history.Reader.KlinesAsync(s_market, KlineSeries.Trades, KlineInterval.OneMinute, HistoryPage.Last(3)))[^1];
        Assert.Equal(KlineIntervals.OpenOf(KlineInterval.OneMinute, last.AddMilliseconds(600_000)), end.OpenTime);
        Assert.Equal((0, 0, end.Close), (end.Trades, end.Volume.Lots, end.Open));
        Assert.Equal(Book(trade), end.Close);
    }

    [Fact]
    public void Klines_ToldAgainAfterACrashOrRebuilt_AreTheSame()
    {
        using (ExchangeHistory history = Open()) Tell(history, 1, Commands);
        List<string> whole = HistoryDump.Everything(_directory.Path);
        _told.Clear();
        using (ExchangeHistory history = Open())
        {
            Tell(history, Commands - 700, Commands);
            history.ForgetAfter(Commands / 2);
        }

        Assert.NotEqual(whole, HistoryDump.Everything(_directory.Path));
        using (ExchangeHistory history = Open()) Tell(history, 1, Commands);
        Assert.Equal(whole, HistoryDump.Everything(_directory.Path));
    }

    [Fact]
    public void Open_FileOfFormat1_IsBroughtToThisFormat()
    {
        using (ExchangeHistory history = Open()) Tell(history, 1, Commands);
        List<string> whole = HistoryDump.Everything(_directory.Path);
        using (var connection = new SqliteConnection($"Data Source={HistoryDump.File(_directory.Path)};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = """
                DROP TABLE kline_rows; DROP INDEX order_rows_account; DROP INDEX fill_rows_account; DROP INDEX order_rows_algo;
                DROP INDEX order_rows_client; DROP INDEX trigger_rows_client; DROP INDEX liquidation_rows_started;
                CREATE UNIQUE INDEX order_rows_account ON order_rows (account, order_id);
                CREATE INDEX fill_rows_account ON fill_rows (account, time_ms);
                UPDATE meta SET value = 1 WHERE key = 'format';
                """;
            command.ExecuteNonQuery();
        }

        using (ExchangeHistory history = Open()) Assert.Equal(Commands, history.AppendedSequence);
        Assert.Equal(whole, HistoryDump.Everything(_directory.Path));
    }

    public void Dispose() => _directory.Dispose();

    private ExchangeHistory Open() => ExchangeHistory.Open(_directory.Path, _profile, new HistoryOptions()).OrThrow();

    // One command every few minutes, with long pauses: 60 days. Each is the same whenever it is told.
    private void Tell(ExchangeHistory history, long from, long to)
    {
        long time = Start;
        for (long sequence = 1; sequence <= to; sequence++)
        {
            var random = new Random((int)sequence);
            time += random.Next(10) == 0 ? random.Next(10_000_000) : random.Next(200_000);
            if (sequence < from) continue;
            Event trade = Script.Of(0, 1, new Traded
            {
                Trade = new TradeId(sequence),
                Price = new Price(random.Next(1_000, 2_000)),
                Quantity = new Quantity(random.Next(1, 50)),
                TakerSide = random.Next(2) == 0 ? Side.Buy : Side.Sell,
                Type = (FillKind)random.Next(1, 5),
            }, time);
            var prices = new PriceChanged { Index = new Price(random.Next(0, 3) * 700), Mark = new Price(random.Next(1_000, 2_000)) };
            Event price = Script.Of(0, 1, prices, time);
            Event[] events = random.Next(3) == 0 ? [price] : [trade, price];
            _told.AddRange(events);
            history.Append(events, sequence);
        }

        history.Flush();
    }

    private List<Kline> Expected(KlineSeries series, KlineInterval interval)
    {
        var candles = new List<Kline>();
        foreach (Event e in _told)
        {
            Price price = e.Kind == EventKind.Traded ? series == KlineSeries.Trades ? Book(e) : default
                : series == KlineSeries.Mark ? e.Body<PriceChanged>().Mark
                : series == KlineSeries.Index ? e.Body<PriceChanged>().Index : default;
            Timestamp open = KlineIntervals.OpenOf(interval, e.Time);
            while (candles.Count > 0 && candles[^1].OpenTime < open)
            {
                Price close = candles[^1].Close;
                Timestamp next = KlineIntervals.NextOpen(interval, candles[^1].OpenTime);
                candles.Add(new Kline(next, close, close, close, close, default, default, 0, default, default, 0, 0));
            }

            if (price.IsNone) continue;
            if (candles.Count == 0) candles.Add(new Kline(open, price, price, price, price, default, default, 0, default, default, 0, 0));
            Kline k = candles[^1];
            bool first = series == KlineSeries.Trades ? k.Trades == 0 : e.Time == open;
            if (first && k.Open == k.Close && k.High == k.Low) k = k with { Open = price, High = price, Low = price };
            k = k with { High = Price.Max(k.High, price), Low = Price.Min(k.Low, price), Close = price };
            candles[^1] = series == KlineSeries.Trades ? Count(k, e.Body<Traded>()) : k;
        }

        return candles;
    }

    private static Price Book(in Event e) =>
        e.Body<Traded>().Type is FillKind.Takeover or FillKind.Deleverage ? default : e.Body<Traded>().Price;

    private Kline Count(in Kline k, in Traded t)
    {
        bool buy = t.TakerSide == Side.Buy;
        Amount quote = _profile[s_market].Notional(t.Price, t.Quantity);
        return k with
        {
            Volume = k.Volume + t.Quantity,
            Quote = k.Quote + quote,
            Trades = k.Trades + 1,
            TakerBuyVolume = buy ? k.TakerBuyVolume + t.Quantity : k.TakerBuyVolume,
            TakerBuyQuote = buy ? k.TakerBuyQuote + quote : k.TakerBuyQuote,
            FirstTrade = k.FirstTrade == 0 ? t.Trade.Value : k.FirstTrade,
            LastTrade = t.Trade.Value,
        };
    }
}
