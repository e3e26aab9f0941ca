using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>The candle of one interval that is being made; begun from history, carried on by trades and time. Not thread-safe.</summary>
internal sealed class RunningKline(KlineInterval interval)
{
    private readonly List<TradePoint> _backlog = [];
    private readonly Queue<Kline> _closed = new();
    private Kline _now;
    private bool _isChanged;

    public bool IsSeeded { get; private set; }

    public Kline Now => _now;

    /// <summary>
    /// Begins with the newest candle of history, complete as of a moment after the first trade was given to <see cref="Add"/>.
    /// </summary>
    /// <param name="newest">Or null where there is none.</param>
    public void Seed(Kline? newest, Timestamp now, Price lastPrice)
    {
        if (IsSeeded) return;
        IsSeeded = true;
        _now = newest ?? Empty(KlineIntervals.OpenOf(interval, now), lastPrice);
        long through = _now.LastTrade;
        foreach (TradePoint trade in _backlog)
        {
            if (trade.Id > through) Count(trade);
        }

        _backlog.Clear();
        _backlog.TrimExcess();
        Advance(now);
        _isChanged = true;
    }

    public void Add(in TradePoint trade)
    {
        if (IsSeeded) Count(trade);
        else _backlog.Add(trade);
    }

    /// <summary>Time has come so far: a candle that is over is closed.</summary>
    public void Advance(Timestamp now)
    {
        if (!IsSeeded || now < KlineIntervals.NextOpen(interval, _now.OpenTime)) return;
        _closed.Enqueue(_now);
        _now = Empty(KlineIntervals.OpenOf(interval, now), _now.Close);
        _isChanged = true;
    }

    /// <summary>A candle that is over and was not taken yet.</summary>
    public bool TryTakeClosed(out Kline closed) => _closed.TryDequeue(out closed);

    /// <summary>True once after each change of the running candle.</summary>
    public bool TakeChanged()
    {
        bool changed = _isChanged;
        _isChanged = false;
        return changed;
    }

    private static Kline Empty(Timestamp open, Price price) =>
        new(open, price, price, price, price, Quantity.Zero, Amount.Zero, 0, Quantity.Zero, Amount.Zero, 0, 0);

    private void Count(in TradePoint trade)
    {
        Advance(trade.Time);
        if (trade.Time < _now.OpenTime || (_now.Trades > 0 && trade.Id <= _now.LastTrade)) return; // of a candle that is closed
        bool first = _now.Trades == 0;
        bool buys = trade.TakerSide == Side.Buy;
        _now = _now with
        {
            Open = first ? trade.Price : _now.Open,
            High = first || trade.Price > _now.High ? trade.Price : _now.High,
            Low = first || trade.Price < _now.Low ? trade.Price : _now.Low,
            Close = trade.Price,
            Volume = _now.Volume + trade.Quantity,
            Quote = _now.Quote + trade.Quote,
            Trades = _now.Trades + 1,
            TakerBuyVolume = buys ? _now.TakerBuyVolume + trade.Quantity : _now.TakerBuyVolume,
            TakerBuyQuote = buys ? _now.TakerBuyQuote + trade.Quote : _now.TakerBuyQuote,
            FirstTrade = first ? trade.Id : _now.FirstTrade,
            LastTrade = trade.Id,
        };
        _isChanged = true;
    }
}
