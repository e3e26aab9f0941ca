using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Tests.Engine;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.History;

/// <summary>Questions with all their limits against the same question asked of everything.</summary>
public sealed class HistoryQuestionsTests : IDisposable
{
    private const int MarketCount = 3;

    private readonly TempDirectory _directory = new();
    private readonly VenueProfile _profile = TestProfiles.Simple();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Questions_AnyMarketTimesIdsAndLimit_GiveTheRowsOfTheWhole(bool inMemory)
    {
        using ExchangeHistory history = Live(inMemory);
        HistoryReader reader = history.Reader;
        HistoryPage everything = HistoryPage.Last(int.MaxValue);
        long seen = 0;
        int margins = 0;
        for (int a = 1; a <= 12; a++)
        {
            var account = new AccountId(a);
            IReadOnlyList<OrderRecord> orders = await reader.OrdersAsync(account, MarketId.None, everything);
            IReadOnlyList<FillRecord> fills = await reader.FillsAsync(account, MarketId.None, OrderId.None, everything);
            IReadOnlyList<IncomeRecord> income = await reader.IncomeAsync(account, MarketId.None, [], everything);
            seen += orders.Count + fills.Count + income.Count;
            foreach (MarginRecord margin in await reader.MarginChangesAsync(account, MarketId.None, everything))
            {
                margins++;
                Assert.False(margin.Change.IsZero);
                Assert.DoesNotContain(income, i => i.Id == margin.Id);
            }

            for (int m = 0; m <= MarketCount; m++)
            {
                var market = new MarketId(m);
                foreach (HistoryPage page in Pages(orders, o => o.Time, o => o.Order.Value))
                {
                    var expected = orders.Where(o => m == 0 || o.Market == market).Where(o => o.Order.Value >= page.FromId);
                    Assert.Equal(Cut(expected, o => o.Time, page), await reader.OrdersAsync(account, market, page));
                }

                foreach (HistoryPage page in Pages(fills, f => f.Time, f => f.Trade.Value))
                {
                    if (m == 0 && page.FromId > 0) continue;
                    var expected = fills.Where(f => m == 0 || f.Market == market).Where(f => f.Trade.Value >= page.FromId);
                    Assert.Equal(Cut(expected, f => f.Time, page), await reader.FillsAsync(account, market, OrderId.None, page));
                }

                foreach (HistoryPage page in Pages(income, i => i.Time, i => i.Id))
                {
                    var fees = income.Where(i => m == 0 || i.Market == market).Where(i => i.Id >= page.FromId)
                        .Where(i => i.Reason is BalanceReason.Commission or BalanceReason.Deposit);
                    Assert.Equal(
                        Cut(fees, i => i.Time, page),
                        await reader.IncomeAsync(account, market, [BalanceReason.Commission, BalanceReason.Deposit], page));
                }
            }

            foreach (OrderRecord order in orders.Take(5))
            {
                Assert.Equal(fills.Where(f => f.Order == order.Order), await reader.FillsAsync(account, order.Market, order.Order, everything));
                Assert.Equal(order, await reader.OrderAsync(account, order.Order, AlgoId.None, ""));
                if (!order.Algo.IsNone) Assert.Equal(order, await reader.OrderAsync(account, OrderId.None, order.Algo, ""));
                if (order.ClientOrderId.Length == 0) continue;
                OrderRecord newest = orders.Last(o => o.ClientOrderId == order.ClientOrderId);
                Assert.Equal(newest, await reader.OrderAsync(account, OrderId.None, AlgoId.None, order.ClientOrderId));
            }
        }

        Assert.True(seen > 1_000 && margins > 0, $"{seen} {margins}");
    }

    [Fact]
    public async Task TradesAndLiquidations_OfARandomRun_ExplainThemselves()
    {
        using ExchangeHistory history = Live(false);
        HistoryReader reader = history.Reader;
        IReadOnlyList<TradeRecord> trades = await reader.TradesAsync(new MarketId(1), HistoryPage.Last(int.MaxValue));
        Assert.NotEmpty(trades);
        foreach (HistoryPage page in Pages(trades, t => t.Time, t => t.Trade.Value))
        {
            Assert.Equal(
                Cut(trades.Where(t => t.Trade.Value >= page.FromId), t => t.Time, page), await reader.TradesAsync(new MarketId(1), page));
        }

        IReadOnlyList<LiquidationRecord> liquidations = await reader.LiquidationsAsync(AccountId.None, HistoryPage.Last(20));
        Assert.NotEmpty(liquidations);
        foreach (LiquidationRecord liquidation in liquidations)
        {
            Assert.Contains(liquidation, await reader.LiquidationsAsync(liquidation.Account, HistoryPage.Last(int.MaxValue)));
            IReadOnlyList<LiquidationStepRecord> steps = await reader.LiquidationStepsAsync(liquidation.Account, liquidation.Liquidation);
            Assert.Equal("started", steps[0].Step);
            Assert.Contains($"equity {liquidation.Equity} against maintenance {liquidation.Maintenance}", steps[0].Explanation, StringComparison.Ordinal);
            Assert.Contains(KeyValuePair.Create("equity", liquidation.Equity.ToString()), steps[0].Figures);
            if (liquidation.Ended.Milliseconds > 0) Assert.Equal("ended", steps[^1].Step);
        }
    }

    public void Dispose() => _directory.Dispose();

    private static HistoryPage[] Pages<T>(IReadOnlyList<T> rows, Func<T, Timestamp> time, Func<T, long> id)
    {
        if (rows.Count < 4) return [];
        (T early, T late) = (rows[rows.Count / 4], rows[rows.Count * 3 / 4]);
        return
        [
            HistoryPage.Last(3),
            HistoryPage.Between(time(early), time(late), 1_000_000),
            HistoryPage.Between(time(early), time(late), 2),
            HistoryPage.Between(time(early), time(late), 2) with { Newest = true },
            HistoryPage.Between(new Timestamp(0), time(early), 5) with { Newest = true },
            new HistoryPage(new Timestamp(0), new Timestamp(long.MaxValue), id(early), 4, false),
        ];
    }

    private static IEnumerable<T> Cut<T>(IEnumerable<T> rows, Func<T, Timestamp> time, HistoryPage page)
    {
        rows = rows.Where(r => time(r) >= page.From && time(r) <= page.To);
        return page.Newest ? rows.TakeLast(page.Limit) : rows.Take(page.Limit);
    }

    private ExchangeHistory Live(bool inMemory)
    {
        ExchangeHistory history = inMemory
            ? ExchangeHistory.InMemory(_profile, new HistoryOptions()).OrThrow()
            : ExchangeHistory.Open(_directory.Path, _profile, new HistoryOptions()).OrThrow();
        var engine = new ExchangeEngine(_profile);
        var exchange = new RandomExchange(_profile, 5);
        for (int i = 0; i < 4_000; i++)
        {
            engine.Execute(exchange.Next(i));
            history.Append(engine.Events, engine.Sequence);
        }

        return history;
    }
}
