namespace CrossMargin.Embedded.Journal;

/// <summary>How a journal is written; nothing of it is needed to read it again.</summary>
public sealed record JournalOptions
{
    /// <summary>
    /// A batch is not written before it has this many bytes, unless somebody waits for its commit. 0: at once, whenever the writer is free
    /// (for clients that wait); more saves commits where nobody waits.
    /// </summary>
    public int GatherBytes { get; init; }

    /// <summary>The sequencer waits for the writer when a batch has this many bytes: the bound of what a crash can take.</summary>
    public int MaxBatchBytes { get; init; } = 4 << 20;

    /// <summary>Largest size of the file in bytes, 0 for none: order entry stops there as on a full disk.</summary>
    public long MaxFileBytes { get; init; }

    /// <summary>How many snapshots are kept, the newest ones; ≥ 1.</summary>
    public int KeepSnapshots { get; init; } = 3;

    /// <summary>
    /// Beside the newest, the first snapshot of each UTC day of exchange time is kept for so many days before the newest one, and the last one
    /// before them: what is older can be dropped from the journal then, see <see cref="ExchangeJournal.DropBefore"/>. 0: none.
    /// </summary>
    public int KeepDays { get; init; }

    /// <summary>Written with every batch; a journal is replayed only by the version that wrote it.</summary>
    public string EngineVersion { get; init; } = JournalFormat.EngineVersion;
}
