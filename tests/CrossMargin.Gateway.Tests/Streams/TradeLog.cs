using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Streams;

/// <summary>A history of trades, complete and simple: what running figures are compared with.</summary>
internal sealed class TradeLog(VenueProfile profile) : IExchangeHistory
{
    private readonly Lock _gate = new();
    private readonly List<TradeRecord> _trades = [];

    public void OnEvents(EventBatch batch)
    {
        lock (_gate)
        {
            foreach (Event e in batch.Events)
            {
                if (e.Kind != EventKind.Traded) continue;
                Traded t = e.Body<Traded>();
                if (t.Type is FillKind.Trade or FillKind.Liquidation)
                    _trades.Add(new TradeRecord(e.Time, e.Market, t.Trade, t.Price, t.Quantity, t.TakerSide, t.Buyer, t.Seller, t.Type));
            }
        }
    }

    public List<TradeRecord> Of(MarketId market)
    {
        lock (_gate) return [.. _trades.Where(t => t.Market == market)];
    }

    public Task<IReadOnlyList<TradeRecord>> TradesAsync(MarketId market, HistoryPage page) =>
        Task.FromResult<IReadOnlyList<TradeRecord>>([.. Of(market).TakeLast(page.Limit)]);

    public Task<IReadOnlyList<Kline>> KlinesAsync(MarketId market, KlineSeries series, KlineInterval interval, HistoryPage page)
    {
        IEnumerable<Kline> rows = Klines(market, interval).Where(k => k.OpenTime >= page.From && k.OpenTime <= page.To);
        return Task.FromResult<IReadOnlyList<Kline>>([.. page.Newest ? rows.TakeLast(page.Limit) : rows.Take(page.Limit)]);
    }

    /// <summary>Candles with trades in them.</summary>
    public List<Kline> Klines(MarketId market, KlineInterval interval)
    {
        MarketSpec spec = profile[market];
        var rows = new List<Kline>();
        foreach (IGrouping<Timestamp, TradeRecord> group in Of(market).GroupBy(t => KlineIntervals.OpenOf(interval, t.Time)))
        {
            TradeRecord[] all = [.. group];
            TradeRecord[] buys = [.. all.Where(t => t.TakerSide == Side.Buy)];
            rows.Add(new Kline(
                group.Key, all[0].Price, all.Max(t => t.Price), all.Min(t => t.Price), all[^1].Price, Sum(all), Quote(all), all.Length, Sum(buys),
                Quote(buys), all[0].Trade.Value, all[^1].Trade.Value));
        }

        return rows;

        static Quantity Sum(TradeRecord[] trades) => new(trades.Sum(t => t.Quantity.Lots));
        Amount Quote(TradeRecord[] trades) => new(trades.Sum(t => spec.Notional(t.Price, t.Quantity).E8));
    }

    public Task<IReadOnlyList<OrderRecord>> OrdersAsync(AccountId account, MarketId market, HistoryPage page) => throw new NotSupportedException();
    public Task<OrderRecord?> OrderAsync(AccountId account, OrderId order, AlgoId algo, string clientOrderId) => throw new NotSupportedException();
    public Task<IReadOnlyList<TriggerRecord>> TriggersAsync(AccountId account, MarketId market, HistoryPage page) =>
        throw new NotSupportedException();
    public Task<TriggerRecord?> TriggerAsync(AccountId account, AlgoId algo, string clientOrderId) => throw new NotSupportedException();
    public Task<IReadOnlyList<FillRecord>> FillsAsync(AccountId account, MarketId market, OrderId order, HistoryPage page) =>
        throw new NotSupportedException();
    public Task<IReadOnlyList<IncomeRecord>> IncomeAsync(AccountId account, MarketId market, IReadOnlyList<BalanceReason> reasons,
        HistoryPage page) =>
        throw new NotSupportedException();
    public Task<IReadOnlyList<MarginRecord>> MarginChangesAsync(AccountId account, MarketId market, HistoryPage page) =>
        throw new NotSupportedException();
    public Task<IReadOnlyList<EquityRecord>> EquityAsync(AccountId account, HistoryPage page) => throw new NotSupportedException();
    public Task<IReadOnlyList<LiquidationRecord>> LiquidationsAsync(AccountId account, HistoryPage page) => throw new NotSupportedException();
    public Task<IReadOnlyList<LiquidationStepRecord>> LiquidationStepsAsync(AccountId account, LiquidationId liquidation) =>
        throw new NotSupportedException();
    public Task<IReadOnlyList<FundingRecord>> FundingAsync(MarketId market, HistoryPage page) => throw new NotSupportedException();
}
