using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Live;

/// <summary>What a <see cref="LiveSimulator"/> is made of.</summary>
public sealed record LiveOptions
{
    /// <summary>What it is set to is kept there, and found again.</summary>
    public required ISettingsStore Settings { get; init; }

    public required IFeedFactory FeedFactory { get; init; }

    public required ITraderFactory TraderFactory { get; init; }

    /// <summary>Null: as it was when the exchange stopped; at first synthetic, seed 1.</summary>
    public FeedChoice? Feed { get; init; }

    /// <summary>Null: as they were when the exchange stopped; at first <see cref="FirstTraders"/>.</summary>
    public TraderChoice? Traders { get; init; }

    /// <summary>Where none were ever chosen.</summary>
    public TraderChoice FirstTraders { get; init; } = new(0, null, []);

    /// <summary>So many of them, whatever else they are; null: as many as they were.</summary>
    public int? TraderCount { get; init; }

    /// <summary>What a beat may take before clients are served again; zero: as long as a step needs.</summary>
    public TimeSpan BeatBudget { get; init; } = TimeSpan.FromMilliseconds(1.5);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of a fault in a strategy, which then rests; on the exchange's thread.</summary>
    public Action<AccountId, Exception>? TraderFailed { get; init; }

    public static FeedChoice UsualFeed { get; } = new(FeedKind.Synthetic, null, 1);

    /// <summary>
    /// The clock as it was when the exchange stopped. The caller then brings an exchange whose clock agrees with the wall clock to its
    /// present by <see cref="Command.JumpTo"/>, before anything else.
    /// </summary>
    public static SimulatorClock OpenClock(ISettingsStore settings, TimeProvider time, Timestamp last) =>
        new(time, new LiveSettings(settings).LoadClock() ?? ClockSetting.AtWall, last);
}
