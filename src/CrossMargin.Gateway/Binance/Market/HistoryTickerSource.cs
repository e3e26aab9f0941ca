using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// The rolling 24 hours from the history's candles of a minute, where no ticker streams are served: the window begins at a whole minute.
/// </summary>
public sealed class HistoryTickerSource(IExchangeGateway exchange, IExchangeHistory history) : ITickerSource
{
    private const long Day = 24L * 3_600_000;
    private const int Minutes = 24 * 60;

    public async ValueTask<Ticker> ReadAsync(MarketId market) => await OfAsync(await exchange.ReadMarketAsync(market));

    public async ValueTask<IReadOnlyList<Ticker>> ReadAllAsync()
    {
        var all = new List<Ticker>();
        foreach (MarketSnapshot market in await exchange.ReadMarketsAsync()) all.Add(await OfAsync(market));
        return all;
    }

    private async ValueTask<Ticker> OfAsync(MarketSnapshot market)
    {
        var from = new Timestamp(Math.Max(0, market.Time.Milliseconds - Day) / 60_000 * 60_000 + 60_000);
        var page = new HistoryPage(from, market.Time, 0, Minutes, true);
        IReadOnlyList<Kline> minutes = await history.KlinesAsync(market.Market, KlineSeries.Trades, KlineInterval.OneMinute, page);
        IReadOnlyList<TradeRecord> last = await history.TradesAsync(market.Market, HistoryPage.Last(1));
        var sum = new Sum();
        foreach (Kline minute in minutes) sum.Add(minute);
        Price price = MarketFormat.LastOrIndex(exchange.Profile[market.Market], market.Last, market.Index);
        return new Ticker
        {
            Market = market.Market,
            OpenTime = from,
            CloseTime = market.Time,
            Open = sum.Open.IsNone ? price : sum.Open,
            High = sum.High.IsNone ? price : sum.High,
            Low = sum.Low.IsNone ? price : sum.Low,
            Last = price,
            LastQuantity = last.Count == 0 ? default : last[^1].Quantity,
            Volume = sum.Volume,
            QuoteE8 = sum.Quote,
            FirstTrade = sum.Count == 0 ? -1 : sum.First,
            LastTrade = sum.Count == 0 ? -1 : sum.Last,
            Count = sum.Count,
            Bid = market.BestBid,
            Ask = market.BestAsk,
            BookUpdateId = market.Sequence,
            BookTime = market.Time,
        };
    }

    private struct Sum
    {
        public Price Open;
        public Price High;
        public Price Low;
        public Quantity Volume;
        public Int128 Quote;
        public long Count;
        public long First;
        public long Last;

        public void Add(in Kline minute)
        {
            if (minute.Trades == 0) return;
            if (Open.IsNone) Open = minute.Open;
            if (First == 0) First = minute.FirstTrade;
            if (minute.High > High) High = minute.High;
            if (Low.IsNone || minute.Low < Low) Low = minute.Low;
            Last = minute.LastTrade;
            Volume += minute.Volume;
            Quote += minute.Quote.E8;
            Count += minute.Trades;
        }
    }
}
