using System.Diagnostics;
using CrossMargin.Engine.OrderBook;
using CrossMargin.Model;
using CrossMargin.TestKit.Twins;

namespace CrossMargin.Benchmarks.Book;

/// <summary>The order book alone, fast and naive in alternating rounds; medians.</summary>
public static class BookBenchmark
{
    private const int Rounds = 3;

    public static IReadOnlyList<BenchmarkRow> Run(int orders = 10_000_000, int naiveOrders = 2_000_000)
    {
        var workload = new CrossingWorkload(orders, seed: 1);
        WarmUp(workload, Math.Min(orders, 500_000));
        var book = new LimitOrderBook(CrossingWorkload.TickUnits);
        Outcome growing = RunFast(book, workload, orders);
        long resting = book.Count;
        long bytes = book.AllocatedBytes;
        var fast = new List<double>();
        var naive = new List<double>();
        var fastShort = new List<double>();
        long allocated = 0;
        for (int round = 0; round < Rounds; round++)
        {
            book.Clear();
            Outcome full = RunFast(book, workload, orders);
            fast.Add(full.PerSecond);
            allocated = Math.Max(allocated, full.Allocated);
            book.Clear();
            Outcome head = RunFast(book, workload, naiveOrders);
            fastShort.Add(head.PerSecond);
            Outcome twin = RunNaive(workload, naiveOrders);
            naive.Add(twin.PerSecond);
            if (twin.Trades != head.Trades || twin.Lots != head.Lots) throw new InvalidOperationException("fast and naive book disagree");
        }

        double baseline = Median(naive);
        book.Clear();
        RunFast(book, workload, orders);
        double cancels = CancelAllById(book, workload);
        return
        [
            new("order book alone, 10-level crossing", Median(fast), "orders/s", null, null, "≥ 10,000,000 orders/s"),
            new("order book alone, same length as the naive book", Median(fastShort), "orders/s", baseline, Median(fastShort) / baseline,
                "≥ 5 × naive sorted-map book"),
            new("order book alone, growing from empty", growing.PerSecond, "orders/s", null, null, ""),
            new("order book: cancel by id, all resting orders, oldest ids first", cancels, "cancels/s", null, null, ""),
            new("order book: allocation per order in steady state", (double)allocated / orders, "bytes", null, null, "0"),
            new("order book: memory per resting order", (double)bytes / resting, "bytes", null, null, "≤ 200 bytes"),
        ];
    }

    private readonly record struct Outcome(double PerSecond, long Trades, long Lots, long Allocated);

    /// <summary>Lets the runtime compile the hot methods before anything counts.</summary>
    private static void WarmUp(CrossingWorkload workload, int orders)
    {
        for (int i = 0; i < 4; i++)
        {
            RunFast(new LimitOrderBook(CrossingWorkload.TickUnits), workload, orders);
            RunNaive(workload, orders / 4);
        }
    }

    private static Outcome RunFast(LimitOrderBook book, CrossingWorkload workload, int orders)
    {
        workload.Restart();
        GC.Collect();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        var sink = new FastSink();
        for (int i = 0; i < orders; i++)
        {
            workload.Get(i, out RestingOrder order);
            TakerOrder taker = Taker(in order);
            MatchOutcome outcome = book.Match(ref taker, ref sink);
            if (outcome != MatchOutcome.LimitReached) continue;
            order.Remaining = taker.Remaining;
            book.Add(in order);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Outcome(orders / seconds, sink.Trades, sink.Lots, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static Outcome RunNaive(CrossingWorkload workload, int orders)
    {
        workload.Restart();
        GC.Collect();
        var book = new NaiveOrderBook();
        long start = Stopwatch.GetTimestamp();
        var sink = new NaiveSink();
        for (int i = 0; i < orders; i++)
        {
            workload.Get(i, out RestingOrder order);
            TakerOrder taker = Taker(in order);
            MatchOutcome outcome = book.Match(ref taker, ref sink);
            if (outcome != MatchOutcome.LimitReached) continue;
            order.Remaining = taker.Remaining;
            book.Add(in order);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Outcome(orders / seconds, sink.Trades, sink.Lots, 0);
    }

    private static double CancelAllById(LimitOrderBook book, CrossingWorkload workload)
    {
        int resting = book.Count;
        long start = Stopwatch.GetTimestamp();
        for (long id = 1; book.Count > 0; id++)
        {
            for (int account = 1; account <= workload.Owners; account++)
            {
                if (book.TryFind(new AccountId(account), new OrderId(id), out int node)) book.Remove(node);
            }
        }

        return resting / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static TakerOrder Taker(in RestingOrder order) => new()
    {
        Account = order.Account,
        Side = order.Side,
        Limit = order.Price,
        Remaining = order.Remaining,
        SelfTradePrevention = SelfTradePrevention.ExpireMaker,
    };

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private struct FastSink : IMatchSink
    {
        public long Trades;
        public long Lots;

        public readonly bool TryHouse(Side takerSide, out Price price, out Quantity quantity)
        {
            price = default;
            quantity = default;
            return false;
        }

        public void OnTrade(ref TakerOrder taker, in OrderNode maker, Price price, Quantity quantity)
        {
            Trades++;
            Lots += quantity.Lots;
        }

        public readonly void OnHouseTrade(ref TakerOrder taker, Price price, Quantity quantity)
        {
        }

        public readonly void OnMakerExpired(ref TakerOrder taker, in OrderNode maker)
        {
        }
    }

    private struct NaiveSink : INaiveMatchSink
    {
        public long Trades;
        public long Lots;

        public readonly bool TryHouse(Side takerSide, out Price price, out Quantity quantity)
        {
            price = default;
            quantity = default;
            return false;
        }

        public void OnTrade(ref TakerOrder taker, NaiveOrder maker, Price price, Quantity quantity)
        {
            Trades++;
            Lots += quantity.Lots;
        }

        public readonly void OnHouseTrade(ref TakerOrder taker, Price price, Quantity quantity)
        {
        }

        public readonly void OnMakerExpired(ref TakerOrder taker, NaiveOrder maker)
        {
        }
    }
}
