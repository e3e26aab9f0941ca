using CrossMargin.Embedded.Journal;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>A prepared statement whose parameters are given in their order, each time all of them, then <see cref="Run"/>.</summary>
internal sealed class RowWriter(SqliteSession session, string sql)
{
    private readonly sqlite3_stmt _statement = session.Statement(sql);
    private readonly int _parameters = sql.AsSpan().Count('?');
    private int _at;

    /// <summary>One row into a table; <paramref name="columns"/> with commas between.</summary>
    public static RowWriter Insert(SqliteSession session, string table, string columns)
    {
        string marks = string.Join(", ", columns.Split(',').Select(_ => "?"));
        return new RowWriter(session, $"INSERT INTO {table} ({columns}) VALUES ({marks})");
    }

    public RowWriter Int(long value)
    {
        raw.sqlite3_bind_int64(_statement, ++_at, value);
        return this;
    }

    /// <summary>0 becomes null: none.</summary>
    public RowWriter Optional(long value)
    {
        if (value != 0) raw.sqlite3_bind_int64(_statement, ++_at, value);
        else raw.sqlite3_bind_null(_statement, ++_at);
        return this;
    }

    public RowWriter Text(string value)
    {
        session.Check(raw.sqlite3_bind_text(_statement, ++_at, value));
        return this;
    }

    /// <summary>None becomes null. Without an allocation.</summary>
    public RowWriter Text(in ClientOrderId id)
    {
        if (id.IsNone)
        {
            raw.sqlite3_bind_null(_statement, ++_at);
            return this;
        }

        Span<byte> text = stackalloc byte[40];
        int length = 0;
        while (length < text.Length)
        {
            byte c = (byte)(id[length / 8] >> (length % 8 * 8) & 0xFF);
            if (c == 0) break;
            text[length++] = c;
        }

        session.Check(raw.sqlite3_bind_text(_statement, ++_at, text[..length]));
        return this;
    }

    public void Run()
    {
        if (_at != _parameters) throw new InvalidOperationException($"{_at} parameters given of {_parameters}: {sql}");
        _at = 0;
        session.Step(_statement);
    }
}
