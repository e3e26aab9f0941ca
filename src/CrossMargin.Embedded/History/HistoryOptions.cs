using CrossMargin.Embedded.Journal;

namespace CrossMargin.Embedded.History;

/// <summary>How history is written. The defaults are for use; tests make them small.</summary>
public sealed record HistoryOptions
{
    public HistoryMode Mode { get; init; } = HistoryMode.All;

    /// <summary>
    /// Returns when a command survives a crash, throws when it cannot: called on the history's thread before rows of that command are
    /// committed, so that history never tells what the journal does not hold. Null: without a journal.
    /// The history is disposed before the journal.
    /// </summary>
    public Action<long>? WaitForJournal { get; init; }

    /// <summary>
    /// The journal's <see cref="ExchangeJournal.RunId"/>: written into a new file, and a file with another one is refused. Null: not compared.
    /// </summary>
    public string? RunId { get; init; }

    /// <summary>Commands are held up while something older than this is unwritten.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Events in one buffer; a command's events are never split.</summary>
    public int BufferEvents { get; init; } = 8192;

    /// <summary>Commands are held up while so many buffers are unwritten: bounds the memory, about 1.6 MB each.</summary>
    public int MaxBuffers { get; init; } = 160;

    /// <summary>At most so many buffers are one transaction.</summary>
    public int BuffersPerTransaction { get; init; } = 32;

    /// <summary>After so long without a full buffer, a partly filled one is written too.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long another process may hold the file before that is an error.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest size of the file in bytes; 0: whatever the disk holds.</summary>
    public long MaxFileBytes { get; init; }

    /// <summary>Wall time, by which the lag is judged.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
