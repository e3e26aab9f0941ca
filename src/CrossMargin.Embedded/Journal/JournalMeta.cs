using SQLitePCL;

namespace CrossMargin.Embedded.Journal;

/// <summary>The journal's meta table: texts by key.</summary>
internal static class JournalMeta
{
    public const string Format = "format";
    public const string Created = "created";
    public const string Run = "run";
    public const string Profile = "profile";
    public const string Settings = "settings";
    public const string Finished = "finished";

    public static string? Read(SqliteSession session, string key)
    {
        sqlite3_stmt select = session.Statement("SELECT value FROM meta WHERE key = ?");
        raw.sqlite3_bind_text(select, 1, key);
        if (!session.Step(select)) return null;
        string value = raw.sqlite3_column_text(select, 0).utf8_to_string();
        raw.sqlite3_reset(select);
        return value;
    }

    public static void Write(SqliteSession session, string key, string value)
    {
        sqlite3_stmt insert = session.Statement(
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        raw.sqlite3_bind_text(insert, 1, key);
        raw.sqlite3_bind_text(insert, 2, value);
        session.Step(insert);
    }

    public static void Remove(SqliteSession session, string key)
    {
        sqlite3_stmt delete = session.Statement("DELETE FROM meta WHERE key = ?");
        raw.sqlite3_bind_text(delete, 1, key);
        session.Step(delete);
    }

    /// <summary>All keys that begin with a prefix, in ordinal order, with their values.</summary>
    public static List<KeyValuePair<string, string>> List(SqliteSession session, string prefix)
    {
        var found = new List<KeyValuePair<string, string>>();
        sqlite3_stmt rows = session.Statement("SELECT key, value FROM meta WHERE key >= ? ORDER BY key");
        raw.sqlite3_bind_text(rows, 1, prefix);
        while (session.Step(rows))
        {
            string key = raw.sqlite3_column_text(rows, 0).utf8_to_string();
            if (!key.StartsWith(prefix, StringComparison.Ordinal)) break;
            found.Add(new KeyValuePair<string, string>(key, raw.sqlite3_column_text(rows, 1).utf8_to_string()));
        }

        raw.sqlite3_reset(rows);
        return found;
    }
}
