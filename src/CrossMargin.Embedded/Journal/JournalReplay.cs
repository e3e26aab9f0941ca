using CrossMargin.Embedded.Engine;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Journal;

/// <summary>Brings an engine to the state that a journal describes: the newest snapshot, then the commands after it.</summary>
public static class JournalReplay
{
    /// <param name="engine">A new engine, of the profile that the journal names.</param>
    /// <param name="journal">Committed commands are read.</param>
    /// <param name="until">The last command to execute; the state before a fault can be opened so.</param>
    /// <param name="events">Called after each command with its events, to build a projection anew; null for none.</param>
    /// <param name="useSnapshot">False: from the first command, also where snapshots would shorten it.</param>
    /// <returns>Null, or why the end was not reached; the engine then stands at the last good command.</returns>
    public static JournalError? Replay(
        ExchangeEngine engine, ExchangeJournal journal, long until = long.MaxValue, ReplayedEvents? events = null, bool useSnapshot = true)
    {
        JournalError? error = useSnapshot ? Restore(engine, journal, until) : null;
        if (error is not null) return error;
        try
        {
            using JournalCursor cursor = journal.Read(engine.Sequence);
            while (engine.Sequence < until && cursor.MoveNext())
            {
                engine.Execute(cursor.Current);
                events?.Invoke(engine.Sequence, engine.Events);
            }

            return engine.Sequence < until ? cursor.Error : null;
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            return JournalFaults.Of(journal.Path, e);
        }
        catch (ArgumentException e)
        {
            return new JournalError(JournalErrorKind.Damaged, $"{journal.Path}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Restores the newest snapshot at or before a command, if there is one.</summary>
    public static JournalError? Restore(ExchangeEngine engine, ExchangeJournal journal, long until = long.MaxValue)
    {
        try
        {
            SnapshotImage? image = journal.LoadSnapshot(until);
            return image is null ? null : Restore(engine, journal.Path, image);
        }
        catch (JournalException e)
        {
            return e.Error;
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            return JournalFaults.Of(journal.Path, e);
        }
    }

    internal static JournalError? Restore(ExchangeEngine engine, string path, SnapshotImage image)
    {
        try
        {
            var reader = new StateReader(image.Whole(SnapshotImage.Exchange));
            engine.ReadState(reader);
            reader.ExpectEnd();
            if (engine.Sequence == image.Sequence) return null;
            return new JournalError(JournalErrorKind.Damaged, $"{path}: the snapshot of record {image.Sequence} says {engine.Sequence}");
        }
        catch (StateFormatException e)
        {
            return new JournalError(JournalErrorKind.Damaged, $"{path}: the snapshot of record {image.Sequence}: {e.Message}");
        }
    }
}

/// <summary>Takes the events of one replayed command; the span is valid during the call.</summary>
public delegate void ReplayedEvents(long sequence, ReadOnlySpan<Event> events);
