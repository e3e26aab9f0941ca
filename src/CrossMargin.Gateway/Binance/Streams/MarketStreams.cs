using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// The market streams of all markets. Trades and liquidations leave as their batch of events comes; what is sampled leaves with beats of
/// the wall clock, stamped with exchange time. Where no one listens nothing is read or encoded.
/// </summary>
internal sealed class MarketStreams
{
    /// <summary>Milliseconds between two beats.</summary>
    public const int BeatMilliseconds = 50;

    private readonly IExchangeGateway _exchange;
    private readonly IExchangeHistory _history;
    private readonly IExchangeClock _clock;
    private readonly MarketFeed[] _feeds;
    private readonly LiquidationFeed _liquidations;
    private long _seen;

    // Exchange time as read a second ago, whose events have come since, and as read last.
    private long _settled;
    private long _read;

    public MarketStreams(IExchangeGateway exchange, IExchangeHistory history, IExchangeClock clock, TimeProvider time)
    {
        (_exchange, _history, _clock) = (exchange, history, clock);
        Formats = new MarketFormats(exchange.Profile);
        Topics = new TopicTable(exchange.Profile);

        // Update ids of a later process are above those of this one, and stay below 2^53.
        long first = time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
        _feeds = [.. Formats.All.Select(f => new MarketFeed(f, Topics, exchange, first))];
        _liquidations = new LiquidationFeed(Formats, Topics);
        Marks = new long[_feeds.Length];
    }

    public MarketFormats Formats { get; }
    public TopicTable Topics { get; }

    /// <summary>The last mark price of each market in units, by market id − 1; 0 before the first.</summary>
    public long[] Marks { get; }

    public MarketFeed this[MarketId market] => _feeds[market.Value - 1];

    private Timestamp Now => new(Math.Max(Volatile.Read(ref _seen), _clock.Now.Milliseconds));

    /// <summary>Called with each batch, in order, by one thread at a time.</summary>
    public void OnEvents(EventBatch batch)
    {
        if (batch.Time.Milliseconds > Volatile.Read(ref _seen)) Volatile.Write(ref _seen, batch.Time.Milliseconds);
        IReadOnlyList<Event> events = batch.Events;
        for (int i = 0; i < events.Count; i++)
        {
            Event e = events[i];
            switch (e.Kind)
            {
                case EventKind.Traded:
                    OnTraded(e);
                    break;
                case EventKind.PriceChanged:
                    OnPrice(e);
                    break;
                case EventKind.OrderFilled or EventKind.OrderAccepted:
                    _liquidations.OnEvent(e);
                    break;
                case EventKind.MarketStatusChanged when Topics.Of(StreamKind.ContractInfo, MarketId.None) is { Length: > 0 } heard:
                    heard[0].Topic.Publish(MarketJson.ContractInfo(Formats[e.Market], e.Body<MarketStatusChanged>().Status, e.Time));
                    break;
            }
        }
    }

    /// <summary>Events were lost: all listeners are cut, and what trades made begins again from history. Returns how many were cut.</summary>
    public int Lose(string reason)
    {
        int cut = Topics.All.Sum(t => t.Cut(reason));
        foreach (MarketFeed feed in _feeds) feed.Lose();
        _liquidations.Lose();
        return cut;
    }

    /// <summary>The n-th beat. Reads that fail are left for the next.</summary>
    public async Task BeatAsync(long n)
    {
        if (n % 2 == 0) await BeatDepthAsync(n).ConfigureAwait(false);
        if (n % 5 == 0)
        {
            await SeedKlinesAsync().ConfigureAwait(false);
            Timestamp now = new(Math.Max(Volatile.Read(ref _seen), _settled));
            foreach (MarketFeed feed in _feeds) feed.BeatKlines(now);
        }

        if (n % 20 != 0) return;
        if (_feeds.Any(f => f.HasKlines)) await ReadTimeAsync().ConfigureAwait(false);
        await SeedTickersAsync().ConfigureAwait(false);
        BeatTickers();
        _liquidations.Beat();
        await BeatMarksAsync(n % 60 == 0).ConfigureAwait(false);
    }

    /// <summary>A ticker that includes what was traded up to a moment near this call, with quotes of a moment after it.</summary>
    public async Task<Ticker> ReadTickerAsync(MarketFeed feed)
    {
        await SeedTickerAsync(feed).ConfigureAwait(false);
        await feed.Book.RefreshAsync().ConfigureAwait(false);
        return feed.ReadTicker(Now);
    }

    public async Task<IReadOnlyList<Ticker>> ReadTickersAsync() => await Task.WhenAll(_feeds.Select(ReadTickerAsync)).ConfigureAwait(false);

    private void OnPrice(in Event e)
    {
        ref readonly PriceChanged price = ref e.Body<PriceChanged>();
        MarketFeed feed = _feeds[e.Market.Value - 1];
        Volatile.Write(ref Marks[e.Market.Value - 1], price.Mark.Units);
        feed.Reference = MarketFormat.LastOrIndex(feed.Format.Spec, price.Last, price.Index);
    }

    private async Task ReadReferenceAsync(MarketFeed feed)
    {
        MarketSnapshot market = await _exchange.ReadMarketAsync(feed.Id).ConfigureAwait(false);
        feed.Reference = MarketFormat.LastOrIndex(feed.Format.Spec, market.Last, market.Index);
    }

    private void OnTraded(in Event e)
    {
        ref readonly Traded t = ref e.Body<Traded>();
        if (t.Type is not (FillKind.Trade or FillKind.Liquidation)) return; // takeovers and deleveraging meet no book
        MarketFeed feed = _feeds[e.Market.Value - 1];
        Amount quote = feed.Format.Spec.Notional(t.Price, t.Quantity);
        feed.OnTrade(new TradePoint(e.Time, t.Trade.Value, t.Price, t.Quantity, quote, t.TakerSide));
    }

    private async Task BeatDepthAsync(long n)
    {
        StreamTopic[] allBooks = Topics.Of(StreamKind.BookTicker, MarketId.None);
        MarketFeed[] needed = [.. _feeds.Where(f => f.NeedsDepth(allBooks))];
        if (needed.Length > 0) await Task.WhenAll(needed.Select(f => f.Book.RefreshAsync())).ConfigureAwait(false);

        foreach (MarketFeed feed in _feeds) feed.ForgetDepth();
        foreach (MarketFeed feed in needed)
        {
            feed.BeatDepth(100);
            if (n % 5 is 0 or 1) feed.BeatDepth(250); // each second of two even beats: 200 or 300 ms apart
            if (n % 10 == 0) feed.BeatDepth(500);
            feed.BeatBook(allBooks);
        }
    }

    private async Task ReadTimeAsync()
    {
        MarketSnapshot market = await _exchange.ReadMarketAsync(_feeds[0].Id).ConfigureAwait(false);
        _settled = _read;
        _read = market.Time.Milliseconds;
    }

    private async Task SeedKlinesAsync()
    {
        foreach (MarketFeed feed in _feeds)
        {
            foreach (KlineInterval interval in feed.TakeNewIntervals()) await SeedKlineAsync(feed, interval).ConfigureAwait(false);
        }
    }

    private async Task SeedKlineAsync(MarketFeed feed, KlineInterval interval)
    {
        try
        {
            Timestamp open = KlineIntervals.OpenOf(interval, _clock.Now);
            HistoryPage page = new(open, new Timestamp(long.MaxValue), 0, 1, true);
            IReadOnlyList<Kline> rows = await _history.KlinesAsync(feed.Id, KlineSeries.Trades, interval, page).ConfigureAwait(false);
            if (rows.Count == 0) await ReadReferenceAsync(feed).ConfigureAwait(false);
            feed.SeedKline(interval, rows.Count > 0 ? rows[^1] : null, Now);
        }
        catch
        {
            feed.DropKline(interval);
            throw;
        }
    }

    private async Task SeedTickersAsync()
    {
        StreamKind[] kinds = [StreamKind.Ticker, StreamKind.MiniTicker];
        foreach (MarketFeed feed in _feeds)
        {
            bool heard = kinds.Any(k => Topics.Of(k, feed.Id).Concat(Topics.Of(k, MarketId.None)).Any(t => t.Topic.IsHeard));
            if (heard) await SeedTickerAsync(feed).ConfigureAwait(false);
        }
    }

    private Task SeedTickerAsync(MarketFeed feed) => feed.SeedTickerAsync(async () =>
    {
        var page = new HistoryPage(
            _clock.Now.AddMilliseconds(-24 * 3_600_000), new Timestamp(long.MaxValue), 0, RollingTicker.Minutes + 2, Newest: true);
        IReadOnlyList<Kline> minutes =
            await _history.KlinesAsync(feed.Id, KlineSeries.Trades, KlineInterval.OneMinute, page).ConfigureAwait(false);
        IReadOnlyList<TradeRecord> last = await _history.TradesAsync(feed.Id, HistoryPage.Last(1)).ConfigureAwait(false);
        await ReadReferenceAsync(feed).ConfigureAwait(false);
        return (minutes, last.Count > 0 ? last[^1].Quantity : Quantity.Zero);
    });

    private void BeatTickers()
    {
        StreamTopic[] whole = Topics.Of(StreamKind.Ticker, MarketId.None);
        StreamTopic[] mini = Topics.Of(StreamKind.MiniTicker, MarketId.None);
        bool heard = whole.Concat(mini).Any(t => t.Topic.IsHeard);
        bool fresh = whole.Concat(mini).Count(t => t.Topic.TakeFresh()) > 0;
        Timestamp now = Now;
        List<(MarketFormat Format, Ticker Ticker)> changed = [];
        foreach (MarketFeed feed in _feeds)
        {
            Ticker? ticker = feed.BeatTicker(now, heard);
            if (ticker is null && fresh && feed.IsTickerSeeded) ticker = feed.ReadTicker(now);
            if (ticker is not null) changed.Add((feed.Format, ticker));
        }

        if (changed.Count == 0) return;
        foreach (StreamTopic stream in whole.Where(t => t.Topic.IsHeard))
            stream.Topic.Publish(EventJson.List([.. changed.Select(c => MarketJson.Ticker(c.Format, c.Ticker))]));
        foreach (StreamTopic stream in mini.Where(t => t.Topic.IsHeard))
            stream.Topic.Publish(EventJson.List([.. changed.Select(c => MarketJson.MiniTicker(c.Format, c.Ticker))]));
    }

    private async Task BeatMarksAsync(bool third)
    {
        bool Due(StreamTopic t) => t.Topic.IsHeard && (third || t.Name.Milliseconds == 1_000);
        StreamTopic[] all = [.. Topics.Of(StreamKind.MarkPrice, MarketId.None).Where(Due)];
        if (all.Length == 0 && !_feeds.Any(f => Topics.Of(StreamKind.MarkPrice, f.Id).Any(Due))) return;
        var values = new List<byte[]>(_feeds.Length);
        foreach (MarketSnapshot market in await _exchange.ReadMarketsAsync().ConfigureAwait(false))
        {
            if (market.Mark.IsNone) continue;
            byte[] json = MarketJson.MarkPrice(Formats[market.Market], market);
            values.Add(json);
            foreach (StreamTopic stream in Topics.Of(StreamKind.MarkPrice, market.Market).Where(Due)) stream.Topic.Publish(json);
        }

        if (all.Length == 0) return;
        byte[] list = EventJson.List(values);
        foreach (StreamTopic stream in all) stream.Topic.Publish(list);
    }
}
