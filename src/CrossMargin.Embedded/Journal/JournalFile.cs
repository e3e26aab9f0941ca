using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// Creates and opens the file itself: schema, settings of durability, the lock against a second process, what must be refused.
/// </summary>
internal static class JournalFile
{
    public static JournalError? TryLock(string directory, out FileStream? handle)
    {
        string path = Path.Combine(directory, JournalFormat.LockFileName);
        handle = null;
        try
        {
            handle = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bool denied = e is UnauthorizedAccessException or DirectoryNotFoundException;
            return denied
                ? new JournalError(JournalErrorKind.Inaccessible, $"{path}: cannot be written ({e.Message.ReplaceLineEndings(" ")})")
                : new JournalError(JournalErrorKind.InUse, $"{Path.Combine(directory, JournalFormat.FileName)}: in use by another process");
        }
    }

    /// <summary>A new file: complete when this returns, gone when it throws.</summary>
    public static SqliteSession Create(string path, string profile, string settings, JournalOptions options)
    {
        var session = new SqliteSession(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            session.Execute("PRAGMA page_size = 8192");
            Configure(session, options);
            session.Execute("BEGIN IMMEDIATE");
            session.Execute(JournalFormat.Schema);
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {JournalFormat.ApplicationId}"));
            JournalMeta.Write(session, JournalMeta.Format, JournalFormat.Version.ToString(CultureInfo.InvariantCulture));
            JournalMeta.Write(session, JournalMeta.Created, DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture));
            JournalMeta.Write(session, JournalMeta.Profile, profile);
            JournalMeta.Write(session, JournalMeta.Settings, settings);
            session.Execute("COMMIT");
            return session;
        }
        catch
        {
            session.Dispose();
            foreach (string suffix in (string[])["", "-wal", "-shm"]) File.Delete(path + suffix);
            throw;
        }
    }

    public static SqliteSession Open(string path, JournalOptions options)
    {
        var session = new SqliteSession(path, SqliteOpenMode.ReadWrite);
        try
        {
            Configure(session, options);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Null when the file is a journal that this release can read.</summary>
    public static JournalError? Objection(string path, SqliteSession session)
    {
        if (session.Scalar("PRAGMA application_id") is not long id || id != JournalFormat.ApplicationId)
        {
            return new JournalError(JournalErrorKind.NotAJournal, $"{path}: not a journal of CrossMargin");
        }

        string? format = JournalMeta.Read(session, JournalMeta.Format);
        if (format == JournalFormat.Version.ToString(CultureInfo.InvariantCulture)) return null;
        return new JournalError(
            JournalErrorKind.UnknownFormat,
            $"{path}: journal format {format ?? "none"} is unknown, this release reads format {JournalFormat.Version}");
    }

    private static void Configure(SqliteSession session, JournalOptions options)
    {
        session.Execute("PRAGMA journal_mode = WAL");
        session.Execute("PRAGMA synchronous = FULL");
        session.Execute("PRAGMA wal_autocheckpoint = 4096");
        session.Execute("PRAGMA cache_size = -16384");
        if (options.MaxFileBytes <= 0) return;
        long pageBytes = (long)session.Scalar("PRAGMA page_size")!;
        long pages = Math.Max(1, options.MaxFileBytes / pageBytes);
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
    }
}
