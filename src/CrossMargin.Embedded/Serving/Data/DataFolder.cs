using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.History;
using CrossMargin.Embedded.Journal;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Data;

/// <summary>An open data folder, or one line that says why not and names the file.</summary>
public readonly record struct DataFolderResult(DataFolder? Folder, string? Error)
{
    /// <summary>Throws <see cref="IOException"/> where there is none.</summary>
    public DataFolder OrThrow() => Folder ?? throw new IOException(Error);
}

/// <summary>
/// The data of a serving exchange in one folder: `exchange.journal` is the truth (every command, snapshots, settings), `exchange.db` is
/// history and can be made again from it. Opened or created, brought to the last command, history complete. Then <see cref="Start"/>.
/// A backup is a copy of the journal file; what others keep beside it (keys that secrets are encrypted with) they back up themselves.
/// </summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>What a served journal's settings begin with; a run of `simulate` has others.</summary>
    private const string ServedSettings = """{"kind":"serve"}""";

    private readonly DataFolderOptions _options;
    private EmbeddedExchange? _exchange;
    private DataCare? _care;
    private bool _isDisposed;

    private DataFolder(DataFolderOptions options, ExchangeEngine engine, ExchangeJournal? journal, ExchangeHistory? history)
    {
        (_options, Engine, Journal, History) = (options, engine, journal, history);
        Settings = journal is null ? new MemorySettings() : new JournalSettings(journal);
    }

    /// <summary>Stands at the last command. Not to be touched after <see cref="Start"/>.</summary>
    public ExchangeEngine Engine { get; }

    public VenueProfile Profile => Engine.Profile;

    /// <summary>Null without a folder.</summary>
    public ExchangeJournal? Journal { get; }

    /// <summary>Null in mode none.</summary>
    public ExchangeHistory? History { get; }

    public ISettingsStore Settings { get; }

    /// <summary>Nothing has happened here yet.</summary>
    public bool IsNew => Engine.Sequence == 0;

    /// <summary>Opens what is there, or makes a new exchange where nothing is.</summary>
    public static DataFolderResult Open(DataFolderOptions options)
    {
        if (options.Directory is null) return InMemory(options);
        bool exists = ExchangeJournal.Exists(options.Directory);
        VenueProfile profile = options.Profile ?? VenueProfiles.Binance;
        JournalOptions journalOptions = options.Journal with { KeepDays = options.KeepDays };
        JournalResult result = exists
            ? ExchangeJournal.Open(options.Directory, journalOptions)
            : ExchangeJournal.Create(options.Directory, profile.Source, ServedSettings, journalOptions);
        if (result.Journal is not { } journal) return new DataFolderResult(null, result.Error!.Message);
        ExchangeHistory? history = null;
        string? error = DataRestore.Profile(journal, ServedSettings, out profile);
        if (error is null && options.History != HistoryMode.None) error = OpenHistory(options, journal, profile, out history);
        ExchangeEngine engine = null!;
        if (error is null) error = DataRestore.Run(engine = new ExchangeEngine(profile), journal, history);
        if (error is null) return new DataFolderResult(new DataFolder(options, engine, journal, history), null);
        history?.Dispose();
        if (!exists) journal.TakeBack();
        else journal.Dispose();
        return new DataFolderResult(null, error);
    }

    /// <summary>
    /// Starts to serve, once. <paramref name="jumpTo"/>: exchange time jumps there before anything else, where it is later: what fell due
    /// fires, funding that was passed is skipped.
    /// </summary>
    public EmbeddedExchange Start(IExchangeClock clock, IExchangeBeat? beat = null, Timestamp? jumpTo = null)
    {
        if (_exchange is not null) throw new InvalidOperationException("started already");
        if (jumpTo is { } time && time > Engine.Now && !IsNew) Jump(time);
        var space = new DiskSpace(Journal, _options);
        var serving = new ServingOptions { Beat = beat, Log = _options.Log, OrderStop = Journal is null ? null : space.OrderStop };
        var exchange = new EmbeddedExchange(Engine, Journal, clock, History, serving);
        if (History is not null) History.Reader.Now = () => exchange.Now;
        _exchange = exchange;
        _care = new DataCare(exchange, this, _options);
        return exchange;
    }

    /// <summary>
    /// Copies the journal as committed so far into a new file, while the exchange runs: all that is needed to restore it, but for keys that
    /// others keep. To restore, put the file as `exchange.journal` into an empty folder. Returns null, or why not. Any thread.
    /// </summary>
    public string? Backup(string file) => Journal is null ? "an exchange without a data folder has nothing to back up" : Journal.Backup(file)?.Message;

    /// <summary>Serves no more; writes a snapshot for a quick start and for the next release, what is left of history, and closes both files.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _care?.Dispose();
        if (_exchange is not null) _exchange.Dispose();
        if (Journal is { Failure: null } && (_exchange is null || _exchange.Unavailable is null) && !IsNew)
        {
            try
            {
                Journal.SaveSnapshot(SnapshotImage.Of(Engine));
            }
            catch (JournalException e)
            {
                ServingLog.Stopped(_options.Log, e.Message);
            }
        }

        History?.Dispose();
        Journal?.Dispose();
    }

    private void Jump(Timestamp time)
    {
        Command jump = Command.JumpTo(time);
        Journal?.Append(jump);
        Engine.Execute(jump);
        History?.Append(Engine.Events, Engine.Sequence);
        Journal?.Flush();
    }

    private static DataFolderResult InMemory(DataFolderOptions options)
    {
        VenueProfile profile = options.Profile ?? VenueProfiles.Binance;
        ExchangeHistory? history = null;
        if (options.History != HistoryMode.None)
        {
            HistoryResult made = ExchangeHistory.InMemory(profile, options.HistoryWriting with { Mode = options.History });
            if (made.History is null) return new DataFolderResult(null, made.Error!.Message);
            history = made.History;
        }

        return new DataFolderResult(new DataFolder(options, new ExchangeEngine(profile), null, history), null);
    }

    private static string? OpenHistory(DataFolderOptions options, ExchangeJournal journal, VenueProfile profile, out ExchangeHistory? history)
    {
        var writing = options.HistoryWriting with { Mode = options.History, WaitForJournal = journal.WaitForCommit, RunId = journal.RunId };
        HistoryResult result = ExchangeHistory.Open(options.Directory!, profile, writing);
        history = result.History;
        return result.Error?.Message;
    }
}
