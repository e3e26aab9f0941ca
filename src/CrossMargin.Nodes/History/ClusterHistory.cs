using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Nodes.Gateway;
using CrossMargin.Nodes.Wire;

namespace CrossMargin.Nodes.History;

/// <summary>How a gateway asks an actor for its history, wherever it is. Thread-safe. A call that fails throws and may be tried again.</summary>
public interface IHistoryCalls
{
    /// <summary>See <see cref="HistoryDesk.AnswerAsync"/>.</summary>
    Task<ReadOnlyMemory<byte>> AskAsync(ActorId actor, ReadOnlyMemory<byte> question);
}

/// <summary>
/// The history of a cluster: each actor keeps its newest rows (500 of a kind an account, 500 trades and fundings and 1,500 candles of an
/// interval a market); what is older is answered as empty. There is no equity curve, and liquidations are asked of one account at a time: of
/// all accounts there are none. Row ids rise within an account. Thread-safe.
/// </summary>
public sealed class ClusterHistory(
    VenueProfile profile, IHistoryCalls calls, ClusterGatewayOptions? options = null, TimeProvider? time = null) : IExchangeHistory
{
    private readonly PatientCalls _calls = new(options ?? new ClusterGatewayOptions(), time ?? TimeProvider.System);

    public Task<IReadOnlyList<OrderRecord>> OrdersAsync(AccountId account, MarketId market, HistoryPage page) =>
        AskAsync(account, new HistoryQuestion(HistoryKind.Orders, page) { Market = market }, HistoryCodec.ReadOrderRecord);

    public async Task<OrderRecord?> OrderAsync(AccountId account, OrderId order, AlgoId algo, string clientOrderId)
    {
        var question = new HistoryQuestion(HistoryKind.Order, HistoryPage.Last(1)) { Order = order, Algo = algo, Name = clientOrderId };
        return (await AskAsync(account, question, HistoryCodec.ReadOrderRecord).ConfigureAwait(false)).FirstOrDefault();
    }

    public Task<IReadOnlyList<TriggerRecord>> TriggersAsync(AccountId account, MarketId market, HistoryPage page) =>
        AskAsync(account, new HistoryQuestion(HistoryKind.Triggers, page) { Market = market }, HistoryCodec.ReadTriggerRecord);

    public async Task<TriggerRecord?> TriggerAsync(AccountId account, AlgoId algo, string clientOrderId)
    {
        var question = new HistoryQuestion(HistoryKind.Trigger, HistoryPage.Last(1)) { Algo = algo, Name = clientOrderId };
        return (await AskAsync(account, question, HistoryCodec.ReadTriggerRecord).ConfigureAwait(false)).FirstOrDefault();
    }

    public Task<IReadOnlyList<FillRecord>> FillsAsync(AccountId account, MarketId market, OrderId order, HistoryPage page) =>
        AskAsync(account, new HistoryQuestion(HistoryKind.Fills, page) { Market = market, Order = order }, HistoryCodec.ReadFillRecord);

    public Task<IReadOnlyList<IncomeRecord>> IncomeAsync(
        AccountId account, MarketId market, IReadOnlyList<BalanceReason> reasons, HistoryPage page) =>
        AskAsync(account, new HistoryQuestion(HistoryKind.Income, page) { Market = market, Reasons = reasons }, HistoryCodec.ReadIncomeRecord);

    public Task<IReadOnlyList<MarginRecord>> MarginChangesAsync(AccountId account, MarketId market, HistoryPage page) =>
        AskAsync(account, new HistoryQuestion(HistoryKind.Margin, page) { Market = market }, HistoryCodec.ReadMarginRecord);

    /// <summary>Empty: no cluster samples equity.</summary>
    public Task<IReadOnlyList<EquityRecord>> EquityAsync(AccountId account, HistoryPage page) => Task.FromResult<IReadOnlyList<EquityRecord>>([]);

    public Task<IReadOnlyList<LiquidationRecord>> LiquidationsAsync(AccountId account, HistoryPage page) =>
        AskAsync(account, new HistoryQuestion(HistoryKind.Liquidations, page), HistoryCodec.ReadLiquidationRecord);

    /// <summary>The account's own steps; the fund's decisions and deleveraging rounds are not among them.</summary>
    public Task<IReadOnlyList<LiquidationStepRecord>> LiquidationStepsAsync(AccountId account, LiquidationId liquidation) => AskAsync(
        account, new HistoryQuestion(HistoryKind.LiquidationSteps, HistoryPage.Last(1)) { Liquidation = liquidation },
        HistoryCodec.ReadLiquidationStepRecord);

    public Task<IReadOnlyList<TradeRecord>> TradesAsync(MarketId market, HistoryPage page) =>
        AskAsync(market, new HistoryQuestion(HistoryKind.Trades, page), HistoryCodec.ReadTradeRecord);

    public Task<IReadOnlyList<Kline>> KlinesAsync(MarketId market, KlineSeries series, KlineInterval interval, HistoryPage page) => AskAsync(
        market, new HistoryQuestion(HistoryKind.Klines, page) { Series = series, Interval = interval }, HistoryCodec.ReadKline);

    public async Task<IReadOnlyList<FundingRecord>> FundingAsync(MarketId market, HistoryPage page)
    {
        var question = new HistoryQuestion(HistoryKind.Funding, page);
        if (!market.IsNone) return await AskAsync(market, question, HistoryCodec.ReadFundingRecord).ConfigureAwait(false);
        IReadOnlyList<FundingRecord>[] each = await Task.WhenAll(
            profile.Markets.Select(m => AskAsync(m.Id, question, HistoryCodec.ReadFundingRecord))).ConfigureAwait(false);
        IEnumerable<FundingRecord> all = each.SelectMany(rows => rows).OrderBy(r => r.FundingTime).ThenBy(r => r.Market);
        return page.Newest ? [.. all.TakeLast(page.Limit)] : [.. all.Take(page.Limit)];
    }

    private Task<IReadOnlyList<T>> AskAsync<T>(AccountId account, HistoryQuestion question, Func<StateReader, T> read) =>
        account.IsTrader ? AskAsync(ActorId.Of(account), question, read) : Task.FromResult<IReadOnlyList<T>>([]);

    private Task<IReadOnlyList<T>> AskAsync<T>(MarketId market, HistoryQuestion question, Func<StateReader, T> read) =>
        profile.Contains(market) ? AskAsync(ActorId.Of(market), question, read) : Task.FromResult<IReadOnlyList<T>>([]);

    private async Task<IReadOnlyList<T>> AskAsync<T>(ActorId actor, HistoryQuestion question, Func<StateReader, T> read)
    {
        if (question.Page.Limit <= 0) return [];
        ReadOnlyMemory<byte> bytes = question.ToBytes();
        ReadOnlyMemory<byte> answer = await _calls.CallAsync(() => calls.AskAsync(actor, bytes)).ConfigureAwait(false);
        return new StateReader(answer).ReadList(read);
    }
}
