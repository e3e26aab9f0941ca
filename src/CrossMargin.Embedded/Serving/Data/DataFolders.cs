using System.Globalization;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Data;

/// <summary>What is done with a data folder that nobody serves from at the moment.</summary>
public static class DataFolders
{
    /// <summary>
    /// Brings the folder to a state from which the next release goes on: everything replayed, history complete, a snapshot at the last
    /// command. From then on a new generation of the journal begins: older commands are not read again. Returns null, or why not.
    /// </summary>
    public static string? Upgrade(string directory, DataFolderOptions? options = null)
    {
        if (!ExchangeJournal.Exists(directory)) return $"{Path.Combine(directory, JournalFormat.FileName)}: no journal";
        DataFolderResult result = DataFolder.Open((options ?? new DataFolderOptions()) with { Directory = directory });
        if (result.Folder is not { } folder) return result.Error;
        using (folder)
        {
            ExchangeJournal journal = folder.Journal!;
            _ = int.TryParse(journal.GetMeta("generation"), CultureInfo.InvariantCulture, out int generation);
            try
            {
                journal.SetMeta("generation", (generation + 1).ToString(CultureInfo.InvariantCulture));
            }
            catch (JournalException e)
            {
                return e.Message;
            }
        }

        return null;
    }

    /// <summary>
    /// The exchange as it was after a command, only to be looked at: nothing is executed, time stands still. Its history holds what
    /// happened since the snapshot before. Nothing in the folder changes.
    /// </summary>
    /// <param name="directory">Nobody serves from it.</param>
    /// <param name="until">≥ 0 and not after the journal's last command.</param>
    /// <param name="view">Null on error.</param>
    /// <returns>Null, or why not.</returns>
    public static string? OpenUntil(string directory, long until, out OldState? view)
    {
        view = null;
        JournalResult result = ExchangeJournal.Open(directory);
        if (result.Journal is not { } journal) return result.Error!.Message;
        using (journal)
        {
            if (until < 0 || until > journal.AppendedSequence)
            {
                return $"{journal.Path}: command {until} is not in it, the last one is {journal.AppendedSequence}";
            }

            string? error = DataRestore.Profile(journal, null, out VenueProfile profile);
            if (error is not null) return error;
            var engine = new ExchangeEngine(profile);
            JournalError? fault = JournalReplay.Restore(engine, journal, until);
            if (fault is not null) return fault.Message;
            ExchangeHistory history = ExchangeHistory.InMemory(profile, new HistoryOptions()).OrThrow();
            if (engine.Sequence > 0) history.BeginAfter(engine.Sequence);
            fault = JournalReplay.Replay(engine, journal, until, (sequence, events) => history.Append(events, sequence), useSnapshot: false);
            if (fault is null && engine.Sequence == until)
            {
                view = new OldState(engine, history);
                return null;
            }

            history.Dispose();
            return fault?.Message ?? $"{journal.Path}: only {engine.Sequence} commands could be read";
        }
    }
}

/// <summary>An old state of an exchange, open to readers.</summary>
public sealed class OldState : IDisposable
{
    internal OldState(ExchangeEngine engine, ExchangeHistory history)
    {
        Text = $"read-only: the state after command {engine.Sequence} at {engine.Now}";
        History = history;
        history.Reader.Now = () => engine.Now;
        Exchange = new EmbeddedExchange(engine, null, new StandingClock(engine.Now), null, new ServingOptions { ReadOnly = Text });
    }

    /// <summary>With what every command is refused.</summary>
    public string Text { get; }

    public EmbeddedExchange Exchange { get; }

    public ExchangeHistory History { get; }

    public void Dispose()
    {
        Exchange.Dispose();
        History.Dispose();
    }

    private sealed class StandingClock(Timestamp time) : IExchangeClock
    {
        public Timestamp Now => time;
    }
}
