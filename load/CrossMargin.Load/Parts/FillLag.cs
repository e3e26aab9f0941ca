using System.Diagnostics;
using System.Globalization;
using CrossMargin.Load.Generator;
using CrossMargin.Load.Measuring;
using CrossMargin.Load.Server;
using CrossMargin.Load.Streams;

namespace CrossMargin.Load.Parts;

/// <summary>
/// How long after its planned send time a crossing order's fill is on the user data streams of both sides, and its HTTP answer there. Both
/// orders lie in the middle of the market, better than the house, so they meet each other.
/// </summary>
internal static class FillLag
{
    private const int PerSecond = 20;

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(TestBench bench, TimeSpan duration, string under)
    {
        MarketTerms market = bench.QuietMarket;
        await using var maker = await Side.OpenAsync(bench, "fills: maker");
        await using var taker = await Side.OpenAsync(bench, "fills: taker");
        var answered = new LatencyHistogram();
        var own = new LatencyHistogram();
        var other = new LatencyHistogram();
        string run = Guid.NewGuid().ToString("N")[..6];
        int count = (int)(duration.TotalSeconds * PerSecond);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            string resting = $"fm{run}{i}";
            string crossing = $"ft{run}{i}";
            Task<long> makerFill = maker.Fills.Fill(resting);
            Task<long> takerFill = taker.Fills.Fill(crossing);
            (string first, string second) = i % 2 == 0 ? ("BUY", "SELL") : ("SELL", "BUY");
            await maker.PlaceAsync(market, first, "GTC", resting);
            TimeSpan planned = TimeSpan.FromSeconds((double)(i + 1) / PerSecond);
            TimeSpan wait = planned - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);

            // The delay's own granularity is not the server's: planned is when it ended, or earlier where the round before took too long.
            long from = wait > TimeSpan.Zero ? Stopwatch.GetTimestamp() : start + (long)(planned.TotalSeconds * Stopwatch.Frequency);
            await taker.PlaceAsync(market, second, "IOC", crossing);
            answered.Add(Stopwatch.GetElapsedTime(from));
            own.Add(Stopwatch.GetElapsedTime(from, await takerFill.WaitAsync(TimeSpan.FromSeconds(10))));
            other.Add(Stopwatch.GetElapsedTime(from, await makerFill.WaitAsync(TimeSpan.FromSeconds(10))));
        }

        return
        [
            Row($"HTTP answer of a crossing order, {under}", answered),
            Row($"its fill on the taker's user stream, {under}", own),
            Row($"its fill on the maker's user stream, {under}", other),
        ];
    }

    private static ResultRow Row(string what, LatencyHistogram lag) => new(
        $"{what}: p50 (p99 {lag.At(0.99).TotalMilliseconds.ToString("0.##", CultureInfo.InvariantCulture)} ms, {lag.Count} fills)",
        lag.At(0.5).TotalMilliseconds, "ms");

    private sealed class Side : IAsyncDisposable
    {
        private readonly TradingClient _client;
        private EventSocket? _socket;

        private Side(TradingClient client) => _client = client;

        public FillListener Fills { get; } = new();

        public static async Task<Side> OpenAsync(TestBench bench, string name)
        {
            var side = new Side(new TradingClient(bench.Server.Address, await bench.NewAccountAsync(name)));
            string key = await side._client.ListenKeyAsync();
            side._socket = await EventSocket.OpenAsync(bench.Server.Address, $"/ws/{key}", side.Fills.OnMessage);
            return side;
        }

        public async Task PlaceAsync(MarketTerms market, string side, string force, string id)
        {
            TradingClient.Answer answer = await _client.SignedAsync(
                HttpMethod.Post,
                "/fapi/v1/order",
                $"symbol={market.Symbol}&side={side}&type=LIMIT&timeInForce={force}&quantity={market.Quantity}&price={market.Middle}&newClientOrderId={id}");
            if (answer.Status != 200) throw new InvalidOperationException($"an order of the fills was refused: {answer.Value}");
        }

        public async ValueTask DisposeAsync()
        {
            if (_socket is not null) await _socket.DisposeAsync();
            _client.Dispose();
        }
    }
}
