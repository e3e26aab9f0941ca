using CrossMargin.Embedded.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

public enum HistoryErrorKind
{
    /// <summary>A file that is not a history of this program.</summary>
    NotAHistory = 1,

    /// <summary>Written in a format that this release does not know.</summary>
    UnknownFormat = 2,

    /// <summary>Holds another mode's rows, or another profile's markets.</summary>
    Mismatch = 3,

    /// <summary>Another process holds the file.</summary>
    InUse = 4,

    Damaged = 5,

    /// <summary>The disk (or the size limit) is full.</summary>
    DiskFull = 6,

    /// <summary>The file system refused.</summary>
    Inaccessible = 7,

    /// <summary>The journal failed, so that history may not go on.</summary>
    Journal = 8,

    /// <summary>A fault of the program.</summary>
    Internal = 9,
}

/// <summary>Why history cannot be used: one line for people, naming the file.</summary>
public sealed record HistoryError(HistoryErrorKind Kind, string Message)
{
    internal const string HowToRemake = "delete exchange.db and resume: it is made again from the journal";

    public override string ToString() => Message;

    internal static HistoryError Of(string path, Exception e)
    {
        HistoryErrorKind kind = e switch
        {
            SqliteException { SqliteErrorCode: raw.SQLITE_FULL } => HistoryErrorKind.DiskFull,
            SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT } => HistoryErrorKind.Damaged,
            SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB } => HistoryErrorKind.NotAHistory,
            SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => HistoryErrorKind.InUse,
            IOException { HResult: 28 or 122 } => HistoryErrorKind.DiskFull, // ENOSPC, EDQUOT
            SqliteException or IOException or UnauthorizedAccessException => HistoryErrorKind.Inaccessible,
            JournalException => HistoryErrorKind.Journal,
            _ => HistoryErrorKind.Internal,
        };
        string what = kind switch
        {
            HistoryErrorKind.DiskFull => "the disk is full, order entry has stopped",
            HistoryErrorKind.Damaged => $"the file is damaged; {HowToRemake}",
            HistoryErrorKind.NotAHistory => "not a history of CrossMargin",
            HistoryErrorKind.InUse => "held by another process, order entry has stopped",
            HistoryErrorKind.Inaccessible => "cannot be read or written",
            HistoryErrorKind.Journal => "waits for a journal that has failed",
            _ => "could not be written",
        };
        return new HistoryError(kind, $"{path}: {what} ({e.Message.ReplaceLineEndings(" ").Trim()})");
    }
}

/// <summary>History failed while in use; carries the same line. Order entry stops.</summary>
public sealed class HistoryException(HistoryError error) : Exception(error.Message)
{
    public HistoryError Error { get; } = error;
}

/// <summary>An open history, or why not.</summary>
public readonly record struct HistoryResult(ExchangeHistory? History, HistoryError? Error)
{
    /// <summary>The history; throws <see cref="HistoryException"/> where there is none.</summary>
    public ExchangeHistory OrThrow() => History ?? throw new HistoryException(Error!);
}
