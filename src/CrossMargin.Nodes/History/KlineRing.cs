using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.History;

/// <summary>
/// The newest candles of one series and interval, the running one last: those in which something changed. When they are read, the others
/// carry the last close with volume 0. A candle of mark or index opens at the price that holds then. Volumes stop at the largest number
/// that fits.
/// </summary>
internal sealed class KlineRing(KlineSeries series, KlineInterval interval)
{
    public const int Candles = 1_500;

    private readonly Ring<Kline> _ring = new(Candles);
    private Timestamp _next; // when the running candle is over

    public void Trade(Timestamp time, in Traded t, Amount quote)
    {
        Begin(time, t.Price);
        bool buy = t.TakerSide == Side.Buy;
        Quantity lots = t.Quantity.Abs;
        Kline k = _ring[^1];
        _ring[^1] = new Kline(
            k.OpenTime, k.Open, Price.Max(k.High, t.Price), Price.Min(k.Low, t.Price), t.Price, new Quantity(Sum(k.Volume.Lots, lots.Lots)),
            new Amount(Sum(k.Quote.E8, quote.E8)), k.Trades + 1, new Quantity(Sum(k.TakerBuyVolume.Lots, buy ? lots.Lots : 0)),
            new Amount(Sum(k.TakerBuyQuote.E8, buy ? quote.E8 : 0)), k.FirstTrade == 0 ? t.Trade.Value : k.FirstTrade, t.Trade.Value);
    }

    public void Change(Timestamp time, Price price)
    {
        Begin(time, price);
        Kline k = _ring[^1];
        _ring[^1] = k with { High = Price.Max(k.High, price), Low = Price.Min(k.Low, price), Close = price };
    }

    /// <summary>Candles whose open time lies in the page's time, up to now.</summary>
    public IReadOnlyList<Kline> Read(HistoryPage page, Timestamp now)
    {
        if (page.Limit <= 0 || _ring.Count == 0) return [];
        if (now < _ring[^1].OpenTime) now = _ring[^1].OpenTime;
        Timestamp until = page.To < now ? page.To : now;
        Timestamp from = _ring[0].OpenTime;
        if (page.From > from) from = OpenAtOrAfter(page.From);
        if (until < from) return [];
        Timestamp last = KlineIntervals.OpenOf(interval, until);
        int most = Math.Min(page.Limit, Candles);
        if (page.Newest) from = Later(from, last, most);
        return Fill(from, last, most);
    }

    public void Write(StateWriter writer)
    {
        Kline before = default;
        _ring.Write(writer, (kline, to) =>
        {
            WriteOne(kline, before, to);
            before = kline;
        });
    }

    public void Read(StateReader reader)
    {
        Kline before = default;
        _ring.Read(reader, from => before = ReadOne(before, from));
        if (_ring.Count > 0) _next = KlineIntervals.NextOpen(interval, _ring[^1].OpenTime);
    }

    public static long Sum(long a, long b) => long.MaxValue - a < b ? long.MaxValue : a + b;

    private void Begin(Timestamp time, Price price)
    {
        if (_ring.Count > 0 && time < _next) return;
        Timestamp open = KlineIntervals.OpenOf(interval, time);
        bool carries = series != KlineSeries.Trades && _ring.Count > 0 && open < time;
        Price first = carries ? _ring[^1].Close : price;
        _ring.Add(new Kline(open, first, first, first, first, Quantity.Zero, Amount.Zero, 0, Quantity.Zero, Amount.Zero, 0, 0));
        _next = KlineIntervals.NextOpen(interval, open);
    }

    private List<Kline> Fill(Timestamp from, Timestamp last, int most)
    {
        var candles = new List<Kline>();
        int i = 0;
        Price close = Price.None;
        for (; i < _ring.Count && _ring[i].OpenTime < from; i++) close = _ring[i].Close;
        for (Timestamp open = from; open <= last && candles.Count < most; open = KlineIntervals.NextOpen(interval, open))
        {
            bool changed = i < _ring.Count && _ring[i].OpenTime == open;
            candles.Add(changed
                ? _ring[i++]
                : new Kline(open, close, close, close, close, Quantity.Zero, Amount.Zero, 0, Quantity.Zero, Amount.Zero, 0, 0));
            close = candles[^1].Close;
        }

        return candles;
    }

    private Timestamp OpenAtOrAfter(Timestamp time)
    {
        Timestamp open = KlineIntervals.OpenOf(interval, time);
        return open == time ? open : KlineIntervals.NextOpen(interval, open);
    }

    // The open from which on there are at most so many candles up to the last one.
    private Timestamp Later(Timestamp from, Timestamp last, int most)
    {
        Timestamp open = last;
        for (int i = 1; i < most && open > from; i++) open = KlineIntervals.OpenOf(interval, open.AddMilliseconds(-1));
        return open > from ? open : from;
    }

    // Most figures are close to those before.
    private void WriteOne(in Kline k, in Kline before, StateWriter to)
    {
        to.WriteVar(k.OpenTime.Milliseconds - before.OpenTime.Milliseconds);
        to.WriteVar(k.Open.Units - before.Close.Units);
        to.WriteVar(k.High.Units - k.Open.Units);
        to.WriteVar(k.Open.Units - k.Low.Units);
        to.WriteVar(k.Close.Units - k.Open.Units);
        if (series != KlineSeries.Trades) return;
        to.WriteVar(k.Volume.Lots);
        to.WriteVar(k.Quote.E8);
        to.WriteVar(k.Trades);
        to.WriteVar(k.TakerBuyVolume.Lots);
        to.WriteVar(k.TakerBuyQuote.E8);
        to.WriteVar(k.FirstTrade - before.LastTrade);
        to.WriteVar(k.LastTrade - k.FirstTrade);
    }

    private Kline ReadOne(in Kline before, StateReader from)
    {
        var time = new Timestamp(before.OpenTime.Milliseconds + from.ReadVar());
        var open = new Price(before.Close.Units + from.ReadVar());
        var high = new Price(open.Units + from.ReadVar());
        var low = new Price(open.Units - from.ReadVar());
        var close = new Price(open.Units + from.ReadVar());
        if (series != KlineSeries.Trades)
            return new Kline(time, open, high, low, close, Quantity.Zero, Amount.Zero, 0, Quantity.Zero, Amount.Zero, 0, 0);
        var volume = new Quantity(from.ReadVar());
        var quote = new Amount(from.ReadVar());
        long trades = from.ReadVar();
        var buyVolume = new Quantity(from.ReadVar());
        var buyQuote = new Amount(from.ReadVar());
        long first = before.LastTrade + from.ReadVar();
        return new Kline(time, open, high, low, close, volume, quote, trades, buyVolume, buyQuote, first, first + from.ReadVar());
    }
}
