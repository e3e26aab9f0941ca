using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Gateway;

/// <summary>What drives a cluster's prices, wherever it is active. Thread-safe. Bad values throw <see cref="ArgumentException"/>.</summary>
public interface IFeedCalls
{
    Task ControlPriceAsync(MarketId market, PriceControl control);

    Task SetFeedAsync(FeedChoice feed);

    Task PushPriceAsync(IReadOnlyList<IndexUpdate> prices);

    Task<FeedState> StateAsync();
}

/// <param name="Note">For people: a replay has ended and since when its last prices hold; or null.</param>
public sealed record FeedState(FeedChoice Feed, IReadOnlyList<MarketPriceControl> Prices, string? Note);

/// <summary>
/// The controls of a cluster: its time is the wall clock's and nobody's to stop, and its traders are clients. Prices are controlled where
/// there is a feed to be told.
/// </summary>
public sealed class NoSimulatorControls(IExchangeClock clock, IFeedCalls? feed = null) : ISimulatorControls
{
    private static readonly TraderChoice s_noTraders = new(0, null, []);

    public async Task<SimulatorState> StateAsync()
    {
        FeedState state = await Feed("the state of the feed").StateAsync().ConfigureAwait(false);
        return new SimulatorState(clock.Now, false, 1, true, state.Feed, state.Prices, s_noTraders, state.Note);
    }

    public Task PauseAsync() => Task.FromException(No("pausing exchange time"));

    public Task ResumeAsync() => Task.FromException(No("resuming exchange time"));

    public Task StepAsync(long milliseconds) => Task.FromException(No("stepping exchange time"));

    public Task SetSpeedAsync(decimal speed) => Task.FromException(No("another speed of exchange time"));

    public async Task ControlPriceAsync(MarketId market, PriceControl control) =>
        await Feed("controlling prices").ControlPriceAsync(market, control).ConfigureAwait(false);

    public async Task SetFeedAsync(FeedChoice choice)
    {
        if (choice.Kind == FeedKind.Replay) throw No("a replay, which has a time of its own");
        await Feed("another feed").SetFeedAsync(choice).ConfigureAwait(false);
    }

    public async Task PushPriceAsync(IReadOnlyList<IndexUpdate> prices) => await Feed("pushing prices").PushPriceAsync(prices).ConfigureAwait(false);

    public Task SetTradersAsync(TraderChoice traders) => Task.FromException(No("simulated traders inside the exchange"));

    private IFeedCalls Feed(string what) => feed ?? throw No(what);

    private static NotSupportedException No(string what) => new($"not supported here: {what}; this is a cluster on wall-clock time");
}
