using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Holders;
using CrossMargin.Nodes.Pumps;
using CrossMargin.Nodes.Risk;

namespace CrossMargin.Grains.Nodes;

/// <summary>What a silo of the exchange is made of; the same on every silo of a cluster.</summary>
public sealed class CrossMarginSiloOptions
{
    /// <summary>Name of the Orleans grain storage provider that keeps the actors.</summary>
    public string Storage { get; set; } = "crossmargin";

    /// <summary>The rules; null: <see cref="VenueProfiles.Binance"/>.</summary>
    public VenueProfile? Profile { get; set; }

    /// <summary>Log records of another version are never replayed: stop a release cleanly before the next is started.</summary>
    public string EngineVersion { get; set; } = typeof(CrossMarginSiloOptions).Assembly.GetName().Version!.ToString(3);

    /// <summary>Keys of each market's log ring, 4 to 1,024.</summary>
    public int LogKeys { get; set; } = 64;

    /// <summary>Exchange milliseconds between two turns of the feed, 100 to 60,000.</summary>
    public int FeedMilliseconds { get; set; } = 1_000;

    public NodeWatchOptions Watch { get; set; } = new();

    public NodeLoopOptions Loop { get; set; } = new();

    public HolderWatchOptions Holders { get; set; } = new();

    /// <summary>Most inputs that an actor takes under one write; 1: one write for each.</summary>
    public int BatchInputs { get; set; } = 256;

    internal DeliveryOptions Delivery => new() { EngineVersion = EngineVersion, LogKeys = LogKeys, BatchInputs = BatchInputs };
}
