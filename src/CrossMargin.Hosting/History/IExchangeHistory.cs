using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// What was: finished orders, fills, income, trades, candles. Each answer is complete as of the question. Thread-safe. A host that keeps
/// only the newest rows answers older ones as empty. Throws <see cref="ExchangeUnavailableException"/> when history cannot be read.
/// Lists are ascending in time (and id); of more rows than the limit the newest or the oldest are given, as the page says.
/// </summary>
public interface IExchangeHistory
{
    /// <summary>Orders, open ones too, by rising order id. <paramref name="market"/> none: of all markets.</summary>
    Task<IReadOnlyList<OrderRecord>> OrdersAsync(AccountId account, MarketId market, HistoryPage page);

    /// <summary>One order by its id; by the conditional order that it was; or, where both are none, the newest with this client order id.</summary>
    Task<OrderRecord?> OrderAsync(AccountId account, OrderId order, AlgoId algo, string clientOrderId);

    Task<IReadOnlyList<TriggerRecord>> TriggersAsync(AccountId account, MarketId market, HistoryPage page);

    /// <summary>By its id or, where that is none, the newest with this client order id.</summary>
    Task<TriggerRecord?> TriggerAsync(AccountId account, AlgoId algo, string clientOrderId);

    /// <summary><see cref="HistoryPage.FromId"/> is a trade id; <paramref name="order"/> none: of all orders.</summary>
    Task<IReadOnlyList<FillRecord>> FillsAsync(AccountId account, MarketId market, OrderId order, HistoryPage page);

    /// <summary>Everything that changed a wallet; the sum by asset is the wallet's change, to the last unit. No reasons: all.</summary>
    Task<IReadOnlyList<IncomeRecord>> IncomeAsync(AccountId account, MarketId market, IReadOnlyList<BalanceReason> reasons, HistoryPage page);

    /// <summary>Margin moved between the cross wallet and isolated legs by the account itself.</summary>
    Task<IReadOnlyList<MarginRecord>> MarginChangesAsync(AccountId account, MarketId market, HistoryPage page);

    Task<IReadOnlyList<EquityRecord>> EquityAsync(AccountId account, HistoryPage page);

    /// <summary>Liquidations that began in the page's time, of one account or (none) of all.</summary>
    Task<IReadOnlyList<LiquidationRecord>> LiquidationsAsync(AccountId account, HistoryPage page);

    /// <summary>Every step of one liquidation, in order, with the figures that explain it.</summary>
    Task<IReadOnlyList<LiquidationStepRecord>> LiquidationStepsAsync(AccountId account, LiquidationId liquidation);

    /// <summary>Trades in the book (takeovers and deleveraging left out) by rising trade id; <see cref="HistoryPage.FromId"/> is a trade id.</summary>
    Task<IReadOnlyList<TradeRecord>> TradesAsync(MarketId market, HistoryPage page);

    /// <summary>Candles whose open time lies in the page's time; minutes without a trade carry the last close with volume 0.</summary>
    Task<IReadOnlyList<Kline>> KlinesAsync(MarketId market, KlineSeries series, KlineInterval interval, HistoryPage page);

    Task<IReadOnlyList<FundingRecord>> FundingAsync(MarketId market, HistoryPage page);
}

/// <summary>Which rows: times inclusive, from an id on (0: any), at most so many, the newest or the oldest of them.</summary>
public readonly record struct HistoryPage(Timestamp From, Timestamp To, long FromId, int Limit, bool Newest)
{
    /// <summary>The newest rows of all.</summary>
    public static HistoryPage Last(int limit) => new(new Timestamp(0), new Timestamp(long.MaxValue), 0, limit, true);

    /// <summary>Times inclusive, oldest first.</summary>
    public static HistoryPage Between(Timestamp from, Timestamp to, int limit) => new(from, to, 0, limit, false);
}
