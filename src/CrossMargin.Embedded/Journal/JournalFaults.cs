using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrossMargin.Embedded.Journal;

/// <summary>Turns what SQLite and the file system throw into one line that names the file.</summary>
internal static class JournalFaults
{
    public static bool IsExpected(Exception e) => e is SqliteException or IOException or UnauthorizedAccessException;

    public static JournalError Of(string path, Exception e)
    {
        JournalErrorKind kind = e switch
        {
            SqliteException { SqliteErrorCode: raw.SQLITE_FULL } => JournalErrorKind.DiskFull,
            SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT } => JournalErrorKind.Damaged,
            SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB } => JournalErrorKind.NotAJournal,
            SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => JournalErrorKind.InUse,
            IOException { HResult: 28 or 122 } => JournalErrorKind.DiskFull, // ENOSPC, EDQUOT
            _ => JournalErrorKind.Inaccessible,
        };
        string what = kind switch
        {
            JournalErrorKind.DiskFull => "the disk is full, order entry has stopped",
            JournalErrorKind.Damaged => "the file is damaged",
            JournalErrorKind.NotAJournal => "not a journal",
            JournalErrorKind.InUse => "in use by another process",
            _ => "cannot be read or written",
        };
        return new JournalError(kind, $"{path}: {what} ({OneLine(e.Message)})");
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
