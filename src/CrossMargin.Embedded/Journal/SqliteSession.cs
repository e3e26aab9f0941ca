using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// One SQLite connection with prepared statements by their text; blobs go in and out as spans. Used by one thread at a time.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly Dictionary<string, sqlite3_stmt> _statements = new(StringComparer.Ordinal);

    public SqliteSession(string path, SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5 };
        Connection = new SqliteConnection(text.ToString());
        try
        {
            Connection.Open();
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; }

    private sqlite3 Handle => Connection.Handle!;

    /// <summary>Runs statements without parameters and results.</summary>
    public void Execute(string sql)
    {
        using SqliteCommand command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public object? Scalar(string sql)
    {
        using SqliteCommand command = Connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>The statement, reset, for <c>raw.sqlite3_bind_…</c>; then <see cref="Step"/> until false.</summary>
    public sqlite3_stmt Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out sqlite3_stmt? statement))
        {
            Check(raw.sqlite3_prepare_v2(Handle, sql, out statement));
            _statements.Add(sql, statement);
        }

        raw.sqlite3_reset(statement);
        raw.sqlite3_clear_bindings(statement);
        return statement;
    }

    /// <summary>True with a row to read; false when done, the statement being reset then.</summary>
    public bool Step(sqlite3_stmt statement)
    {
        int code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        int reset = raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE) Check(code);
        Check(reset);
        return false;
    }

    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_DONE) return;
        int extended = raw.sqlite3_extended_errcode(Handle);
        throw new SqliteException(raw.sqlite3_errmsg(Handle).utf8_to_string(), code & 0xFF, extended);
    }

    public void Dispose()
    {
        foreach (sqlite3_stmt statement in _statements.Values) raw.sqlite3_finalize(statement);
        _statements.Clear();
        Connection.Dispose();
    }
}
