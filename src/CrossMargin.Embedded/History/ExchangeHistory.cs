using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Runs;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.History;

/// <summary>
/// What people query: a projection of the events into `exchange.db`, written by its own thread. It may lag and catches up; nothing is
/// dropped: when it is too far behind, <see cref="Append"/> waits. Rows of a command are there once, whatever crashes and replays: the
/// file's transactions name their last command, and what is told again is skipped. Without another word methods are for any thread.
/// </summary>
public sealed class ExchangeHistory : IHistorySink, IDisposable
{
    private readonly HistoryStore _store;
    private readonly HistoryQueue _queue;
    private readonly ReaderPool _readers;

    private ExchangeHistory(string path, SqliteSession session, VenueProfile profile, HistoryOptions options, bool inMemory)
    {
        (Path, Profile, IsInMemory) = (path, profile, inMemory);
        _store = new HistoryStore(session, profile, options);
        _queue = new HistoryQueue(path, _store, HistoryFile.AppliedSequence(session), options);
        _readers = new ReaderPool(path);
        Reader = new HistoryReader(this);
    }

    /// <summary>The file; ":memory:" without one.</summary>
    public string Path { get; }

    public VenueProfile Profile { get; }

    public bool IsInMemory { get; }

    /// <summary>What accounts and people ask. Waits for what was appended before the question.</summary>
    public HistoryReader Reader { get; }

    /// <summary>Exchange time of the last event that was appended; 0 none.</summary>
    public Timestamp LastTime => _queue.LastTime;

    /// <summary>The last command that was appended, or that the file held when it was opened.</summary>
    public long AppendedSequence => _queue.AppendedSequence;

    /// <summary>The last command whose rows are committed.</summary>
    public long WrittenSequence => _queue.WrittenSequence;

    /// <summary>Whether appending waits now.</summary>
    public bool IsBehind => _queue.IsBehind;

    /// <summary>Events and samples written since it was opened.</summary>
    public long EventsWritten => _queue.RecordsWritten;

    /// <summary>How often appending had to wait.</summary>
    public long Waits => _queue.Waits;

    /// <summary>Why nothing is written any more, or null. Order entry must stop: <see cref="Append"/> throws.</summary>
    public HistoryError? Failure => _queue.Failure;

    /// <summary>Called once on the history's thread when writing has failed. Set before the first command.</summary>
    public Action<HistoryError>? Failed
    {
        get => _queue.Failed;
        set => _queue.Failed = value;
    }

    /// <summary>Opens the history of a directory that exists, or makes it. Mode none: throws <see cref="ArgumentException"/>.</summary>
    public static HistoryResult Open(string directory, VenueProfile profile, HistoryOptions options)
    {
        RefuseNone(options);
        string path = System.IO.Path.Combine(directory, HistorySchema.FileName);
        return Start(path, profile, options, inMemory: false);
    }

    /// <summary>What the history of a directory keeps; null where there is none that can be read.</summary>
    public static HistoryMode? ModeOf(string directory) => HistoryFile.ModeOf(System.IO.Path.Combine(directory, HistorySchema.FileName));

    /// <summary>A history that is gone with the process.</summary>
    public static HistoryResult InMemory(VenueProfile profile, HistoryOptions options)
    {
        RefuseNone(options);
        return Start(":memory:", profile, options, inMemory: true);
    }

    /// <summary>
    /// Copies the events of one command. Every command is told, in order, also those without events; what was told before is skipped.
    /// Waits while history is too far behind; throws <see cref="HistoryException"/> once writing has failed.
    /// </summary>
    public void Append(ReadOnlySpan<Event> events, long sequence) => _queue.Append(events, sequence);

    /// <summary>A point of an account's equity curve; a second one of the same time replaces the first.</summary>
    public void AppendEquity(AccountId account, Timestamp time, Amount wallet, Amount equity) =>
        _queue.AppendSample(Event.Of(time, CommandId.None, account, MarketId.None, new EquitySampled { Wallet = wallet, Equity = equity }));

    /// <summary>Returns when the rows of a command are committed; throws <see cref="HistoryException"/> when they cannot be.</summary>
    public void CatchUpTo(long sequence) => _queue.CatchUpTo(sequence);

    /// <summary>Returns when everything appended so far is committed.</summary>
    public void Flush() => _queue.Run(() => 0);

    /// <summary>
    /// Says that a new, empty history begins after a command: of an exchange whose journal no longer holds its first commands. Throws
    /// <see cref="InvalidOperationException"/> when it is not empty.
    /// </summary>
    public void BeginAfter(long sequence)
    {
        if (AppendedSequence != 0)
        {
            throw new InvalidOperationException($"{Path}: holds command {AppendedSequence}, cannot begin after {sequence}");
        }

        ForgetAfter(sequence);
    }

    /// <summary>Writes what is left and closes the file. Does not throw: ask <see cref="Failure"/>.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        _readers.Dispose();
    }

    /// <summary>Removes all that came after a command; nothing is appended meanwhile.</summary>
    internal void ForgetAfter(long sequence)
    {
        _queue.Run(() =>
        {
            _store.ForgetAfter(sequence);
            return 0;
        });
        _queue.Reset(sequence);
    }

    /// <summary>
    /// Asks the database, after everything appended so far is in it. Throws <see cref="ExchangeUnavailableException"/> when it cannot be read.
    /// </summary>
    internal async Task<T> QueryAsync<T>(Func<SqliteSession, T> question)
    {
        try
        {
            if (IsInMemory) return await _queue.RunAsync(() => question(_store.Session)).ConfigureAwait(false);
            await _queue.FlushAsync().ConfigureAwait(false);
            return _readers.Ask(question);
        }
        catch (HistoryException e)
        {
            throw new ExchangeUnavailableException(e.Message);
        }
        catch (SqliteException e)
        {
            throw new ExchangeUnavailableException(HistoryError.Of(Path, e).Message);
        }
        catch (ObjectDisposedException)
        {
            throw new ExchangeUnavailableException("history is closed");
        }
    }

    private static HistoryResult Start(string path, VenueProfile profile, HistoryOptions options, bool inMemory)
    {
        SqliteSession? session = HistoryFile.Open(path, profile, options, out HistoryError? error);
        if (session is null) return new HistoryResult(null, error);
        return new HistoryResult(new ExchangeHistory(path, session, profile, options, inMemory), null);
    }

    private static void RefuseNone(HistoryOptions options)
    {
        if (options.Mode == HistoryMode.None) throw new ArgumentException("mode none has no history", nameof(options));
    }
}
