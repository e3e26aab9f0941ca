using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// Creates and opens the file itself: schema, settings of durability, what must be refused. The caller holds the directory.
/// </summary>
internal static class JournalFile
{
    private static readonly string[] s_suffixes = ["-wal", "-shm", ""];

    /// <summary>The file and what SQLite may have put beside it.</summary>
    public static IEnumerable<string> WithCompanions(string path) => s_suffixes.Select(suffix => path + suffix);

    /// <summary>
    /// Whether a file lies there whose making was cut off: it holds no table, because making a journal is a single transaction. That of a
    /// process which is about to make one looks the same, so that only who holds the lock may draw a conclusion from it.
    /// </summary>
    public static bool IsHollow(string path)
    {
        if (!File.Exists(path)) return false;
        if (new FileInfo(path).Length == 0 && !File.Exists(path + "-wal")) return true;
        try
        {
            using var session = new SqliteSession(path, SqliteOpenMode.ReadWrite);
            return session.Scalar("SELECT count(*) FROM sqlite_master") is 0L;
        }
        catch (SqliteException)
        {
            return false; // opening it as a journal says why
        }
    }

    /// <summary>A new file where none is: complete when this returns, gone when it throws.</summary>
    public static SqliteSession Create(string path, string profile, string settings, JournalOptions options)
    {
        // Throws where a file is, which is then not one to be deleted.
        new FileStream(path, FileMode.CreateNew, FileAccess.Write).Dispose();
        SqliteSession? session = null;
        try
        {
            session = new SqliteSession(path, SqliteOpenMode.ReadWrite);
            session.Execute("PRAGMA page_size = 4096"); // most commits are small, and each writes whole pages
            Configure(session, options);
            session.Execute("BEGIN IMMEDIATE");
            session.Execute(JournalFormat.Schema);
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {JournalFormat.ApplicationId}"));
            JournalMeta.Write(session, JournalMeta.Format, JournalFormat.Version.ToString(CultureInfo.InvariantCulture));
            JournalMeta.Write(session, JournalMeta.Created, DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture));
            JournalMeta.Write(session, JournalMeta.Run, Guid.NewGuid().ToString("N"));
            JournalMeta.Write(session, JournalMeta.Profile, profile);
            JournalMeta.Write(session, JournalMeta.Settings, settings);
            session.Execute("COMMIT");
            return session;
        }
        catch
        {
            session?.Dispose();
            foreach (string file in WithCompanions(path)) File.Delete(file);
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
