using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Model;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Serving.Data;

/// <summary>Brings an engine, and the history beside it, to a journal's last command. Errors are one line each.</summary>
internal static class DataRestore
{
    /// <summary>The profile that a journal names.</summary>
    /// <param name="settings">What the journal's settings must be; null: anything.</param>
    public static string? Profile(ExchangeJournal journal, string? settings, out VenueProfile profile)
    {
        profile = null!;
        if (settings is not null && journal.Settings != settings)
        {
            return $"{journal.Path}: holds a run of `simulate`; an exchange that serves needs a folder of its own";
        }

        ProfileReadResult read = VenueProfileReader.Read(journal.Profile, journal.Path);
        if (!read.IsValid) return read.Errors[0];
        profile = read.Profile;
        return null;
    }

    /// <summary>
    /// Restores from the newest snapshot that history has reached, and replays; history is told what it lacks. A history that is empty
    /// begins where the journal does.
    /// </summary>
    public static string? Run(ExchangeEngine engine, ExchangeJournal journal, ExchangeHistory? history)
    {
        try
        {
            if (history is { AppendedSequence: 0 })
            {
                long covered = HistoryRebuild.CoveredAfter(journal);
                if (covered > 0) history.BeginAfter(covered);
            }

            long atMost = history is null ? long.MaxValue : history.AppendedSequence;
            JournalError? error = JournalReplay.Restore(engine, journal, atMost);
            error ??= JournalReplay.Replay(
                engine, journal, events: history is null ? null : (sequence, events) => history.Append(events, sequence), useSnapshot: false);
            history?.CatchUpTo(history.AppendedSequence);
            if (error is not null) return error.Message;
            if (engine.Sequence != journal.AppendedSequence)
            {
                return $"{journal.Path}: ends with record {journal.AppendedSequence}, but only {engine.Sequence} could be read";
            }

            return history is null || history.AppendedSequence == engine.Sequence
                ? null
                : $"{history.Path}: holds command {history.AppendedSequence}, the journal ends with {engine.Sequence}; delete it: it is made again";
        }
        catch (Exception e) when (e is HistoryException or EngineStoppedException or JournalException or SqliteException)
        {
            return e.Message;
        }
    }
}
