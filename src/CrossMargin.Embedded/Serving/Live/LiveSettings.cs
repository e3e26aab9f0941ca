using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Live;

/// <summary>What the simulator is set to, in the settings store. A text that cannot be read counts as not there.</summary>
internal sealed class LiveSettings(ISettingsStore store)
{
    private const string Clock = "simulator/clock";
    private const string Feed = "simulator/feed";
    private const string Traders = "simulator/traders";
    private const string Prices = "simulator/prices/";

    public ClockSetting? LoadClock() => Read<ClockSetting>(Clock);

    public void Save(ClockSetting clock) => Write(Clock, clock);

    public (FeedChoice Choice, Timestamp Start)? LoadFeed() =>
        Read<FeedSetting>(Feed) is { } saved ? (new FeedChoice(saved.Kind, saved.File, saved.Seed), new Timestamp(saved.Start)) : null;

    public void Save(FeedChoice choice, Timestamp start) => Write(Feed, new FeedSetting(choice.Kind, choice.File, choice.Seed, start.Milliseconds));

    public TraderChoice? LoadTraders() =>
        Read<TraderSetting>(Traders) is { } saved ? new TraderChoice(saved.Count, saved.Mix, saved.Symbols ?? []) : null;

    public void Save(TraderChoice traders) => Write(Traders, new TraderSetting(traders.Count, traders.Mix, [.. traders.Symbols]));

    public DialSetting? LoadPrice(string symbol) => Read<DialSetting>(Prices + symbol);

    /// <summary>A market whose price is the feed's own needs no entry.</summary>
    public void Save(string symbol, DialSetting? dial)
    {
        if (dial is not null) Write(Prices + symbol, dial);
        else if (store.Get(Prices + symbol) is not null) store.Remove(Prices + symbol);
    }

    private T? Read<T>(string key)
        where T : class
    {
        try
        {
            return store.Get(key) is { } text ? JsonSerializer.Deserialize<T>(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write<T>(string key, T value) => store.Set(key, JsonSerializer.Serialize(value));

    private sealed record FeedSetting(FeedKind Kind, string? File, ulong Seed, long Start);

    private sealed record TraderSetting(int Count, string? Mix, string[]? Symbols);
}
