using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.AspNetCore;

/// <summary>Of an exchange that keeps no history: every answer is empty.</summary>
internal sealed class NoHistory : IExchangeHistory
{
    public Task<IReadOnlyList<OrderRecord>> OrdersAsync(AccountId account, MarketId market, HistoryPage page) => None<OrderRecord>();

    public Task<OrderRecord?> OrderAsync(AccountId account, OrderId order, AlgoId algo, string clientOrderId) => Task.FromResult<OrderRecord?>(null);

    public Task<IReadOnlyList<TriggerRecord>> TriggersAsync(AccountId account, MarketId market, HistoryPage page) => None<TriggerRecord>();

    public Task<TriggerRecord?> TriggerAsync(AccountId account, AlgoId algo, string clientOrderId) => Task.FromResult<TriggerRecord?>(null);

    public Task<IReadOnlyList<FillRecord>> FillsAsync(AccountId account, MarketId market, OrderId order, HistoryPage page) => None<FillRecord>();

    public Task<IReadOnlyList<IncomeRecord>> IncomeAsync(
        AccountId account, MarketId market, IReadOnlyList<BalanceReason> reasons, HistoryPage page) => None<IncomeRecord>();

    public Task<IReadOnlyList<MarginRecord>> MarginChangesAsync(AccountId account, MarketId market, HistoryPage page) => None<MarginRecord>();

    public Task<IReadOnlyList<EquityRecord>> EquityAsync(AccountId account, HistoryPage page) => None<EquityRecord>();

    public Task<IReadOnlyList<LiquidationRecord>> LiquidationsAsync(AccountId account, HistoryPage page) => None<LiquidationRecord>();

    public Task<IReadOnlyList<LiquidationStepRecord>> LiquidationStepsAsync(AccountId account, LiquidationId liquidation) =>
        None<LiquidationStepRecord>();

    public Task<IReadOnlyList<TradeRecord>> TradesAsync(MarketId market, HistoryPage page) => None<TradeRecord>();

    public Task<IReadOnlyList<Kline>> KlinesAsync(MarketId market, KlineSeries series, KlineInterval interval, HistoryPage page) => None<Kline>();

    public Task<IReadOnlyList<FundingRecord>> FundingAsync(MarketId market, HistoryPage page) => None<FundingRecord>();

    private static Task<IReadOnlyList<T>> None<T>() => Task.FromResult<IReadOnlyList<T>>([]);
}
