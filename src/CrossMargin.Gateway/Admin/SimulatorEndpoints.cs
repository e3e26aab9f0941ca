using System.Text.Json.Serialization;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Admin;

/// <param name="Now">Exchange time.</param>
/// <param name="Speed">Exchange milliseconds per wall millisecond.</param>
/// <param name="AgreesWithWallClock">Never parted from the wall clock by pause, speed, steps or a replay.</param>
public sealed record SimulatorItem(
    long Now, bool IsPaused, string Speed, bool AgreesWithWallClock, FeedItem Feed, IReadOnlyList<PriceControlItem> Prices, TradersItem Traders);

/// <param name="Note">What there is to say of it: a replay has ended, and when; or null.</param>
public sealed record FeedItem(FeedName Kind, string? File, ulong Seed, string? Note);

public sealed record PriceControlItem(string Symbol, PriceControlName Kind, string? Price, string? Rate);

public sealed record TradersItem(int Count, string? Mix, IReadOnlyList<string> Symbols);

[JsonConverter(typeof(JsonStringEnumConverter<FeedName>))]
public enum FeedName
{
    Synthetic = FeedKind.Synthetic,
    Replay = FeedKind.Replay,
    Push = FeedKind.Push,
}

/// <param name="Milliseconds">Of exchange time, 1 to 604800000.</param>
public sealed record StepTime(long Milliseconds);

/// <param name="Speed">From "0.01" to "10000"; "1" is the wall clock's.</param>
public sealed record SetSpeed(string Speed);

/// <param name="File">For Replay: a file on the server's machine.</param>
/// <param name="Seed">For Synthetic.</param>
public sealed record SetFeed(FeedName Kind, string? File = null, ulong Seed = 1);

/// <param name="Prices">Index prices by symbol.</param>
public sealed record PushPrices(IReadOnlyDictionary<string, string> Prices);

/// <param name="Mix">YAML text as for 'simulate --mix'; left out: the usual mix.</param>
/// <param name="Symbols">Markets they trade in; left out: all.</param>
public sealed record SetTraders(int Count, string? Mix = null, IReadOnlyList<string>? Symbols = null);

/// <summary>The simulator's own controls: time, prices, simulated traders.</summary>
internal static class SimulatorEndpoints
{
    private const int MaxTraders = 100_000;

    public static void Map(IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder group = admin.MapGroup("/simulator").WithTags("Simulator");
        group.MapGet("", StateAsync).WithSummary("Time, speed, feed, prices and traders as they are set");
        group.MapPost("/pause", PauseAsync).WithSummary("Exchange time stands still");
        group.MapPost("/resume", ResumeAsync).WithSummary("Exchange time runs again");
        group.MapPost("/step", StepAsync).WithSummary("While paused: move exchange time on");
        group.MapPut("/speed", SpeedAsync).WithSummary("Speed of exchange time");
        group.MapPut("/feed", FeedAsync).WithSummary("Other prices: synthetic, replay of a file, pushed from outside");
        group.MapPost("/prices", PushAsync).WithSummary("Push index prices, while the feed is Push");
        group.MapPut("/traders", TradersAsync).WithSummary("Number, mix and markets of the simulated traders");
    }

    private static async Task<SimulatorItem> StateAsync(ISimulatorControls controls, AdminExchange exchange)
    {
        SimulatorState s = await controls.StateAsync().ConfigureAwait(false);
        return new SimulatorItem(
            s.Now.Milliseconds, s.IsPaused, s.Speed.ToString(System.Globalization.CultureInfo.InvariantCulture), s.AgreesWithWallClock,
            new FeedItem((FeedName)s.Feed.Kind, s.Feed.File, s.Feed.Seed, s.FeedNote), [.. s.Prices.Select(p => Item(exchange.Profile[p.Market], p.Control))],
            new TradersItem(s.Traders.Count, s.Traders.Mix, s.Traders.Symbols));
    }

    private static PriceControlItem Item(MarketSpec market, PriceControl control) => new(
        market.Symbol, (PriceControlName)control.Kind, control.Price.IsNone ? null : market.Format(control.Price),
        control.Rate.E8 == 0 ? null : control.Rate.ToString());

    private static async Task<SimulatorItem> PauseAsync(ISimulatorControls controls, AdminExchange exchange)
    {
        await controls.PauseAsync().ConfigureAwait(false);
        return await StateAsync(controls, exchange).ConfigureAwait(false);
    }

    private static async Task<SimulatorItem> ResumeAsync(ISimulatorControls controls, AdminExchange exchange)
    {
        await controls.ResumeAsync().ConfigureAwait(false);
        return await StateAsync(controls, exchange).ConfigureAwait(false);
    }

    private static async Task<SimulatorItem> StepAsync(AdminBody<StepTime> body, ISimulatorControls controls, AdminExchange exchange)
    {
        const long Week = 7L * 24 * 60 * 60 * 1000;
        long milliseconds = body.Value.Milliseconds;
        if (milliseconds is < 1 or > Week) throw AdminProblem.BadValue("milliseconds", $"must be from 1 to {Week}, this is {milliseconds}");
        await controls.StepAsync(milliseconds).ConfigureAwait(false);
        return await StateAsync(controls, exchange).ConfigureAwait(false);
    }

    private static async Task<SimulatorItem> SpeedAsync(AdminBody<SetSpeed> body, ISimulatorControls controls, AdminExchange exchange)
    {
        Rate speed = AdminText.Rate(body.Value.Speed, "speed", new Rate(Rate.One / 100), new Rate(10_000 * Rate.One));
        await controls.SetSpeedAsync(speed.E8 / (decimal)Rate.One).ConfigureAwait(false);
        return await StateAsync(controls, exchange).ConfigureAwait(false);
    }

    private static async Task<SimulatorItem> FeedAsync(AdminBody<SetFeed> body, ISimulatorControls controls, AdminExchange exchange)
    {
        SetFeed b = body.Value;
        if (b.Kind == FeedName.Replay != !string.IsNullOrEmpty(b.File)) throw AdminProblem.BadValue("file", "is for Replay, which needs one");
        await controls.SetFeedAsync(new FeedChoice((FeedKind)b.Kind, b.File, b.Seed)).ConfigureAwait(false);
        return await StateAsync(controls, exchange).ConfigureAwait(false);
    }

    private static async Task<MarketList> PushAsync(AdminBody<PushPrices> body, ISimulatorControls controls, AdminExchange exchange)
    {
        if (body.Value.Prices.Count == 0) throw AdminProblem.BadValue("prices", "at least one symbol");
        var updates = new List<IndexUpdate>();
        foreach ((string symbol, string text) in body.Value.Prices)
        {
            MarketSpec market = AdminText.Market(exchange.Profile, symbol);
            updates.Add(new IndexUpdate(market.Id, AdminText.Price(market, text, symbol), default));
        }

        await controls.PushPriceAsync([.. updates.OrderBy(u => u.Market)]).ConfigureAwait(false);
        IReadOnlyList<MarketSnapshot> all = await exchange.Gateway.ReadMarketsAsync().ConfigureAwait(false);
        return new MarketList([.. all.Where(s => updates.Exists(u => u.Market == s.Market)).Select(s => MarketItem.Of(exchange.Profile, s))]);
    }

    private static async Task<SimulatorItem> TradersAsync(AdminBody<SetTraders> body, ISimulatorControls controls, AdminExchange exchange)
    {
        SetTraders b = body.Value;
        if (b.Count is < 0 or > MaxTraders) throw AdminProblem.BadValue("count", $"must be from 0 to {MaxTraders}, this is {b.Count}");
        foreach (string symbol in b.Symbols ?? []) AdminText.Market(exchange.Profile, symbol);
        await controls.SetTradersAsync(new TraderChoice(b.Count, b.Mix, b.Symbols ?? [])).ConfigureAwait(false);
        return await StateAsync(controls, exchange).ConfigureAwait(false);
    }
}
