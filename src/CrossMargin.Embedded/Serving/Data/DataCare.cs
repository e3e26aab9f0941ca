using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Serving.Data;

/// <summary>
/// Looks after a data folder while its exchange serves: snapshots, points of the equity curves, commands that are old enough to be
/// dropped. Does a little at a time on the exchange's thread; what takes long is done beside it.
/// </summary>
internal sealed class DataCare : IDisposable
{
    private const int AccountsAtOnce = 2_000;
    private const long DayMilliseconds = 86_400_000;

    private readonly EmbeddedExchange _exchange;
    private readonly DataFolder _folder;
    private readonly DataFolderOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private long _snapshotSequence;
    private long _snapshotTicks;
    private Timestamp _equityTime;
    private int _equityNext = -1;
    private long _droppedDay;

    public DataCare(EmbeddedExchange exchange, DataFolder folder, DataFolderOptions options)
    {
        (_exchange, _folder, _options) = (exchange, folder, options);
        _snapshotSequence = folder.Engine.Sequence;
        _snapshotTicks = Environment.TickCount64;
        _running = Task.Run(RunAsync);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _running.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    /// <summary>
    /// Drops the commands older than the days to keep, up to the newest snapshot of that age, once it has been restored in memory with the
    /// hash it was taken with. Returns the snapshot's command, or null where nothing could be dropped.
    /// </summary>
    internal static long? DropOld(ExchangeJournal journal, ExchangeHistory? history, VenueProfile profile, Timestamp before)
    {
        if (journal.SnapshotAt(before) is not { } sequence || sequence < journal.FirstSequence) return null;
        if (history is not null && history.WrittenSequence < sequence) return null;
        SnapshotImage image = journal.LoadSnapshot(sequence)!;
        var restored = new ExchangeEngine(profile);
        JournalError? error = JournalReplay.Restore(restored, journal, sequence);
        if (error is not null) throw new JournalException(error);
        if (restored.StateHash() != image.Hash())
        {
            string problem = $"{journal.Path}: the snapshot of record {sequence} restores to another state; nothing is dropped";
            throw new JournalException(new JournalError(JournalErrorKind.Damaged, problem));
        }

        journal.DropBefore(sequence);
        return sequence;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_options.Care);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                await _exchange.OnSequencerAsync(Look).ConfigureAwait(false);
                DropOld();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ExchangeUnavailableException)
        {
        }
        catch (Exception e) when (e is JournalException or HistoryException or SqliteException)
        {
            ServingLog.CareFailed(_options.Log, e);
        }
    }

    private bool Look(IBeatCommands exchange)
    {
        SampleEquity(exchange.Engine);
        long commands = exchange.Engine.Sequence - _snapshotSequence;
        bool due = Environment.TickCount64 - _snapshotTicks >= (long)_options.SnapshotInterval.TotalMilliseconds;
        if (_folder.Journal is null || commands == 0 || (commands < _options.SnapshotCommands && !due)) return false;
        _folder.Journal.SaveSnapshot(SnapshotImage.Of(exchange.Engine));
        (_snapshotSequence, _snapshotTicks) = (exchange.Engine.Sequence, Environment.TickCount64);
        return true;
    }

    // A round begins at each full interval of exchange time and takes some accounts at a time; its points have the time it began at.
    private void SampleEquity(ExchangeEngine engine)
    {
        if (_folder.History is not { } history || engine.Now.Milliseconds == 0 || history.IsBehind) return;
        long interval = Math.Max(1, (long)_options.EquityInterval.TotalMilliseconds);
        var full = new Timestamp(engine.Now.Milliseconds / interval * interval);
        if (_equityNext < 0 && full > _equityTime) (_equityTime, _equityNext) = (full, 0);
        if (_equityNext < 0) return;
        ReadOnlySpan<IActor> accounts = engine.Accounts;
        int end = Math.Min(accounts.Length, _equityNext + AccountsAtOnce);
        for (; _equityNext < end; _equityNext++)
        {
            AccountState state = ((AccountActor)accounts[_equityNext]).State;
            if (state.IsOpen) history.AppendEquity(state.Id, _equityTime, state.Wallet, Equity(state, engine));
        }

        if (_equityNext >= accounts.Length) _equityNext = -1;
    }

    private static Amount Equity(AccountState state, ExchangeEngine engine)
    {
        Amount equity = state.Wallet;
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            if (leg.Quantity.IsZero) continue;
            equity += LegMath.UnrealizedProfit(engine.Profile[leg.Market], leg.Quantity, leg.OpenCost, engine.Prices.Mark(leg.Market));
        }

        return equity;
    }

    private void DropOld()
    {
        if (_options.KeepDays <= 0 || _folder.Journal is not { } journal) return;
        long today = _exchange.Now.Milliseconds / DayMilliseconds;
        if (today == _droppedDay) return;
        _droppedDay = today;
        try
        {
            Timestamp before = _exchange.Now.AddMilliseconds(-_options.KeepDays * DayMilliseconds);
            long? dropped = DropOld(journal, _folder.History, _folder.Profile, before);
            if (dropped is { } sequence) ServingLog.Dropped(_options.Log, sequence, _options.KeepDays);
        }
        catch (Exception e) when (e is JournalException or SqliteException)
        {
            ServingLog.NotDropped(_options.Log, e);
        }
    }
}
