using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrossMargin.Embedded.Serving;

/// <summary>What an <see cref="EmbeddedExchange"/> has besides engine, journal and clock.</summary>
public sealed record ServingOptions
{
    /// <summary>The feed, the traders; or null.</summary>
    public IExchangeBeat? Beat { get; init; }

    /// <summary>More requests than this wait for the sequencer: a further one is answered as unavailable at once.</summary>
    public int MostWaiting { get; init; } = 100_000;

    /// <summary>
    /// More events than this, of about 150 bytes each, wait for slow subscribers: they are dropped, and the next batch tells of the gap.
    /// </summary>
    public int MostWaitingEvents { get; init; } = 1_000_000;

    /// <summary>
    /// Asked on the exchange's thread each second: why no orders are taken (the disk is nearly full), in words for the client, or null.
    /// Cancels, time and prices go on.
    /// </summary>
    public Func<string?>? OrderStop { get; init; }

    /// <summary>Every command is refused with this text, and time stands still: an old state that is only looked at. Null: not so.</summary>
    public string? ReadOnly { get; init; }

    public ILogger Log { get; init; } = NullLogger.Instance;
}
