using CrossMargin.Engine.Actors;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// Names and numbers of the journal file. Frozen: a change of any of them, or of a record's bytes, is a new <see cref="Version"/>.
/// </summary>
public static class JournalFormat
{
    /// <summary>The only format that this release reads and writes.</summary>
    public const int Version = 1;

    public const string FileName = "exchange.journal";

    internal const string LockFileName = "exchange.lock";

    /// <summary>SQLite's application id of a journal: "CrMg".</summary>
    internal const int ApplicationId = 0x43724D67;

    /// <summary>The release of the rules that run here.</summary>
    public static string EngineVersion { get; } = typeof(IActor).Assembly.GetName().Version!.ToString(3);

    internal const string Schema = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE batches (
            first INTEGER PRIMARY KEY, count INTEGER NOT NULL, engine TEXT NOT NULL, checksum INTEGER NOT NULL, records BLOB NOT NULL);
        CREATE TABLE snapshots (sequence INTEGER PRIMARY KEY, engine TEXT NOT NULL, time INTEGER NOT NULL, hash TEXT NOT NULL);
        CREATE TABLE snapshot_parts (
            sequence INTEGER NOT NULL, section INTEGER NOT NULL, part INTEGER NOT NULL, length INTEGER NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY (sequence, section, part)) WITHOUT ROWID;
        """;
}
