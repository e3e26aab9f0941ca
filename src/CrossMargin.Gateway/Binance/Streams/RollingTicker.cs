using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>
/// The last 24 hours of one market in buckets of a minute: the window is the minute of the question and the 1,439 before it. Filled from
/// history once, then by trades. Not thread-safe.
/// </summary>
internal sealed class RollingTicker(MarketSpec spec)
{
    public const int Minutes = 24 * 60;
    private const long Minute = 60_000;

    private readonly Bucket[] _ring = new Bucket[Minutes];
    private readonly List<TradePoint> _backlog = [];
    private bool _isWaiting;
    private long _seededTo;

    /// <summary>The price of the last trade there ever was, or none.</summary>
    public Price Last { get; private set; }
    public Quantity LastQuantity { get; private set; }

    /// <summary>False until <see cref="Seed"/>.</summary>
    public bool IsSeeded { get; private set; }

    /// <summary>Rises with each trade.</summary>
    public long Version { get; private set; }

    /// <summary>
    /// History is about to be asked: from now on trades wait for its answer. Until then they are forgotten, because history has them.
    /// </summary>
    public void BeginSeed() => _isWaiting = !IsSeeded;

    /// <summary>History could not be asked.</summary>
    public void AbandonSeed()
    {
        _isWaiting = false;
        _backlog.Clear();
    }

    /// <summary>Minutes from history, ascending; complete as of a moment after <see cref="BeginSeed"/>.</summary>
    public void Seed(IReadOnlyList<Kline> minutes)
    {
        if (IsSeeded) return;
        foreach (Kline k in minutes)
        {
            if (!k.Close.IsNone) Last = k.Close;
            if (k.Trades == 0) continue;
            _seededTo = Math.Max(_seededTo, k.LastTrade);
            _ring[IndexOf(k.OpenTime)] = new Bucket
            {
                Minute = k.OpenTime.Milliseconds / Minute,
                Open = k.Open,
                High = k.High,
                Low = k.Low,
                Close = k.Close,
                Lots = k.Volume.Lots,
                QuoteE8 = k.Quote.E8,
                Count = k.Trades,
                First = k.FirstTrade,
                Last = k.LastTrade,
            };
        }

        IsSeeded = true;
        foreach (TradePoint trade in _backlog)
        {
            if (trade.Id > _seededTo) Count(trade);
        }

        _backlog.Clear();
        _backlog.TrimExcess();
        Version++;
    }

    /// <summary>The quantity of the last trade before the start, where history still has it.</summary>
    public void SeedLastQuantity(Quantity quantity)
    {
        if (LastQuantity.IsZero) LastQuantity = quantity;
    }

    public void Add(in TradePoint trade)
    {
        if (!IsSeeded)
        {
            if (_isWaiting) _backlog.Add(trade);
            return;
        }

        // What a seed already held, or a batch that came twice.
        if (trade.Id <= _seededTo) return;
        Count(trade);
    }

    /// <summary>The window that ends at a moment.</summary>
    /// <param name="reference">Stands for the last price while no trade is known.</param>
    public Ticker Read(Timestamp now, DepthImage? book, Price reference)
    {
        Price price = Last.IsNone ? reference : Last;
        long last = now.Milliseconds / Minute;
        long first = last - Minutes + 1;
        Bucket sum = default;
        for (long minute = first; minute <= last; minute++)
        {
            ref readonly Bucket b = ref _ring[minute % Minutes];
            if (b.Minute != minute || b.Count == 0) continue;
            if (sum.Count == 0) (sum.Open, sum.High, sum.Low, sum.First) = (b.Open, b.High, b.Low, b.First);
            if (b.High > sum.High) sum.High = b.High;
            if (b.Low < sum.Low) sum.Low = b.Low;
            sum.Lots += b.Lots;
            sum.QuoteE8 += b.QuoteE8;
            sum.Count += b.Count;
            sum.Last = b.Last;
        }

        bool any = sum.Count > 0;
        return new Ticker
        {
            Market = spec.Id,
            OpenTime = new Timestamp(Math.Max(0, first) * Minute),
            CloseTime = now,
            Open = any ? sum.Open : price,
            High = any ? sum.High : price,
            Low = any ? sum.Low : price,
            Last = price,
            LastQuantity = LastQuantity,
            Volume = new Quantity(sum.Lots),
            QuoteE8 = sum.QuoteE8,
            FirstTrade = any ? sum.First : -1,
            LastTrade = any ? sum.Last : -1,
            Count = sum.Count,
            Bid = book is { Bids.Count: > 0 } ? book.Bids[0] : default,
            Ask = book is { Asks.Count: > 0 } ? book.Asks[0] : default,
            BookUpdateId = book?.LastUpdateId ?? 0,
            BookTime = book?.Time ?? now,
        };
    }

    private static int IndexOf(Timestamp time) => (int)(time.Milliseconds / Minute % Minutes);

    private void Count(in TradePoint trade)
    {
        ref Bucket b = ref _ring[IndexOf(trade.Time)];
        long minute = trade.Time.Milliseconds / Minute;
        if (b.Minute != minute || b.Count == 0)
        {
            b = new Bucket { Minute = minute, Open = trade.Price, High = trade.Price, Low = trade.Price, First = trade.Id };
        }

        if (trade.Price > b.High) b.High = trade.Price;
        if (trade.Price < b.Low) b.Low = trade.Price;
        b.Close = trade.Price;
        b.Lots += trade.Quantity.Lots;
        b.QuoteE8 += trade.Quote.E8;
        b.Count++;
        b.Last = trade.Id;
        _seededTo = trade.Id;
        Last = trade.Price;
        LastQuantity = trade.Quantity;
        Version++;
    }

    private struct Bucket
    {
        public long Minute;
        public Price Open;
        public Price High;
        public Price Low;
        public Price Close;
        public long Lots;
        public Int128 QuoteE8;
        public long Count;
        public long First;
        public long Last;
    }
}
