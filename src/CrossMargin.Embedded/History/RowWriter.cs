using CrossMargin.Embedded.Journal;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>
/// A prepared statement whose parameters are given in their order, each time all of them, then <see cref="Run"/>. Bindings outlive a run, so
/// a value that is the same as in the row before (a market, a side, nothing) is not handed over again: that is most of them.
/// </summary>
internal sealed class RowWriter
{
    private readonly SqliteSession _session;
    private readonly string _sql;
    private readonly sqlite3_stmt _statement;
    private readonly Bound[] _bound;
    private readonly long[] _values;
    private int _at;

    public RowWriter(SqliteSession session, string sql)
    {
        (_session, _sql) = (session, sql);
        _statement = session.Statement(sql);
        int parameters = sql.AsSpan().Count('?');
        _bound = new Bound[parameters];
        _values = new long[parameters];
    }

    private enum Bound : byte
    {
        /// <summary>Null, or not bound yet, which is null to SQLite.</summary>
        Null = 0,
        Int = 1,
        Text = 2,
    }

    /// <summary>One row into a table; <paramref name="columns"/> with commas between.</summary>
    public static RowWriter Insert(SqliteSession session, string table, string columns)
    {
        string marks = string.Join(", ", columns.Split(',').Select(_ => "?"));
        return new RowWriter(session, $"INSERT INTO {table} ({columns}) VALUES ({marks})");
    }

    public RowWriter Int(long value)
    {
        int i = _at++;
        if (_values[i] == value && _bound[i] == Bound.Int) return this;
        _values[i] = value;
        _bound[i] = Bound.Int;
        _session.Check(raw.sqlite3_bind_int64(_statement, _at, value));
        return this;
    }

    /// <summary>0 becomes null: none.</summary>
    public RowWriter Optional(long value) => value != 0 ? Int(value) : Null();

    public RowWriter Text(string value)
    {
        _bound[_at++] = Bound.Text;
        _session.Check(raw.sqlite3_bind_text(_statement, _at, value));
        return this;
    }

    /// <summary>None becomes null. Without an allocation.</summary>
    public RowWriter Text(in ClientOrderId id)
    {
        if (id.IsNone) return Null();
        Span<byte> text = stackalloc byte[40];
        int length = 0;
        while (length < text.Length)
        {
            byte c = (byte)(id[length / 8] >> (length % 8 * 8) & 0xFF);
            if (c == 0) break;
            text[length++] = c;
        }

        _bound[_at++] = Bound.Text;
        _session.Check(raw.sqlite3_bind_text(_statement, _at, text[..length]));
        return this;
    }

    public void Run()
    {
        if (_at != _bound.Length) throw new InvalidOperationException($"{_at} parameters given of {_bound.Length}: {_sql}");
        _at = 0;
        _session.Step(_statement);
    }

    private RowWriter Null()
    {
        int i = _at++;
        if (_bound[i] == Bound.Null) return this;
        _bound[i] = Bound.Null;
        _session.Check(raw.sqlite3_bind_null(_statement, _at));
        return this;
    }
}
