using System.Collections.Concurrent;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Conformance;

// Events, history, candles: what was, told twice, must be the same.
public abstract partial class ExchangeConformance
{
    [Fact]
    public async Task Events_AfterASnapshot_LeadToTheNextSnapshot()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        AccountId other = await AccountAsync();
        var told = new ConcurrentQueue<EventBatch>();
        using IDisposable subscription = _host.Events.Subscribe(told.Enqueue);
        await UntilToldAsync(told, account);
        AccountSnapshot first = await StateAsync(account);
        for (int i = 0; i < 5; i++) await TradeAsync(account, other, market, "1", "100");
        AccountSnapshot last = await StateAsync(account);
        await UntilAsync(() => Fills(told, account, first, last) == 5, "all is told");
        long sequence = first.Sequence;
        Amount wallet = Wallet(first);
        foreach (EventBatch batch in told.Where(b => IsOf(b, account)))
        {
            Assert.True(batch.Previous <= sequence, $"{batch.Previous} after {sequence}");
            if (batch.Sequence <= sequence) continue;
            sequence = batch.Sequence;
            foreach (Event e in batch.Events.Where(e => e.Account == account && e.Kind == EventKind.OrderFilled)) wallet = e.Body<OrderFilled>().WalletAfter;
        }

        Assert.Equal(Wallet(last), wallet);
        Assert.Equal(Lots("5"), Net(last, market));
    }

    [Fact]
    public async Task Events_OfOneSource_AreToldInOrderAndOnce()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        var told = new ConcurrentQueue<EventBatch>();
        using IDisposable subscription = _host.Events.Subscribe(told.Enqueue);
        await UntilToldAsync(told, account);
        for (int i = 0; i < 20; i++) await DoneAsync(account, Limit(market, Side.Buy, "1", "99"));
        await UntilAsync(() => Accepted(told, account).Count == 20, "all is told");
        foreach (IGrouping<ActorId, EventBatch> source in told.Where(b => b.Events.Count > 0).GroupBy(b => b.Source))
        {
            long[] numbers = [.. source.Select(b => b.Sequence)];
            Assert.Equal(numbers.Distinct().Order(), numbers);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => Accepted(told, account)[0] + i), Accepted(told, account));
    }

    [Fact]
    public async Task History_Rows_SayWhatTheEventsSaid()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        AccountId other = await AccountAsync();
        await TradeAsync(account, other, market, "3", "100");
        await TradeAsync(other, account, market, "1", "101");
        await DoneAsync(account, Limit(market, Side.Buy, "7", "98", name: "rests"));
        IReadOnlyList<FillRecord> fills = await _host.History.FillsAsync(account, market, OrderId.None, HistoryPage.Last(100));
        Assert.Equal([Lots("3"), Lots("1")], fills.Select(f => f.Quantity));
        Assert.Equal((true, false), (fills[0].IsMaker, fills[1].IsMaker));
        Assert.Equal(Money("1"), fills[1].RealizedProfit);
        IReadOnlyList<OrderRecord> orders = await _host.History.OrdersAsync(account, market, HistoryPage.Last(100));
        Assert.Equal([OrderStatus.Filled, OrderStatus.Filled, OrderStatus.New], orders.Select(o => o.Status));
        Assert.Equal(Money("300"), orders[0].FilledQuote);
        OrderRecord? named = await _host.History.OrderAsync(account, OrderId.None, AlgoId.None, "rests");
        Assert.Equal(orders[2], named);
        Assert.Equal(fills[0], Assert.Single(await _host.History.FillsAsync(account, market, orders[0].Order, HistoryPage.Last(10))));
        AccountSnapshot state = await StateAsync(account);
        Amount income = Amount.Zero;
        foreach (IncomeRecord row in await _host.History.IncomeAsync(account, MarketId.None, [], HistoryPage.Last(100))) income += row.Income;
        Assert.Equal(Wallet(state), income);
    }

    [Fact]
    public async Task History_Pages_AreCutAsTheySay()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        for (int i = 0; i < 12; i++) await DoneAsync(account, Limit(market, Side.Buy, "1", "99"));
        IReadOnlyList<OrderRecord> all = await _host.History.OrdersAsync(account, market, HistoryPage.Last(100));
        Assert.Equal(12, all.Count);
        Assert.Equal(all.TakeLast(5), await _host.History.OrdersAsync(account, market, HistoryPage.Last(5)));
        var from = new HistoryPage(new Timestamp(0), new Timestamp(long.MaxValue), all[4].Order.Value, 3, false);
        Assert.Equal(all.Skip(4).Take(3), await _host.History.OrdersAsync(account, market, from));
        Assert.Empty(await _host.History.OrdersAsync(account, await MarketAsync(), HistoryPage.Last(5)));
        Assert.Empty(await _host.History.OrdersAsync(account, market, HistoryPage.Between(new Timestamp(0), new Timestamp(1), 5)));
    }

    [Fact]
    public async Task History_ManyRows_AreAllThere()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        for (int i = 0; i < 120; i++)
        {
            OrderId order = OrderOf(await DoneAsync(account, Limit(market, Side.Buy, "1", "99")));
            await DoneAsync(account, new CancelOrder { Market = market, Order = order });
        }

        IReadOnlyList<OrderRecord> rows = await _host.History.OrdersAsync(account, market, HistoryPage.Last(500));
        Assert.Equal(120, rows.Count);
        Assert.All(rows, r => Assert.Equal(OrderStatus.Canceled, r.Status));
        Assert.Equal(rows.Select(r => r.Id).Order(), rows.Select(r => r.Id));
    }

    [Fact]
    public async Task Trades_And_Candles_HaveTheSameVolume()
    {
        MarketId market = await MarketAsync();
        AccountId account = await AccountAsync();
        AccountId other = await AccountAsync();
        string[] prices = ["100", "101", "99.5", "100.5"];
        foreach (string price in prices) await TradeAsync(account, other, market, "1.5", price);
        IReadOnlyList<TradeRecord> trades = await _host.History.TradesAsync(market, HistoryPage.Last(10));
        Assert.Equal(prices.Select(At), trades.Select(t => t.Price));
        Assert.Equal(trades.TakeLast(2), await _host.History.TradesAsync(market, HistoryPage.Last(2)));
        foreach (KlineInterval interval in (KlineInterval[])[KlineInterval.OneMinute, KlineInterval.OneHour, KlineInterval.OneDay, KlineInterval.OneMonth])
        {
            IReadOnlyList<Kline> candles = await _host.History.KlinesAsync(market, KlineSeries.Trades, interval, HistoryPage.Last(50));
            Assert.Equal(Lots("6").Lots, candles.Sum(k => k.Volume.Lots));
            Assert.Equal(4, candles.Sum(k => k.Trades));
            Kline[] real = [.. candles.Where(k => k.Trades > 0)];
            Assert.Equal((At("100"), At("100.5")), (real[0].Open, real[^1].Close));
            Assert.Equal((At("101"), At("99.5")), (real.Max(k => k.High), real.Min(k => k.Low)));
        }

        Kline index = (await _host.History.KlinesAsync(market, KlineSeries.Index, KlineInterval.OneDay, HistoryPage.Last(1)))[^1];
        Assert.Equal(At("100"), index.Close);
    }

    [Fact]
    public async Task Books_AfterManyTrades_AddUpExactly()
    {
        MarketId market = await MarketAsync();
        AccountId[] accounts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AccountAsync()));
        await Task.WhenAll(accounts.Select((account, n) => Task.Run(async () =>
        {
            for (int i = 0; i < 15; i++)
            {
                Side side = (i + n) % 2 == 0 ? Side.Buy : Side.Sell;
                await DoneAsync(account, Limit(market, side, $"0.{1 + ((i * 7) + n) % 9}", side == Side.Buy ? $"100.{i % 5}" : $"99.{9 - (i % 5)}"));
            }
        })));
        Amount deposits = Money("40000");
        await UntilAsync(async () => await MoneyAsync(market, accounts) == deposits, "not a unit is lost");
        Quantity sum = Quantity.Zero;
        foreach (AccountId account in accounts) sum += Net(await StateAsync(account), market);
        Assert.True(sum.IsZero);
        Assert.True((await Gateway.ReadMarketAsync(market)).Fees.IsPositive);
    }

    private static bool IsOf(EventBatch batch, AccountId account) => batch.Source == ActorId.Of(account) || batch.Source == ActorId.Client;

    // Nodes of a cluster that has just formed come to know each other one after the other; until then one may not tell another what happens.
    private Task UntilToldAsync(ConcurrentQueue<EventBatch> told, AccountId account) => UntilAsync(
        async () =>
        {
            await DoneAsync(ActorId.Of(account), new Deposit { Amount = Money("1") });
            return told.Any(b => IsOf(b, account));
        },
        "the account's events are told");

    private static int Fills(IEnumerable<EventBatch> told, AccountId account, AccountSnapshot after, AccountSnapshot until) => told
        .Where(b => IsOf(b, account) && b.Sequence > after.Sequence && b.Sequence <= until.Sequence)
        .Sum(b => b.Events.Count(e => e.Account == account && e.Kind == EventKind.OrderFilled));

    private static List<long> Accepted(IEnumerable<EventBatch> told, AccountId account) => [.. told
        .Where(b => IsOf(b, account))
        .SelectMany(b => b.Events)
        .Where(e => e.Account == account && e.Kind == EventKind.OrderAccepted)
        .Select(e => e.Body<OrderAccepted>().Order.Value)];
}
