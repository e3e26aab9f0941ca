using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// What the streams of one market are made of: depth images, the rolling day, running candles. Trades come from the event thread; beats
/// from one timer. Thread-safe.
/// </summary>
internal sealed class MarketFeed
{
    private readonly Lock _gate = new();
    private readonly MarketFormat _format;
    private readonly TopicTable _topics;
    private RollingTicker _ticker;
    private readonly SemaphoreSlim _seeding = new(1);
    private readonly Dictionary<KlineInterval, RunningKline> _klines = [];
    private readonly Dictionary<Topic, long> _told = [];
    private readonly Dictionary<Topic, DepthImage> _sent = [];
    private long _losses;
    private long _reference;
    private long _tickerSent = -1;
    private DepthImage? _bookSent;

    public MarketFeed(MarketFormat format, TopicTable topics, IExchangeGateway exchange, long firstUpdateId)
    {
        (_format, _topics) = (format, topics);
        _ticker = new RollingTicker(format.Spec);
        Book = new DepthBook(exchange, format.Id, firstUpdateId);
    }

    public MarketFormat Format => _format;
    public MarketId Id => _format.Id;
    public DepthBook Book { get; }

    /// <summary>The market's last price as the exchange tells it, or what stands for it: where no trade was seen here. May be set at any time.</summary>
    public Price Reference
    {
        get => new(Volatile.Read(ref _reference));
        set => Volatile.Write(ref _reference, value.Units);
    }

    public bool IsTickerSeeded
    {
        get
        {
            lock (_gate) return _ticker.IsSeeded;
        }
    }

    /// <summary>Somebody hears a stream that is made of depth images.</summary>
    public bool NeedsDepth(StreamTopic[] allBooks) =>
        IsHeard(StreamKind.Depth) || IsHeard(StreamKind.PartialDepth) || IsHeard(StreamKind.BookTicker) || allBooks.Any(t =>
            t.Topic.IsHeard);

    public void OnTrade(in TradePoint trade)
    {
        lock (_gate)
        {
            _ticker.Add(trade);
            foreach (RunningKline kline in _klines.Values) kline.Add(trade);
        }

        Publish(StreamKind.AggregateTrade, trade, MarketJson.AggregateTrade);
        Publish(StreamKind.Trade, trade, MarketJson.Trade);
    }

    /// <summary>Fills the rolling day from history, once; who comes while that is done waits for it.</summary>
    public async Task SeedTickerAsync(Func<Task<(IReadOnlyList<Kline> Minutes, Quantity Last)>> read)
    {
        if (IsTickerSeeded) return;
        await _seeding.WaitAsync().ConfigureAwait(false);
        try
        {
            while (!IsTickerSeeded)
            {
                long losses;
                lock (_gate)
                {
                    _ticker.BeginSeed();
                    losses = _losses;
                }

                (IReadOnlyList<Kline> minutes, Quantity last) = await read().ConfigureAwait(false);
                lock (_gate)
                {
                    if (losses != _losses) continue; // events were lost meanwhile, which history may not have had yet
                    _ticker.SeedLastQuantity(last);
                    _ticker.Seed(minutes);
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                if (!_ticker.IsSeeded) _ticker.AbandonSeed();
            }

            _seeding.Release();
        }
    }

    /// <summary>Events were lost: the day and the candles begin again from history.</summary>
    public void Lose()
    {
        lock (_gate)
        {
            _losses++;
            _ticker = new RollingTicker(_format.Spec);
            _tickerSent = -1;
            _klines.Clear();
        }
    }

    public Ticker ReadTicker(Timestamp now)
    {
        lock (_gate) return _ticker.Read(now, Book.Current, Reference);
    }

    /// <summary>
    /// From here on this depth stream tells every change after an image that its new listener's snapshot is no older than. To be called
    /// before the listener is told that it is subscribed.
    /// </summary>
    public async ValueTask BeginDepthAsync(StreamTopic stream)
    {
        await Book.AnyAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (!_told.ContainsKey(stream.Topic)) _told[stream.Topic] = Book.Remember();
        }
    }

    /// <summary>Depth streams of one speed.</summary>
    public void BeatDepth(int milliseconds)
    {
        if (Book.Current is not { } image) return;
        lock (_gate)
        {
            foreach (StreamTopic stream in _topics.Of(StreamKind.Depth, Id))
            {
                if (stream.Name.Milliseconds == milliseconds) BeatDiff(stream.Topic);
            }

            foreach (StreamTopic stream in _topics.Of(StreamKind.PartialDepth, Id))
            {
                if (stream.Name.Milliseconds == milliseconds) BeatPartial(stream, image);
            }
        }
    }

    /// <summary>What no depth stream needs any more is forgotten.</summary>
    public void ForgetDepth()
    {
        lock (_gate)
        {
            foreach (Topic silent in _told.Keys.Where(t => !t.IsHeard).ToArray()) _told.Remove(silent);
            if (_told.Count > 0) Book.Forget(_told.Values.Min());
            else if (!IsHeard(StreamKind.Depth)) Book.Forget(long.MaxValue); // else a first listener is on the way
        }
    }

    /// <summary>The best quotes, if they changed or a listener is new.</summary>
    public void BeatBook(StreamTopic[] all)
    {
        if (Book.Current is not { } image) return;
        StreamTopic[] own = _topics.Of(StreamKind.BookTicker, Id);
        bool changed = !SameBest(_bookSent, image);
        bool fresh = own.Count(t => t.Topic.TakeFresh()) > 0;
        if (!changed && !fresh) return;
        _bookSent = image;
        byte[]? json = null;
        foreach (StreamTopic stream in changed ? [.. own, .. all] : own)
        {
            if (stream.Topic.IsHeard) stream.Topic.Publish(json ??= MarketJson.BookTicker(_format, image));
        }
    }

    /// <summary>Candles that closed, the running ones that changed, and to a new listener the one that runs.</summary>
    public void BeatKlines(Timestamp now)
    {
        KlineInterval[] live;
        lock (_gate) live = [.. _klines.Where(k => k.Value.IsSeeded).Select(k => k.Key)];
        KlineInterval[] told = [.. live.Where(interval => BeatKline(interval, now))];
        foreach (StreamKind kind in (ReadOnlySpan<StreamKind>)[StreamKind.Kline, StreamKind.ContinuousKline])
        {
            foreach (StreamTopic stream in _topics.Of(kind, Id))
            {
                bool fresh = stream.Topic.TakeFresh() && !told.Contains(stream.Name.Interval);
                if (fresh && IsSeeded(stream.Name.Interval)) PublishKline(stream, now);
            }
        }
    }

    public bool HasKlines
    {
        get
        {
            lock (_gate) return _klines.Count > 0;
        }
    }

    /// <summary>Intervals that are heard and have not begun; the caller reads their seeds.</summary>
    public IReadOnlyList<KlineInterval> TakeNewIntervals()
    {
        var found = new List<KlineInterval>();
        lock (_gate)
        {
            foreach (StreamTopic stream in (IEnumerable<StreamTopic>)[.. _topics.Of(StreamKind.Kline, Id),
                .. _topics.Of(StreamKind.ContinuousKline, Id)])
            {
                KlineInterval interval = stream.Name.Interval;
                if (!stream.Topic.IsHeard || _klines.ContainsKey(interval)) continue;
                _klines[interval] = new RunningKline(interval);
                found.Add(interval);
            }
        }

        return found;
    }

    public void SeedKline(KlineInterval interval, Kline? newest, Timestamp now)
    {
        lock (_gate)
        {
            // Gone where events were lost since history was asked: it is asked again.
            if (_klines.TryGetValue(interval, out RunningKline? kline)) kline.Seed(newest, now, _ticker.Last.IsNone ? Reference : _ticker.Last);
        }
    }

    /// <summary>Its seed could not be read: it is tried again.</summary>
    public void DropKline(KlineInterval interval)
    {
        lock (_gate) _klines.Remove(interval);
    }

    /// <summary>The rolling day on this market's own streams; gives the ticker if it changed since the last beat.</summary>
    public Ticker? BeatTicker(Timestamp now, bool needed)
    {
        StreamTopic[] whole = _topics.Of(StreamKind.Ticker, Id);
        StreamTopic[] mini = _topics.Of(StreamKind.MiniTicker, Id);
        bool fresh = whole.Concat(mini).Count(t => t.Topic.TakeFresh()) > 0;
        bool heard = whole.Concat(mini).Any(t => t.Topic.IsHeard);
        Ticker ticker;
        bool changed;
        lock (_gate)
        {
            if (!_ticker.IsSeeded || (!heard && !needed)) return null;
            changed = _tickerSent != _ticker.Version;
            _tickerSent = _ticker.Version;
            ticker = _ticker.Read(now, Book.Current, Reference);
        }

        if (changed || fresh)
        {
            foreach (StreamTopic stream in whole) stream.Topic.Publish(MarketJson.Ticker(_format, ticker));
            foreach (StreamTopic stream in mini) stream.Topic.Publish(MarketJson.MiniTicker(_format, ticker));
        }

        return changed ? ticker : null;
    }

    private static bool SameBest(DepthImage? a, DepthImage b) =>
        a is not null && Best(a.Bids) == Best(b.Bids) && Best(a.Asks) == Best(b.Asks);

    private static PriceLevel Best(IReadOnlyList<PriceLevel> side) => side.Count > 0 ? side[0] : default;

    private bool IsHeard(StreamKind kind)
    {
        foreach (StreamTopic stream in _topics.Of(kind, Id))
        {
            if (stream.Topic.IsHeard) return true;
        }

        return false;
    }

    private void Publish(StreamKind kind, in TradePoint trade, Encode encode)
    {
        foreach (StreamTopic stream in _topics.Of(kind, Id))
        {
            if (stream.Topic.IsHeard) stream.Topic.Publish(encode(_format, trade));
        }
    }

    private void BeatDiff(Topic topic)
    {
        if (!topic.IsHeard || !_told.TryGetValue(topic, out long last)) return; // nobody, or its first listener is on the way
        if (Book.ChangesSince(last) is not { } delta || delta.Image.LastUpdateId == last) return;
        topic.Publish(MarketJson.DepthUpdate(_format, delta));
        _told[topic] = delta.Image.LastUpdateId;
    }

    private void BeatPartial(StreamTopic stream, DepthImage image)
    {
        bool fresh = stream.Topic.TakeFresh();
        if (!stream.Topic.IsHeard)
        {
            _sent.Remove(stream.Topic);
            return;
        }

        DepthImage? before = _sent.GetValueOrDefault(stream.Topic);
        if (!fresh && before?.LastUpdateId == image.LastUpdateId) return;
        stream.Topic.Publish(MarketJson.PartialDepth(_format, before?.LastUpdateId ?? image.LastUpdateId - 1, image, stream.Name.Levels));
        _sent[stream.Topic] = image;
    }

    private bool IsSeeded(KlineInterval interval)
    {
        lock (_gate) return _klines.TryGetValue(interval, out RunningKline? kline) && kline.IsSeeded;
    }

    private void PublishKline(StreamTopic stream, Timestamp now)
    {
        Kline running;
        lock (_gate)
        {
            if (!_klines.TryGetValue(stream.Name.Interval, out RunningKline? kline)) return;
            running = kline.Now;
        }

        stream.Topic.Publish(MarketJson.Kline(_format, stream.Name.Interval, running, false,
            stream.Name.Kind == StreamKind.ContinuousKline, now));
    }

    /// <summary>True if the running candle was told.</summary>
    private bool BeatKline(KlineInterval interval, Timestamp now)
    {
        var events = new List<(Kline Kline, bool Closed)>();
        bool running;
        lock (_gate)
        {
            if (!_klines.TryGetValue(interval, out RunningKline? kline)) return false;
            kline.Advance(now);
            while (kline.TryTakeClosed(out Kline closed)) events.Add((closed, true));
            running = kline.TakeChanged();
            if (running) events.Add((kline.Now, false));
        }

        foreach ((Kline kline, bool closed) in events)
        {
            foreach (StreamKind kind in (ReadOnlySpan<StreamKind>)[StreamKind.Kline, StreamKind.ContinuousKline])
            {
                foreach (StreamTopic stream in _topics.Of(kind, Id))
                {
                    if (stream.Name.Interval != interval || !stream.Topic.IsHeard) continue;
                    stream.Topic.Publish(MarketJson.Kline(_format, interval, kline, closed, kind == StreamKind.ContinuousKline, now));
                }
            }
        }

        return running;
    }

    private delegate byte[] Encode(MarketFormat format, in TradePoint trade);
}
