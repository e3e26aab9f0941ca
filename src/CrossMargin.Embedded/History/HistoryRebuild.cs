using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrossMargin.Embedded.History;

/// <summary>Makes rows again from the journal. Nothing else is appended meanwhile; the journal is not being written.</summary>
public static class HistoryRebuild
{
    /// <summary>
    /// Replaces the rows that the journal still covers by what a replay tells; rows of older commands stay, and the points of the equity
    /// curve, which no command makes. Interrupted, it is taken up by <see cref="CatchUp"/>. Returns null, or why the end was not reached.
    /// </summary>
    public static JournalError? Rebuild(ExchangeHistory history, ExchangeJournal journal, Func<ExchangeEngine> newEngine)
    {
        long from;
        try
        {
            from = CoveredAfter(journal);
        }
        catch (SqliteException e)
        {
            return JournalFaults.Of(journal.Path, e);
        }

        // A history that began later than the journal is made whole; one that ends earlier than the journal begins stays with its gap.
        history.ForgetAfter(from);
        return CatchUp(history, journal, newEngine);
    }

    /// <summary>
    /// Appends the commands that the journal holds and the history lacks, up to <paramref name="until"/>: what was not written when the
    /// process ended. To be called before a snapshot is taken up that is newer than the history.
    /// </summary>
    public static JournalError? CatchUp(
        ExchangeHistory history, ExchangeJournal journal, Func<ExchangeEngine> newEngine, long until = long.MaxValue)
    {
        until = Math.Min(until, journal.CommittedSequence);
        if (history.AppendedSequence >= until) return null;
        ExchangeEngine engine = newEngine();
        JournalError? error = JournalReplay.Restore(engine, journal, history.AppendedSequence);
        if (error is not null) return error;
        error = JournalReplay.Replay(engine, journal, until, (sequence, events) => history.Append(events, sequence), useSnapshot: false);
        if (error is null) history.CatchUpTo(until);
        return error;
    }

    /// <summary>
    /// The journal covers the commands after this one: after its start, or after the snapshot that stands in for older commands that were
    /// dropped or that another release wrote.
    /// </summary>
    internal static long CoveredAfter(ExchangeJournal journal)
    {
        using var session = new SqliteSession(journal.Path, SqliteOpenMode.ReadOnly);
        long first = session.Scalar("SELECT min(first) FROM batches") as long? ?? 1;
        sqlite3_stmt others = session.Statement("SELECT max(first + count - 1) FROM batches WHERE engine <> ?");
        raw.sqlite3_bind_text(others, 1, journal.EngineVersion);
        long other = session.Step(others) ? raw.sqlite3_column_int64(others, 0) : 0;
        raw.sqlite3_reset(others);
        if (first == 1 && other == 0) return 0;
        FormattableString sql = $"SELECT min(sequence) FROM snapshots WHERE sequence >= {Math.Max(first - 1, other)}";
        return session.Scalar(FormattableString.Invariant(sql)) as long? ?? journal.CommittedSequence;
    }
}
