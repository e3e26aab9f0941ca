using CrossMargin.Model;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// The file `exchange.journal` of a directory: every command in its order, and snapshots that shorten replay. One process at a time.
/// What leaves the process waits for <see cref="CommittedSequence"/>. Methods without another word are for the sequencer thread.
/// </summary>
public sealed class ExchangeJournal : IDisposable
{
    private readonly FileStream _lock;
    private readonly JournalWriter _writer;
    private readonly JournalOptions _options;

    private ExchangeJournal(string path, FileStream handle, SqliteSession session, JournalOptions options)
    {
        Path = path;
        (_lock, _options) = (handle, options);
        Profile = JournalMeta.Read(session, JournalMeta.Profile) ?? "";
        Settings = JournalMeta.Read(session, JournalMeta.Settings) ?? "";
        Finished = JournalMeta.Read(session, JournalMeta.Finished);
        long last = session.Scalar("SELECT first + count - 1 FROM batches ORDER BY first DESC LIMIT 1") as long? ?? 0;
        long snapshot = session.Scalar("SELECT max(sequence) FROM snapshots") as long? ?? 0;
        _writer = new JournalWriter(path, session, Math.Max(last, snapshot), options);
    }

    public string Path { get; }

    /// <summary>The venue profile's JSON, as it was when the journal was created.</summary>
    public string Profile { get; }

    /// <summary>What the creator of the journal gave as its first record (JSON).</summary>
    public string Settings { get; }

    /// <summary>What <see cref="Finish"/> was given, or null while the run goes on.</summary>
    public string? Finished { get; private set; }

    /// <summary>The last command that was appended. Any thread.</summary>
    public long AppendedSequence => _writer.AppendedSequence;

    /// <summary>The last command that survives a crash. Any thread.</summary>
    public long CommittedSequence => _writer.CommittedSequence;

    /// <summary>Why nothing is written any more, or null. Any thread.</summary>
    public JournalError? Failure => _writer.Failure;

    /// <summary>Called on the writer's thread after each commit. Set before the first command.</summary>
    public Action<long>? Committed
    {
        get => _writer.Committed;
        set => _writer.Committed = value;
    }

    /// <summary>Called on the writer's thread when writing has failed. Set before the first command.</summary>
    public Action<JournalError>? Failed
    {
        get => _writer.Failed;
        set => _writer.Failed = value;
    }

    /// <summary>A new journal in a directory (made if need be) that has none.</summary>
    public static JournalResult Create(string directory, string profile, string settings, JournalOptions? options = null)
    {
        string path = System.IO.Path.Combine(directory, JournalFormat.FileName);
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            return new JournalResult(null, JournalFaults.Of(directory, e));
        }

        if (File.Exists(path))
        {
            return new JournalResult(null, new JournalError(JournalErrorKind.Exists, $"{path}: a journal is there already"));
        }

        options ??= new JournalOptions();
        return Locked(directory, path, options, () => JournalFile.Create(path, profile, settings, options));
    }

    /// <summary>The journal of a directory, to be read and continued.</summary>
    public static JournalResult Open(string directory, JournalOptions? options = null)
    {
        string path = System.IO.Path.Combine(directory, JournalFormat.FileName);
        if (!File.Exists(path)) return new JournalResult(null, new JournalError(JournalErrorKind.Missing, $"{path}: no journal"));
        options ??= new JournalOptions();
        return Locked(directory, path, options, () => JournalFile.Open(path, options));
    }

    /// <summary>Queues the next command. Throws <see cref="JournalException"/> once writing has failed.</summary>
    public void Append(in Command command) => _writer.Append(command);

    /// <summary>Has everything appended so far written, without waiting.</summary>
    public void Flush() => _writer.Flush();

    /// <summary>
    /// Returns when the command is on the disk; throws <see cref="JournalException"/> when it cannot get there. Any thread.
    /// </summary>
    public void WaitForCommit(long sequence) => _writer.WaitForCommit(sequence);

    /// <summary>
    /// Queues a snapshot of the state after the last appended command; it is compressed and written behind the command's commit. The parts
    /// are copied before this returns.
    /// </summary>
    public void SaveSnapshot(SnapshotImage image)
    {
        if (image.Sequence != AppendedSequence)
        {
            throw new ArgumentException($"a snapshot of {image.Sequence}, but {AppendedSequence} commands were appended", nameof(image));
        }

        _writer.Enqueue(session => SnapshotTable.Insert(session, image, _options));
    }

    /// <summary>Marks the journal as finished, and waits until that is on the disk.</summary>
    public void Finish(string text)
    {
        SetMeta(JournalMeta.Finished, text);
        Finished = text;
    }

    /// <summary>Keeps a text under a key, and waits until it is on the disk. Any thread.</summary>
    public void SetMeta(string key, string value) => _writer.WaitForJob(_writer.Enqueue(session => JournalMeta.Write(session, key, value)));

    /// <summary>The text under a key, or null. Any thread.</summary>
    public string? GetMeta(string key)
    {
        using var session = new SqliteSession(Path, SqliteOpenMode.ReadOnly);
        return JournalMeta.Read(session, key);
    }

    /// <summary>Reads the commands after a sequence number, as far as they are committed. Any thread.</summary>
    public JournalCursor Read(long after) => new(Path, _options.EngineVersion, after);

    /// <summary>The newest snapshot at or before a sequence number, or null. Any thread.</summary>
    public SnapshotImage? LoadSnapshot(long atMost = long.MaxValue)
    {
        using var session = new SqliteSession(Path, SqliteOpenMode.ReadOnly);
        return SnapshotTable.Load(Path, session, atMost);
    }

    /// <summary>
    /// Copies everything committed so far into a new file, while the exchange runs. Returns null, or why not; then no file is left.
    /// Any thread.
    /// </summary>
    public JournalError? Backup(string file)
    {
        if (File.Exists(file)) return new JournalError(JournalErrorKind.Exists, $"{file}: is there already");
        string part = file + ".part";
        try
        {
            File.Delete(part);
            using (var source = new SqliteSession(Path, SqliteOpenMode.ReadOnly))
            using (var target = new SqliteSession(part, SqliteOpenMode.ReadWriteCreate))
            {
                source.Connection.BackupDatabase(target.Connection);
                target.Execute("PRAGMA journal_mode = DELETE");
            }

            using (var whole = new FileStream(part, FileMode.Open, FileAccess.ReadWrite)) whole.Flush(flushToDisk: true);
            File.Move(part, file);
            return null;
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            File.Delete(part);
            return JournalFaults.Of(file, e);
        }
    }

    /// <summary>Writes what was appended and closes the file.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _lock.Dispose();
    }

    private static JournalResult Locked(string directory, string path, JournalOptions options, Func<SqliteSession> open)
    {
        JournalError? error = JournalFile.TryLock(directory, out FileStream? handle);
        if (error is not null) return new JournalResult(null, error);
        SqliteSession? session = null;
        try
        {
            session = open();
            error = JournalFile.Objection(path, session);
            if (error is null) return new JournalResult(new ExchangeJournal(path, handle!, session, options), null);
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            error = JournalFaults.Of(path, e);
        }

        session?.Dispose();
        handle!.Dispose();
        return new JournalResult(null, error);
    }
}
