using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// What only a simulator can do: time, prices, simulated traders. A host that cannot says so with <see cref="NotSupportedException"/>.
/// Thread-safe. What a control does to the exchange enters it as commands, so that a replay repeats it; what it is set to outlives the
/// process. Bad values throw <see cref="ArgumentException"/> with a text for people, nothing changed.
/// </summary>
public interface ISimulatorControls
{
    Task<SimulatorState> StateAsync();

    /// <summary>Exchange time stands still; commands are still executed, at that time.</summary>
    Task PauseAsync();

    Task ResumeAsync();

    /// <summary>While paused: exchange time moves on by so many milliseconds (1 to a week), prices and traders with it.</summary>
    Task StepAsync(long milliseconds);

    /// <summary>Exchange milliseconds per wall millisecond, 0.01 to 10,000.</summary>
    Task SetSpeedAsync(decimal speed);

    /// <summary>Changes how the price of a market is made.</summary>
    Task ControlPriceAsync(MarketId market, PriceControl control);

    /// <summary>Other prices from now on. A replay file is read before anything changes.</summary>
    Task SetFeedAsync(FeedChoice feed);

    /// <summary>An index price from outside, at exchange time now; only while the feed is pushed.</summary>
    Task PushPriceAsync(IReadOnlyList<IndexUpdate> prices);

    /// <summary>Number and mix (YAML text as for <c>simulate --mix</c>; null: the usual one) of simulated traders, and their markets (empty: all).</summary>
    Task SetTradersAsync(TraderChoice traders);
}

/// <param name="Now">Exchange time.</param>
/// <param name="AgreesWithWallClock">Never parted from the wall clock by pause, speed, steps or a replay.</param>
public sealed record SimulatorState(
    Timestamp Now, bool IsPaused, decimal Speed, bool AgreesWithWallClock, FeedChoice Feed, IReadOnlyList<MarketPriceControl> Prices, TraderChoice Traders);

public sealed record MarketPriceControl(MarketId Market, PriceControl Control);

public enum PriceControlKind
{
    /// <summary>The feed's own price.</summary>
    Release = 0,

    /// <summary>This price until released.</summary>
    Hold = 1,

    /// <summary>From the present price by <see cref="PriceControl.Rate"/> per hour of exchange time, until released.</summary>
    Drift = 2,

    /// <summary>At once by <see cref="PriceControl.Rate"/> of the present price; the feed's moves go on from there.</summary>
    Shock = 3,

    /// <summary>At once to this price; the feed's moves go on from there.</summary>
    Set = 4,
}

/// <param name="Price">For hold and set, decimal text of the settlement asset's units read by the caller; else none.</param>
/// <param name="Rate">For drift and shock: a fraction, −0.99 to 10.</param>
public sealed record PriceControl(PriceControlKind Kind, Price Price, Rate Rate);

public enum FeedKind
{
    Synthetic = 1,
    Replay = 2,
    Push = 3,
}

/// <param name="File">For replay: a file on the server's machine as for <c>simulate --prices</c>.</param>
/// <param name="Seed">For synthetic.</param>
public sealed record FeedChoice(FeedKind Kind, string? File, ulong Seed);

/// <param name="Mix">YAML text, or null for the usual mix.</param>
/// <param name="Symbols">Markets they trade in; empty: all.</param>
public sealed record TraderChoice(int Count, string? Mix, IReadOnlyList<string> Symbols);
