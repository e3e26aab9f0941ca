using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrossMargin.Embedded.Serving.Data;

/// <summary>Where a serving exchange keeps its data, and how. The defaults are for use; tests make them small.</summary>
public sealed record DataFolderOptions
{
    /// <summary>Null: nothing is kept, history and settings are in memory.</summary>
    public string? Directory { get; init; }

    /// <summary>Of a new exchange. An exchange that is there already keeps its own; null takes that, or <see cref="VenueProfiles.Binance"/>.</summary>
    public VenueProfile? Profile { get; init; }

    public HistoryMode History { get; init; } = HistoryMode.All;

    /// <summary>A snapshot is taken after so many commands or so much wall time, whichever is first, if there was a command at all.</summary>
    public long SnapshotCommands { get; init; } = 2_000_000;
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Commands older than so many days of exchange time are dropped, once a snapshot stands in for them; 0: never.</summary>
    public int KeepDays { get; init; }

    /// <summary>Exchange time between two points of the equity curves.</summary>
    public TimeSpan EquityInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>With less room than this on the disk no orders are taken: enough is left to journal what goes on.</summary>
    public long LeastFreeBytes { get; init; } = 256L << 20;

    /// <summary>How often the folder is looked after.</summary>
    public TimeSpan Care { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gathered until the exchange's thread has worked off what came in.</summary>
    public JournalOptions Journal { get; init; } = new() { GatherBytes = 1 << 18 };

    public HistoryOptions HistoryWriting { get; init; } = new();

    public ILogger Log { get; init; } = NullLogger.Instance;
}
