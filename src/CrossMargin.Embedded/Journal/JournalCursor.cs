using CrossMargin.Model;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// Reads commands in order, on a connection of its own, as of the moment it was opened. Every batch is checked before its first command is
/// given out: that none is missing before it, its checksum, its engine version. Stops at the first fault, see <see cref="Error"/>.
/// </summary>
public sealed class JournalCursor : IDisposable
{
    private const string Select = "SELECT first, count, engine, checksum, records FROM batches WHERE first >= ? ORDER BY first";

    private readonly string _path;
    private readonly string _engineVersion;
    private readonly SqliteSession _session;
    private readonly sqlite3_stmt _rows;
    private byte[] _records = [];
    private CommandCodec _codec;
    private Command _current;
    private long _next;
    private int _length;
    private int _at;
    private int _left;

    internal JournalCursor(string path, string engineVersion, long after)
    {
        (_path, _engineVersion) = (path, engineVersion);
        _session = new SqliteSession(path, SqliteOpenMode.ReadOnly);
        try
        {
            _session.Execute("BEGIN");
            _next = FirstOfBatchWith(after + 1);
            _rows = _session.Statement(Select);
            raw.sqlite3_bind_int64(_rows, 1, _next);
            while (_next <= after && MoveNext())
            {
            }
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>The last command that <see cref="MoveNext"/> gave.</summary>
    public ref readonly Command Current => ref _current;

    /// <summary>Its sequence number.</summary>
    public long Sequence => _next - 1;

    /// <summary>Why the cursor ended before the journal did, or null.</summary>
    public JournalError? Error { get; private set; }

    /// <summary>False at the end, or at a fault.</summary>
    public bool MoveNext()
    {
        if (_left == 0 && (Error is not null || !ReadBatch())) return false;
        int taken = _codec.Decode(_records.AsSpan(_at, _length - _at), out _current);
        if (taken == 0) return Fail($"record {_next} is not readable");
        _at += taken;
        _next++;
        if (--_left == 0 && _at != _length) return Fail($"the batch that ends with record {_next - 1} has {_length - _at} bytes too many");
        return true;
    }

    public void Dispose() => _session.Dispose();

    private long FirstOfBatchWith(long sequence)
    {
        sqlite3_stmt select = _session.Statement("SELECT first, count FROM batches WHERE first <= ? ORDER BY first DESC LIMIT 1");
        raw.sqlite3_bind_int64(select, 1, sequence);
        if (!_session.Step(select)) return sequence;
        long first = raw.sqlite3_column_int64(select, 0);
        long next = first + raw.sqlite3_column_int64(select, 1);
        raw.sqlite3_reset(select);
        return next > sequence ? first : sequence;
    }

    private bool ReadBatch()
    {
        try
        {
            return _session.Step(_rows) && TakeRow();
        }
        catch (SqliteException e)
        {
            Error = JournalFaults.Of(_path, e);
            return false;
        }
    }

    private bool TakeRow()
    {
        long first = raw.sqlite3_column_int64(_rows, 0);
        long count = raw.sqlite3_column_int64(_rows, 1);
        string engine = raw.sqlite3_column_text(_rows, 2).utf8_to_string();
        if (first != _next) return Fail(first > _next ? $"records {_next} to {first - 1} are missing" : $"record {first} is there twice");
        ReadOnlySpan<byte> records = raw.sqlite3_column_blob(_rows, 4);
        long checksum = raw.sqlite3_column_int64(_rows, 3);
        bool whole = count is > 0 and <= int.MaxValue && checksum == JournalBatch.Checksum(first, (int)count, records);
        if (!whole) return Fail($"the checksum of the {count} records from {first} on is wrong");
        if (engine != _engineVersion)
        {
            Error = new JournalError(
                JournalErrorKind.OtherEngine,
                $"{_path}: record {first} is of engine {engine}, this is {_engineVersion}; run `upgrade` with release {engine} first");
            return false;
        }

        if (_records.Length < records.Length) _records = new byte[Math.Max(records.Length, 1 << 20)];
        records.CopyTo(_records);
        (_codec, _length, _at, _left) = (default, records.Length, 0, (int)count);
        return true;
    }

    private bool Fail(string problem)
    {
        _left = 0;
        Error = new JournalError(JournalErrorKind.Damaged, $"{_path}: {problem}");
        return false;
    }
}
