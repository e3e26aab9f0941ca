using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;

namespace CrossMargin.Server.Simulate;

/// <summary>
/// Hands a run's events to the recorder and, where the run keeps one, to the history in `exchange.db`. A run without a journal keeps
/// none: nobody could ask it, and whole days of orders do not belong in memory.
/// </summary>
public sealed class RunHistory : IHistorySink, IDisposable
{
    private readonly RunRecorder _recorder;
    private readonly ExchangeHistory? _history;

    private RunHistory(RunRecorder recorder, ExchangeHistory? history)
    {
        (_recorder, _history) = (recorder, history);
        if (history is null) return;
        recorder.AccountSampled = (account, time, equity) => history.AppendEquity(account.Id, time, account.Wallet, equity);
    }

    /// <summary>Opens the history beside the journal, or makes it.</summary>
    public static RunHistory Open(RunRecorder recorder, RunPlan plan, ExchangeJournal? journal, string folder)
    {
        string text = plan.Settings[SettingNames.History] ?? "all";
        if (!HistoryModes.TryParse(text, out HistoryMode mode)) throw new BadInputException($"--history: '{text}' is no mode of history");
        if (journal is null || mode == HistoryMode.None) return new RunHistory(recorder, null);
        var options = new HistoryOptions { Mode = mode, WaitForJournal = journal.WaitForCommit, RunId = journal.RunId };
        HistoryResult result = ExchangeHistory.Open(folder, plan.Profile, options);
        return new RunHistory(recorder, result.History ?? throw new BadInputException(result.Error!.Message));
    }

    public void Append(ReadOnlySpan<Event> events, long sequence)
    {
        _recorder.Append(events, sequence);
        _history?.Append(events, sequence);
    }

    /// <summary>Writes what the history lacks up to the snapshot from which a run goes on.</summary>
    public void CatchUp(ExchangeJournal journal, Func<ExchangeEngine> newEngine, long sequence)
    {
        if (_history is null) return;
        JournalError? error = HistoryRebuild.CatchUp(_history, journal, newEngine, sequence);
        if (error is not null) throw new BadInputException($"--journal: {error.Message}");
    }

    /// <summary>Returns when everything so far, points of equity curves too, is in the file.</summary>
    public void Flush() => _history?.Flush();

    public void Dispose() => _history?.Dispose();
}
