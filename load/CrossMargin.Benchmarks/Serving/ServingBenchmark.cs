using System.Diagnostics;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Serving;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Benchmarks.Serving;

/// <summary>
/// The exchange as its clients meet it: many callers that each wait for the answer of their last order, answered after its FULL commit; and
/// what copying an account with five positions costs the exchange's thread. The baseline is a single caller.
/// </summary>
internal static class ServingBenchmark
{
    private const int Callers = 64;
    private const double Seconds = 4;

    public static IReadOnlyList<BenchmarkRow> Run()
    {
        string folder = Directory.CreateTempSubdirectory("crossmargin-benchmark").FullName;
        try
        {
            var rows = new List<BenchmarkRow>();
            double one = Submit(Path.Combine(folder, "one"), 1, HistoryMode.None).GetAwaiter().GetResult();
            double many = Submit(Path.Combine(folder, "many"), Callers, HistoryMode.None).GetAwaiter().GetResult();
            double more = Submit(Path.Combine(folder, "more"), Callers * 16, HistoryMode.None).GetAwaiter().GetResult();
            double all = Submit(Path.Combine(folder, "all"), Callers, HistoryMode.All).GetAwaiter().GetResult();
            double none = Submit(null, Callers, HistoryMode.None).GetAwaiter().GetResult();
            rows.Add(new($"answered orders, {Callers} callers, journal FULL", many, "orders/s", one, many / one, ""));
            rows.Add(new($"answered orders, {Callers * 16} callers, journal FULL", more, "orders/s", one, more / one, ""));
            rows.Add(new($"answered orders, {Callers} callers, journal FULL, history all", all, "orders/s", one, all / one, ""));
            rows.Add(new($"answered orders, {Callers} callers, no journal", none, "orders/s", null, null, ""));
            (double five, double empty) = Reads().GetAwaiter().GetResult();
            rows.Add(new("copy of an account with five positions", five, "µs", empty, empty / five, "≤ 50"));
            return rows;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> Submit(string? folder, int callers, HistoryMode mode)
    {
        VenueProfile profile = TestProfiles.Simple("""{"defaults":{"maxOpenOrders":1000,"cap":"1000000000"}}""");
        ExchangeJournal? journal = null;
        ExchangeHistory? history = null;
        if (folder is not null)
        {
            journal = ExchangeJournal.Create(folder, profile.Source, "{}", new JournalOptions { GatherBytes = 1 << 18 }).OrThrow();
            var options = new HistoryOptions { Mode = HistoryMode.All, WaitForJournal = journal.WaitForCommit };
            if (mode != HistoryMode.None) history = ExchangeHistory.Open(folder, profile, options).OrThrow();
        }

        using (journal)
        using (history)
        using (var exchange = new EmbeddedExchange(new ExchangeEngine(profile), journal, new WallClock(TimeProvider.System), history))
        {
            MarketSpec spec = profile.Markets[0];
            spec.TryParsePrice("100", DecimalRounding.Exact, out Price price);
            await exchange.SubmitAsync([Message.Of(ActorId.Client, ActorId.Of(spec.Id), default, new SetIndexPrice { Market = spec.Id, Index = price })]);
            for (int i = 1; i <= callers; i++)
            {
                await exchange.SubmitAsync([Of(i, 1, default(OpenAccount)), Of(i, 2, new Deposit { Amount = Amount.FromWhole(1_000_000) })]);
            }

            long stop = Stopwatch.GetTimestamp() + (long)(Seconds * Stopwatch.Frequency);
            long start = Stopwatch.GetTimestamp();
            long[] counts = await Task.WhenAll(Enumerable.Range(1, callers).Select(i => Task.Run(() => Trade(exchange, spec, price, i, stop))));
            return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static async Task<long> Trade(EmbeddedExchange exchange, MarketSpec spec, Price price, int account, long stop)
    {
        long n = 2;
        while (Stopwatch.GetTimestamp() < stop)
        {
            var order = new PlaceOrder
            {
                Market = spec.Id,
                Side = ((account + n) & 1) == 0 ? Side.Buy : Side.Sell,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.Ioc,
                Quantity = new Quantity(100),
                Price = price,
            };
            IReadOnlyList<CommandAnswer> answers = await exchange.SubmitAsync([Of(account, ++n, order)]);
            if (answers[0].Unavailable is { } reason) throw new InvalidOperationException(reason);
        }

        return n - 2;
    }

    private static async Task<(double Five, double Empty)> Reads()
    {
        VenueProfile profile = VenueProfiles.Binance;
        using var exchange = new EmbeddedExchange(new ExchangeEngine(profile), null, new WallClock(TimeProvider.System));
        await exchange.SubmitAsync([.. profile.Markets.Take(6).Select(m => Message.Of(
            ActorId.Client, ActorId.Of(m.Id), default, new SetIndexPrice { Market = m.Id, Index = Hundred(m) }))]);
        for (int i = 1; i <= 2_001; i++)
        {
            await exchange.SubmitAsync([Of(i, 1, default(OpenAccount)), Of(i, 2, new Deposit { Amount = Amount.FromWhole(100_000) })]);
        }

        for (int i = 1; i <= 2_000; i++)
        {
            await exchange.SubmitAsync([.. profile.Markets.Take(6).Select((m, k) => Of(i, 3 + k, new PlaceOrder
            {
                Market = m.Id,
                Side = i % 2 == 0 ? Side.Buy : Side.Sell,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.Gtc,
                Quantity = new Quantity(m.MinQuantity.Lots + Rounding.DivUp(m.MinNotional.E8 * 2, m.Notional(Hundred(m), new Quantity(1)).E8)),
                Price = Hundred(m),
            }))]);
        }

        AccountSnapshot account = (await exchange.ReadAccountAsync(new AccountId(2)))!;
        if (account.Legs.Count < 5) throw new InvalidOperationException($"{account.Legs.Count} legs");
        return (await Time(exchange, 2), await Time(exchange, 2_001));
    }

    private static async Task<double> Time(EmbeddedExchange exchange, int account)
    {
        const int Rounds = 20;
        const int Each = 1_000;
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Each).Select(_ => exchange.ReadAccountAsync(new AccountId(account))));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Each);
        }

        return best;
    }

    private static Price Hundred(MarketSpec spec) =>
        spec.TryParsePrice("100", DecimalRounding.Exact, out Price price) ? price : throw new InvalidOperationException(spec.Symbol);

    private static Message Of<T>(int account, long id, in T body)
        where T : unmanaged, IPayload<T, MessageKind> =>
        Message.Of(ActorId.Client, ActorId.Of(new AccountId(account)), new CommandId(id), body);
}
