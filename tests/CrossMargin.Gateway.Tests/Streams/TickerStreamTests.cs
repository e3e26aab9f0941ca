using System.Globalization;
using System.Text.Json;
using CrossMargin.Gateway.Binance;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Streams;

public sealed class TickerStreamTests
{
    [Theory]
    [InlineData(11ul)]
    [InlineData(12ul)]
    public async Task Ticker_RandomFlow_EqualsTheTradesOfHistory(ulong seed)
    {
        using var world = new StreamWorld(seed, 12);
        await world.StartAsync();
        await world.StepAsync(300);
        StreamListener listener = await world.ListenAsync("!ticker@arr", "!miniTicker@arr");
        for (int i = 0; i < 20; i++)
        {
            await world.StepAsync(60);
            await world.BeatAsync(20);
        }

        await world.SettleAsync();
        await world.BeatAsync(20);
        List<(string Stream, JsonElement Data)> events = await listener.TakeAsync();
        int compared = 0;
        foreach (MarketSpec spec in world.Profile.Markets)
        {
            long minute = world.Clock.Now.Milliseconds / 60_000;
            List<TradeRecord> trades =
                [.. world.History.Of(spec.Id).Where(t => t.Time.Milliseconds / 60_000 > minute - 1_440)];
            Ticker ticker = await ((ITickerSource)world.Streams).ReadAsync(spec.Id);
            Assert.Equal(trades.Count, ticker.Count);
            if (trades.Count == 0) continue;
            Assert.Equal(trades[0].Price, ticker.Open);
            Assert.Equal(trades.Max(t => t.Price), ticker.High);
            Assert.Equal(trades.Min(t => t.Price), ticker.Low);
            Assert.Equal(trades[^1].Price, ticker.Last);
            Assert.Equal(trades[^1].Quantity, ticker.LastQuantity);
            Assert.Equal(trades.Sum(t => t.Quantity.Lots), ticker.Volume.Lots);
            Assert.Equal(trades.Sum(t => spec.Notional(t.Price, t.Quantity).E8), (long)ticker.QuoteE8);
            Assert.Equal((trades[0].Trade.Value, trades[^1].Trade.Value), (ticker.FirstTrade, ticker.LastTrade));
            JsonElement last = events.Where(e => e.Stream == "!ticker@arr").SelectMany(e => e.Data.EnumerateArray())
                .Last(t => t.GetProperty("s").GetString() == spec.Symbol);
            Assert.Equal(Parse(spec.Format(ticker.Last)), Parse(last.GetProperty("c").GetString()!));

            // A ticker is told when something was traded; the flow may have jumped in time since then, and trades left the window.
            bool isOfNow = last.GetProperty("C").GetInt64() / 60_000 == ticker.CloseTime.Milliseconds / 60_000;
            if (isOfNow) Assert.Equal(ticker.Count, last.GetProperty("n").GetInt64());
            compared++;
        }

        Assert.True(compared > 0);
        Assert.Contains(events, e => e.Stream == "!miniTicker@arr");
    }

    [Theory]
    [InlineData(21ul, "1m")]
    [InlineData(22ul, "5m")]
    public async Task Kline_RandomFlow_ClosedCandlesEqualHistory(ulong seed, string interval)
    {
        using var world = new StreamWorld(seed, 12);
        await world.StartAsync();
        await world.StepAsync(100);
        MarketSpec spec = world.Profile.Markets[0];
        string name = $"{spec.Symbol.ToLowerInvariant()}@kline_{interval}";
        StreamListener listener = await world.ListenAsync(name);
        for (int i = 0; i < 80; i++)
        {
            await world.StepAsync(10);
            await world.SettleAsync();
            await world.BeatAsync(5);
        }

        Assert.True(KlineIntervals.TryParse(interval, out KlineInterval parsed));
        Dictionary<long, Kline> expected = world.History.Klines(spec.Id, parsed).ToDictionary(k => k.OpenTime.Milliseconds);
        int compared = 0;
        foreach ((_, JsonElement data) in await listener.TakeAsync())
        {
            JsonElement k = data.GetProperty("k");
            if (!k.GetProperty("x").GetBoolean()) continue;
            long open = k.GetProperty("t").GetInt64();
            if (!expected.TryGetValue(open, out Kline row))
            {
                Assert.Equal(0, k.GetProperty("n").GetInt64());
                continue;
            }

            compared++;
            Assert.Equal(row.Trades, k.GetProperty("n").GetInt64());
            Assert.Equal(Parse(spec.Format(row.Open)), Parse(k.GetProperty("o").GetString()!));
            Assert.Equal(Parse(spec.Format(row.High)), Parse(k.GetProperty("h").GetString()!));
            Assert.Equal(Parse(spec.Format(row.Low)), Parse(k.GetProperty("l").GetString()!));
            Assert.Equal(Parse(spec.Format(row.Close)), Parse(k.GetProperty("c").GetString()!));
            Assert.Equal(Parse(spec.Format(row.Volume)), Parse(k.GetProperty("v").GetString()!));
            Assert.Equal(Parse(row.Quote.ToString()), Parse(k.GetProperty("q").GetString()!));
            Assert.Equal(Parse(spec.Format(row.TakerBuyVolume)), Parse(k.GetProperty("V").GetString()!));
            Assert.Equal((row.FirstTrade, row.LastTrade), (k.GetProperty("f").GetInt64(), k.GetProperty("L").GetInt64()));
        }

        Assert.True(compared > 1, $"{compared} candles were compared");
    }

    [Fact]
    public async Task Kline_NewListener_IsToldTheRunningCandleOnce()
    {
        using var world = new StreamWorld(23, 12);
        await world.StartAsync();
        await world.StepAsync(200);
        await world.SettleAsync();
        string symbol = world.Profile.Markets[0].Symbol.ToLowerInvariant();
        StreamListener first = await world.ListenAsync($"{symbol}@kline_1h");
        await world.BeatAsync(10);
        Assert.False(Assert.Single(await first.TakeAsync()).Data.GetProperty("k").GetProperty("x").GetBoolean());
        StreamListener second = await world.ListenAsync($"{symbol}_perpetual@continuousKline_1h");
        await world.BeatAsync(10);
        Assert.Equal("continuous_kline", Assert.Single(await second.TakeAsync()).Data.GetProperty("e").GetString());
        Assert.Empty(await first.TakeAsync());
    }

    [Fact]
    public async Task TradesAndMarks_OneListener_GetsEachOnceInOrder()
    {
        using var world = new StreamWorld(31, 12);
        await world.StartAsync();
        MarketSpec spec = world.Profile.Markets[0];
        string symbol = spec.Symbol.ToLowerInvariant();
        int before = world.History.Of(spec.Id).Count;
        StreamListener listener = await world.ListenAsync($"{symbol}@trade", $"{symbol}@aggTrade", "!markPrice@arr@1s", $"{symbol}@markPrice");
        await world.StepAsync(300);
        await world.SettleAsync();
        await world.BeatAsync(60);
        List<(string Stream, JsonElement Data)> events = await listener.TakeAsync();
        long[] expected = [.. world.History.Of(spec.Id).Skip(before).Select(t => t.Trade.Value)];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, events.Where(e => e.Stream == $"{symbol}@trade").Select(e => e.Data.GetProperty("t").GetInt64()));
        Assert.Equal(expected, events.Where(e => e.Stream == $"{symbol}@aggTrade").Select(e => e.Data.GetProperty("a").GetInt64()));
        Assert.Equal(3, events.Count(e => e.Stream == "!markPrice@arr@1s"));
        JsonElement mark = events.Single(e => e.Stream == $"{symbol}@markPrice").Data;
        MarketSnapshot now = await world.Exchange.ReadMarketAsync(spec.Id);
        Assert.Equal(Parse(spec.Format(now.Mark)), Parse(mark.GetProperty("p").GetString()!));
        Assert.Equal(now.NextFundingTime.Milliseconds, mark.GetProperty("T").GetInt64());
        Assert.DoesNotContain(events, e => e.Data.ValueKind == JsonValueKind.Object && e.Data.TryGetProperty("M", out _));
    }

    [Fact]
    public async Task BeforeTheFirstTrade_TickersAndCandlesShowTheIndexOnATick()
    {
        using var world = new StreamWorld(71, 1);
        MarketSpec spec = world.Profile.Markets[0];
        Assert.True(spec.TryParsePrice("50.123456", DecimalRounding.Down, out Price index));
        var set = new SetIndexPrice { Market = spec.Id, Index = index };
        await world.Exchange.SubmitAsync([Message.Of(ActorId.Client, ActorId.Of(spec.Id), new CommandId(1), set)]);
        string symbol = spec.Symbol.ToLowerInvariant();
        StreamListener listener = await world.ListenAsync($"{symbol}@ticker", $"{symbol}@miniTicker", $"{symbol}@kline_1m");
        await world.SettleAsync();
        await world.BeatAsync(40);
        List<(string Stream, JsonElement Data)> events = await listener.TakeAsync();
        string expected = spec.Format(spec.TickDown(new Price(index.Units + spec.TickUnits / 2)));
        Assert.Equal(3, events.Select(e => e.Stream).Distinct().Count());
        foreach ((_, JsonElement data) in events)
        {
            JsonElement row = data.TryGetProperty("k", out JsonElement candle) ? candle : data;
            foreach (string name in (string[])["o", "h", "l", "c"]) Assert.Equal(Parse(expected), Parse(row.GetProperty(name).GetString()!));
            Assert.Equal(0m, Parse(row.GetProperty("v").GetString()!));
        }
    }

    private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
