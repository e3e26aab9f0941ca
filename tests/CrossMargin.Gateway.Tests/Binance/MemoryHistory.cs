using CrossMargin.Embedded.Runs;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Binance;

/// <summary>A history in lists, told by the exchange itself, so that every answer is complete at once. No candles.</summary>
internal sealed class MemoryHistory(VenueProfile profile) : IExchangeHistory, IHistorySink
{
    private readonly Lock _lock = new();
    private readonly List<(AccountId Account, OrderRecord Row)> _orders = [];
    private readonly List<(AccountId Account, TriggerRecord Row)> _triggers = [];
    private readonly List<(AccountId Account, FillRecord Row)> _fills = [];
    private readonly List<(AccountId Account, IncomeRecord Row)> _income = [];
    private readonly List<TradeRecord> _trades = [];
    private long _id;

    public void Append(ReadOnlySpan<Event> events, long sequence)
    {
        lock (_lock)
        {
            foreach (ref readonly Event e in events) Add(e);
        }
    }

    public void Flush()
    {
    }

    public Task<IReadOnlyList<OrderRecord>> OrdersAsync(AccountId account, MarketId market, HistoryPage page) =>
        Select(_orders, account, page, r => (r.Market, r.Time, r.Order.Value), market);

    public Task<OrderRecord?> OrderAsync(AccountId account, OrderId order, AlgoId algo, string clientOrderId) => Newest(
        _orders, account, r => !order.IsNone ? r.Order == order : !algo.IsNone ? r.Algo == algo : r.ClientOrderId == clientOrderId);

    public Task<IReadOnlyList<TriggerRecord>> TriggersAsync(AccountId account, MarketId market, HistoryPage page) =>
        Select(_triggers, account, page, r => (r.Market, r.Time, r.Algo.Value), market);

    public Task<TriggerRecord?> TriggerAsync(AccountId account, AlgoId algo, string clientOrderId) =>
        Newest(_triggers, account, r => !algo.IsNone ? r.Algo == algo : r.ClientOrderId == clientOrderId);

    public async Task<IReadOnlyList<FillRecord>> FillsAsync(AccountId account, MarketId market, OrderId order, HistoryPage page)
    {
        IReadOnlyList<FillRecord> rows = await Select(_fills, account, page, r => (r.Market, r.Time, r.Trade.Value), market);
        return [.. rows.Where(r => order.IsNone || r.Order == order)];
    }

    public async Task<IReadOnlyList<IncomeRecord>> IncomeAsync(
        AccountId account, MarketId market, IReadOnlyList<BalanceReason> reasons, HistoryPage page)
    {
        IReadOnlyList<IncomeRecord> rows = await Select(_income, account, page, r => (r.Market, r.Time, r.Id), market);
        return [.. rows.Where(r => reasons.Count == 0 || reasons.Contains(r.Reason))];
    }

    public Task<IReadOnlyList<MarginRecord>> MarginChangesAsync(AccountId account, MarketId market, HistoryPage page) => None<MarginRecord>();

    public Task<IReadOnlyList<EquityRecord>> EquityAsync(AccountId account, HistoryPage page) => None<EquityRecord>();

    public Task<IReadOnlyList<LiquidationRecord>> LiquidationsAsync(AccountId account, HistoryPage page) => None<LiquidationRecord>();

    public Task<IReadOnlyList<LiquidationStepRecord>> LiquidationStepsAsync(AccountId account, LiquidationId liquidation) =>
        None<LiquidationStepRecord>();

    public Task<IReadOnlyList<TradeRecord>> TradesAsync(MarketId market, HistoryPage page)
    {
        lock (_lock)
        {
            TradeRecord[] rows = [.. _trades.Where(t => t.Market == market && t.Time >= page.From && t.Time <= page.To && t.Trade.Value >= page.FromId)];
            return Task.FromResult<IReadOnlyList<TradeRecord>>(page.Newest ? [.. rows.TakeLast(page.Limit)] : [.. rows.Take(page.Limit)]);
        }
    }

    public Task<IReadOnlyList<Kline>> KlinesAsync(MarketId market, KlineSeries series, KlineInterval interval, HistoryPage page) => None<Kline>();

    public Task<IReadOnlyList<FundingRecord>> FundingAsync(MarketId market, HistoryPage page) => None<FundingRecord>();

    private static Task<IReadOnlyList<T>> None<T>() => Task.FromResult<IReadOnlyList<T>>([]);

    private Task<IReadOnlyList<T>> Select<T>(
        List<(AccountId Account, T Row)> rows, AccountId account, HistoryPage page, Func<T, (MarketId Market, Timestamp Time, long Id)> of, MarketId market)
    {
        lock (_lock)
        {
            T[] found = [.. rows.Where(r => r.Account == account).Select(r => r.Row).Where(Wanted)];
            return Task.FromResult<IReadOnlyList<T>>(page.Newest ? [.. found.TakeLast(page.Limit)] : [.. found.Take(page.Limit)]);
        }

        bool Wanted(T row)
        {
            (MarketId own, Timestamp time, long id) = of(row);
            return (market.IsNone || own == market) && time >= page.From && time <= page.To && id >= page.FromId;
        }
    }

    private Task<T?> Newest<T>(List<(AccountId Account, T Row)> rows, AccountId account, Func<T, bool> wanted)
        where T : class
    {
        lock (_lock) return Task.FromResult(rows.Where(r => r.Account == account && wanted(r.Row)).Select(r => r.Row).LastOrDefault());
    }

    private void Add(in Event e)
    {
        AccountId account = e.Account;
        switch (e.Kind)
        {
            case EventKind.OrderAccepted:
                _orders.Add((account, Of(e, e.Body<OrderAccepted>())));
                break;
            case EventKind.OrderFilled:
                AddFill(e, e.Body<OrderFilled>());
                break;
            case EventKind.OrderEnded:
                OrderEnded ended = e.Body<OrderEnded>();
                Timestamp time = e.Time;
                Change(account, ended.Order, r => r with { Status = ended.Status, Reason = ended.Reason, Changed = time });
                break;
            case EventKind.OrderAmended:
                OrderAmended amended = e.Body<OrderAmended>();
                Change(account, amended.Order, r => r with { Price = amended.Price, Quantity = amended.Quantity });
                break;
            case EventKind.OrderReduced:
                OrderReduced reduced = e.Body<OrderReduced>();
                Change(account, reduced.Order, r => r with { Quantity = reduced.Quantity });
                break;
            case EventKind.TriggerAccepted:
                _triggers.Add((account, Of(e, e.Body<TriggerAccepted>())));
                break;
            case EventKind.TriggerEnded:
                TriggerEnded over = e.Body<TriggerEnded>();
                Timestamp at = e.Time;
                int i = _triggers.FindIndex(t => t.Account == account && t.Row.Algo == over.Algo);
                _triggers[i] = (account, _triggers[i].Row with { Status = over.Status, Order = over.Order, Ended = at });
                break;
            case EventKind.BalanceChanged:
                ref readonly BalanceChanged b = ref e.Body<BalanceChanged>();
                _income.Add((account, new IncomeRecord(++_id, e.Time, e.Market, b.Reason, b.Asset, b.Change, b.Trade, b.Liquidation)));
                break;
            case EventKind.Traded:
                ref readonly Traded t = ref e.Body<Traded>();
                _trades.Add(new TradeRecord(e.Time, e.Market, t.Trade, t.Price, t.Quantity, t.TakerSide, t.Buyer, t.Seller, t.Type));
                break;
        }
    }

    private void Change(AccountId account, OrderId order, Func<OrderRecord, OrderRecord> change)
    {
        int i = _orders.FindIndex(o => o.Account == account && o.Row.Order == order);
        _orders[i] = (account, change(_orders[i].Row));
    }

    private void AddFill(in Event e, OrderFilled fill)
    {
        Amount quote = profile[e.Market].Notional(fill.Price, fill.Quantity);
        Timestamp time = e.Time;
        Change(e.Account, fill.Order, r => r with
        {
            Status = fill.Status,
            Filled = fill.Cumulative,
            FilledQuote = r.FilledQuote + quote,
            Changed = time,
        });
        _fills.Add((e.Account, new FillRecord
        {
            Id = ++_id,
            Time = e.Time,
            Market = e.Market,
            Trade = fill.Trade,
            Order = fill.Order,
            Side = fill.Side,
            PositionSide = fill.PositionSide,
            Kind = fill.Type,
            IsMaker = fill.IsMaker,
            Price = fill.Price,
            Quantity = fill.Quantity,
            Fee = fill.Fee,
            RealizedProfit = fill.RealizedProfit,
            Counterparty = fill.Counterparty,
            Liquidation = fill.Liquidation,
        }));
        if (!fill.RealizedProfit.IsZero) AddIncome(e, BalanceReason.RealizedProfit, fill.RealizedProfit, fill.Trade);
        AddIncome(e, BalanceReason.Commission, -fill.Fee, fill.Trade);
    }

    private void AddIncome(in Event e, BalanceReason reason, Amount amount, TradeId trade) => _income.Add(
        (e.Account, new IncomeRecord(++_id, e.Time, e.Market, reason, AssetId.Settlement, amount, trade, LiquidationId.None)));

    private OrderRecord Of(in Event e, in OrderAccepted o) => new()
    {
        Id = ++_id,
        Time = e.Time,
        Market = e.Market,
        Order = o.Order,
        Side = o.Side,
        PositionSide = o.PositionSide,
        Type = o.Type,
        TimeInForce = o.TimeInForce,
        Flags = o.Flags,
        SelfTradePrevention = o.SelfTradePrevention,
        GoodTill = o.GoodTill,
        Price = o.Price,
        Quantity = o.Quantity,
        Filled = default,
        FilledQuote = default,
        Status = OrderStatus.New,
        Reason = CancelReason.None,
        Changed = e.Time,
        ClientOrderId = o.ClientOrderId.ToString(),
        Algo = o.Algo,
        Liquidation = o.Liquidation,
    };

    private TriggerRecord Of(in Event e, in TriggerAccepted t) => new()
    {
        Id = ++_id,
        Time = e.Time,
        Market = e.Market,
        Algo = t.Algo,
        Order = OrderId.None,
        Side = t.Side,
        PositionSide = t.PositionSide,
        Type = t.Type,
        TimeInForce = t.TimeInForce,
        Flags = t.Flags,
        TriggerSource = t.TriggerSource,
        Quantity = t.Quantity,
        Price = t.Price,
        TriggerPrice = t.TriggerPrice,
        ActivationPrice = t.ActivationPrice,
        CallbackRate = t.CallbackRate,
        GoodTill = t.GoodTill,
        Status = AlgoStatus.New,
        Reason = CancelReason.None,
        Refusal = Refusal.None,
        Ended = default,
        ClientOrderId = t.ClientOrderId.ToString(),
    };
}
