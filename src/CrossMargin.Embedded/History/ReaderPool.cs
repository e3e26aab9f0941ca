using CrossMargin.Embedded.Journal;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.History;

/// <summary>Read-only connections to a file, kept for the next question with their prepared statements. Any thread.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private const int Kept = 4;

    private readonly Stack<SqliteSession> _free = new();
    private bool _closed;

    public T Ask<T>(Func<SqliteSession, T> question)
    {
        SqliteSession? session = Take();
        session ??= new SqliteSession(path, SqliteOpenMode.ReadOnly);
        T answer;
        try
        {
            answer = question(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        Return(session);
        return answer;
    }

    public void Dispose()
    {
        lock (_free)
        {
            _closed = true;
            while (_free.TryPop(out SqliteSession? session)) session.Dispose();
        }
    }

    private SqliteSession? Take()
    {
        lock (_free) return _free.TryPop(out SqliteSession? session) ? session : null;
    }

    private void Return(SqliteSession session)
    {
        lock (_free)
        {
            if (!_closed && _free.Count < Kept)
            {
                _free.Push(session);
                return;
            }
        }

        session.Dispose();
    }
}
