using System.Globalization;
using System.Text.Json;
using CrossMargin.Gateway.Binance;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Streams;

public sealed class DepthStreamTests
{
    [Theory]
    [InlineData(1ul)]
    [InlineData(4ul)]
    [InlineData(3ul)]
    public async Task Depth_RandomFlow_LocalBooksByTheClientsRuleEqualRest(ulong seed)
    {
        using var world = new StreamWorld(seed, 12);
        await world.StartAsync();
        MarketSpec spec = world.Profile.Markets[0];
        string symbol = spec.Symbol.ToLowerInvariant();
        var random = new CounterRandom(seed, 7);
        ulong draw = 0;
        var clients = new List<BookClient>();
        int applied = 0;
        for (int step = 0; step < 120; step++)
        {
            await world.StepAsync((int)random.Below(draw++, 12));
            if (random.Below(draw++, 3) == 0) await world.Streams.ReadAsync(spec.Id, 1_000); // REST moves the counter on
            if (random.Below(draw++, 8) == 0 && clients.Count < 9)
            {
                string name = symbol + (clients.Count % 3) switch { 0 => "@depth@100ms", 1 => "@depth", _ => "@depth@500ms" };
                clients.Add(new BookClient(name, await world.ListenAsync(name), spec));
            }

            await world.BeatAsync((int)random.Below(draw++, 6));
            foreach (BookClient client in clients)
            {
                applied += await client.PumpAsync();
                if (client.Nonce == 0 && random.Below(draw++, 2) == 0) client.Snapshot(await world.Streams.ReadAsync(spec.Id, 1_000));
            }
        }

        await world.BeatAsync(20);
        DepthImage rest = await world.Streams.ReadAsync(spec.Id, 1_000);
        Assert.Equal(9, clients.Count);
        Assert.True(applied > 15, $"only {applied} events were applied");
        foreach (BookClient client in clients)
        {
            await client.PumpAsync();
            if (client.Nonce == 0) client.Snapshot(rest);
            Assert.Equal(BookClient.Show(spec, rest.Bids), BookClient.Show(client.Bids, descending: true));
            Assert.Equal(BookClient.Show(spec, rest.Asks), BookClient.Show(client.Asks, descending: false));
        }
    }

    [Fact]
    public async Task PartialDepthAndBookTicker_AfterOrders_AreTheBestOfRest()
    {
        using var world = new StreamWorld(5, 12);
        await world.StartAsync();
        MarketSpec spec = world.Profile.Markets[0];
        string symbol = spec.Symbol.ToLowerInvariant();
        StreamListener listener = await world.ListenAsync($"{symbol}@depth5@100ms", $"{symbol}@bookTicker", "!bookTicker");
        await world.StepAsync(200);
        await world.BeatAsync(4);
        DepthImage rest = await world.Streams.ReadAsync(spec.Id, 5);
        List<(string Stream, JsonElement Data)> events = await listener.TakeAsync();
        JsonElement partial = events.Last(e => e.Stream == $"{symbol}@depth5@100ms").Data;
        Assert.Equal(rest.Bids.Count, partial.GetProperty("b").GetArrayLength());
        Assert.Equal(rest.LastUpdateId, partial.GetProperty("u").GetInt64());
        foreach (string stream in (string[])[$"{symbol}@bookTicker", "!bookTicker"])
        {
            JsonElement best = events.Last(e => e.Stream == stream && e.Data.GetProperty("s").GetString() == spec.Symbol).Data;
            Assert.Equal(spec.Format(rest.Bids.FirstOrDefault().Price), Plain(best.GetProperty("b").GetString()!));
            Assert.Equal(spec.Format(rest.Asks.FirstOrDefault().Quantity), Plain(best.GetProperty("A").GetString()!));
        }
    }

    private static string Plain(string text) =>
        decimal.Parse(text, CultureInfo.InvariantCulture).ToString("0.##################", CultureInfo.InvariantCulture);

    /// <summary>A book kept as ccxt keeps it.</summary>
    private sealed class BookClient(string name, StreamListener listener, MarketSpec spec)
    {
        private readonly List<JsonElement> _cache = [];

        public long Nonce { get; private set; }
        public Dictionary<decimal, decimal> Bids { get; } = [];
        public Dictionary<decimal, decimal> Asks { get; } = [];

        public async Task<int> PumpAsync()
        {
            int applied = 0;
            foreach ((string stream, JsonElement e) in await listener.TakeAsync())
            {
                Assert.Equal(name, stream);
                if (Nonce == 0) _cache.Add(e);
                else applied += Handle(e);
            }

            return applied;
        }

        public void Snapshot(DepthImage image)
        {
            foreach ((decimal price, decimal quantity) in Show(spec, image.Bids)) Bids[price] = quantity;
            foreach ((decimal price, decimal quantity) in Show(spec, image.Asks)) Asks[price] = quantity;
            Nonce = image.LastUpdateId;
            foreach (JsonElement e in _cache) Handle(e);
            _cache.Clear();
        }

        public static List<(decimal, decimal)> Show(MarketSpec spec, IReadOnlyList<PriceLevel> side) =>
            [.. side.Select(l => (Parse(spec.Format(l.Price)), Parse(spec.Format(l.Quantity))))];

        public static List<(decimal, decimal)> Show(Dictionary<decimal, decimal> side, bool descending) =>
            [.. (descending ? side.OrderByDescending(l => l.Key) : side.OrderBy(l => l.Key)).Select(l => (l.Key, l.Value))];

        private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

        private int Handle(JsonElement e)
        {
            long first = e.GetProperty("U").GetInt64();
            long last = e.GetProperty("u").GetInt64();
            long previous = e.GetProperty("pu").GetInt64();
            Assert.True(first <= last && previous < last, $"U {first} u {last} pu {previous}");
            if (last < Nonce) return 0;
            Assert.True(first <= Nonce || previous == Nonce, $"checksum: nonce {Nonce}, U {first} u {last} pu {previous}");
            Take(Bids, e.GetProperty("b"));
            Take(Asks, e.GetProperty("a"));
            Nonce = last;
            return 1;
        }

        private static void Take(Dictionary<decimal, decimal> side, JsonElement levels)
        {
            foreach (JsonElement level in levels.EnumerateArray())
            {
                decimal quantity = Parse(level[1].GetString()!);
                if (quantity == 0) side.Remove(Parse(level[0].GetString()!));
                else side[Parse(level[0].GetString()!)] = quantity;
            }
        }
    }
}
