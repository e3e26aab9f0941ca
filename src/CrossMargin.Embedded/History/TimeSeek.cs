using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>
/// Finds the ids of a time in a table whose ids rise with time, by halving: no index over times is needed. The query gives id and time of the
/// rows of one owner (?1) from an id (?2) on, in the order of an index.
/// </summary>
internal readonly ref struct TimeSeek(SqliteSession session, string sql, long owner)
{
    /// <summary>The first and the last id that a page's times allow.</summary>
    public (long First, long Last) Range(HistoryPage page)
    {
        long first = page.From.Milliseconds <= 0 ? 0 : FirstAt(page.From);
        long last = page.To.Milliseconds == long.MaxValue ? long.MaxValue : FirstAt(page.To.AddMilliseconds(1)) - 1;
        return (first, last);
    }

    // The smallest id from which on every row has this time or a later one.
    private long FirstAt(Timestamp time)
    {
        long low = 0;
        long high = 1;
        while (Next(high, out _, out long at) && at < time.Milliseconds) high *= 2;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (Next(middle, out long id, out long at) && at < time.Milliseconds) low = id + 1;
            else high = middle;
        }

        return low;
    }

    private bool Next(long from, out long id, out long time)
    {
        sqlite3_stmt row = session.Statement(sql + " ORDER BY 1 LIMIT 1");
        raw.sqlite3_bind_int64(row, 1, owner);
        raw.sqlite3_bind_int64(row, 2, from);
        (id, time) = (0, 0);
        if (!session.Step(row)) return false;
        (id, time) = (raw.sqlite3_column_int64(row, 0), raw.sqlite3_column_int64(row, 1));
        raw.sqlite3_reset(row);
        return true;
    }
}
