using CrossMargin.Embedded.History;
using CrossMargin.Model;
using Microsoft.Data.Sqlite;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// The file `exchange.journal` of a directory: every command in its order, and snapshots that shorten replay. One process at a time.
/// What leaves the process waits for <see cref="CommittedSequence"/>. Methods without another word are for the sequencer thread.
/// </summary>
public sealed class ExchangeJournal : IDisposable
{
    private readonly JournalPlace _place;
    private readonly JournalWriter _writer;
    private readonly JournalOptions _options;

    private ExchangeJournal(string path, JournalPlace place, SqliteSession session, JournalOptions options)
    {
        Path = path;
        (_place, _options) = (place, options);
        RunId = JournalMeta.Read(session, JournalMeta.Run);
        Profile = JournalMeta.Read(session, JournalMeta.Profile) ?? "";
        Settings = JournalMeta.Read(session, JournalMeta.Settings) ?? "";
        Finished = JournalMeta.Read(session, JournalMeta.Finished);
        long last = session.Scalar("SELECT first + count - 1 FROM batches ORDER BY first DESC LIMIT 1") as long? ?? 0;
        long snapshot = session.Scalar("SELECT max(sequence) FROM snapshots") as long? ?? 0;
        _writer = new JournalWriter(path, session, Math.Max(last, snapshot), options);
    }

    public string Path { get; }

    /// <summary>Drawn when the journal was created: what is derived from it carries the same. Null where it has none.</summary>
    public string? RunId { get; }

    /// <summary>The version that writes to it, see <see cref="JournalOptions.EngineVersion"/>.</summary>
    public string EngineVersion => _options.EngineVersion;

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

    /// <summary>Called on the thread that wrote after each commit. Set before the first command.</summary>
    public Action<long>? Committed
    {
        get => _writer.Committed;
        set => _writer.Committed = value;
    }

    /// <summary>Called on the thread that wrote when writing has failed. Set before the first command.</summary>
    public Action<JournalError>? Failed
    {
        get => _writer.Failed;
        set => _writer.Failed = value;
    }

    /// <summary>
    /// Called on the thread that wrote after each commit with the time it took to reach the disk; must be short. Set before the first command.
    /// </summary>
    public Action<TimeSpan>? Measured
    {
        get => _writer.Measured;
        set => _writer.Measured = value;
    }

    /// <summary>Bytes of the file and of what is not yet folded into it. Any thread.</summary>
    public long FileBytes => JournalFile.WithCompanions(Path).Sum(f => new FileInfo(f) is { Exists: true } file ? file.Length : 0);

    /// <summary>Whether a directory holds a journal; a file whose making was cut off is none.</summary>
    public static bool Exists(string directory)
    {
        string path = System.IO.Path.Combine(directory, JournalFormat.FileName);
        return File.Exists(path) && !JournalFile.IsHollow(path);
    }

    /// <summary>
    /// A new journal in a directory (made if need be) that has none, and no history either: its rows would be taken for this journal's.
    /// Where it comes to nothing, nothing of it stays.
    /// </summary>
    public static JournalResult Create(string directory, string profile, string settings, JournalOptions? options = null)
    {
        string path = System.IO.Path.Combine(directory, JournalFormat.FileName);
        JournalError? error = JournalPlace.TryMake(directory, out JournalPlace? place);
        if (error is not null) return new JournalResult(null, error);
        options ??= new JournalOptions();
        return Held(path, place!, options, () => JournalFile.Create(path, profile, settings, options), MakeRoom(directory, path));
    }

    /// <summary>The journal of a directory, to be read and continued.</summary>
    public static JournalResult Open(string directory, JournalOptions? options = null)
    {
        string path = System.IO.Path.Combine(directory, JournalFormat.FileName);
        if (!File.Exists(path)) return new JournalResult(null, new JournalError(JournalErrorKind.Missing, $"{path}: no journal"));
        JournalError? error = JournalPlace.TryTake(directory, out JournalPlace? place);
        if (error is not null) return new JournalResult(null, error);
        options ??= new JournalOptions();
        return Held(path, place!, options, () => JournalFile.Open(path, options), null);
    }

    /// <summary>Queues the next command. Throws <see cref="JournalException"/> once writing has failed.</summary>
    public void Append(in Command command) => _writer.Append(command);

    /// <summary>Has everything appended so far written, without waiting.</summary>
    public void Flush() => _writer.Flush();

    /// <summary>
    /// Writes everything appended so far on this thread and returns when it is on the disk, or <see cref="Failure"/> says why not; where the
    /// writer is at work it has it written, without waiting. Saves two switches of threads where nothing else is to be done meanwhile.
    /// </summary>
    public void Commit() => _writer.Commit();

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

    /// <summary>Forgets a key, and waits until that is on the disk. Any thread.</summary>
    public void RemoveMeta(string key) => _writer.WaitForJob(_writer.Enqueue(session => JournalMeta.Remove(session, key)));

    /// <summary>All keys that begin with a prefix, in ordinal order, with their texts. Any thread.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ListMeta(string prefix)
    {
        using var session = new SqliteSession(Path, SqliteOpenMode.ReadOnly);
        return JournalMeta.List(session, prefix);
    }

    /// <summary>Reads the commands after a sequence number, as far as they are committed. Any thread.</summary>
    public JournalCursor Read(long after) => new(Path, _options.EngineVersion, after);

    /// <summary>The newest snapshot at or before a sequence number, or null. Any thread.</summary>
    public SnapshotImage? LoadSnapshot(long atMost = long.MaxValue)
    {
        using var session = new SqliteSession(Path, SqliteOpenMode.ReadOnly);
        return SnapshotTable.Load(Path, session, atMost);
    }

    /// <summary>The newest snapshot taken at or before an exchange time: its command; or null. Any thread.</summary>
    public long? SnapshotAt(Timestamp time)
    {
        using var session = new SqliteSession(Path, SqliteOpenMode.ReadOnly);
        FormattableString sql = $"SELECT max(sequence) FROM snapshots WHERE time <= {time.Milliseconds}";
        return session.Scalar(FormattableString.Invariant(sql)) as long?;
    }

    /// <summary>The first command that the journal still holds; 1 unless <see cref="DropBefore"/> was used. Any thread.</summary>
    public long FirstSequence
    {
        get
        {
            using var session = new SqliteSession(Path, SqliteOpenMode.ReadOnly);
            return session.Scalar("SELECT min(first) FROM batches") as long? ?? AppendedSequence + 1;
        }
    }

    /// <summary>
    /// Drops the commands up to a snapshot, and older snapshots, in small pieces between commits; the caller has made sure that the snapshot
    /// can be restored. The file does not shrink: its room is used again. Waits. Any thread but the sequencer's.
    /// </summary>
    public void DropBefore(long snapshot)
    {
        const int Piece = 256;
        bool more = true;
        while (more)
        {
            long job = _writer.Enqueue(session =>
            {
                FormattableString sql =
                    $"DELETE FROM batches WHERE first IN (SELECT first FROM batches WHERE first + count - 1 <= {snapshot} ORDER BY first LIMIT {Piece})";
                session.Execute(FormattableString.Invariant(sql));
                more = session.Scalar("SELECT changes()") is long and > 0;
            });
            _writer.WaitForJob(job);
        }

        _writer.WaitForJob(_writer.Enqueue(session =>
        {
            session.Execute(FormattableString.Invariant($"DELETE FROM snapshots WHERE sequence < {snapshot}"));
            session.Execute(FormattableString.Invariant($"DELETE FROM snapshot_parts WHERE sequence < {snapshot}"));
        }));
    }

    /// <summary>
    /// Copies everything committed so far into a new file, while the exchange runs. Returns null, or why not; then no file is left.
    /// Any thread.
    /// </summary>
    public JournalError? Backup(string file) => BackupOf(Path, file);

    /// <summary>The same of a directory's journal that another process may be writing.</summary>
    public static JournalError? BackupDirectory(string directory, string file)
    {
        string path = System.IO.Path.Combine(directory, JournalFormat.FileName);
        return Exists(directory) ? BackupOf(path, file) : new JournalError(JournalErrorKind.Missing, $"{path}: no journal");
    }

    private static JournalError? BackupOf(string path, string file)
    {
        if (File.Exists(file)) return new JournalError(JournalErrorKind.Exists, $"{file}: is there already");
        string part = file + ".part";
        try
        {
            File.Delete(part);
            using (var source = new SqliteSession(path, SqliteOpenMode.ReadOnly))
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
        _place.Dispose();
    }

    /// <summary>
    /// Takes a journal back that was created here and to which nothing was appended: closes it and deletes it, with the history beside it
    /// (closed before), the lock and the directory, if they were made for it. Throws <see cref="InvalidOperationException"/> where it
    /// holds a command.
    /// </summary>
    public void TakeBack()
    {
        if (AppendedSequence > 0) throw new InvalidOperationException($"{Path}: holds {AppendedSequence} commands");
        _writer.Dispose();
        string history = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, HistorySchema.FileName);
        _place.TakeBack([.. JournalFile.WithCompanions(history), .. JournalFile.WithCompanions(Path)]);
    }

    // Null when a new journal can be made there. The directory is held.
    private static JournalError? MakeRoom(string directory, string path)
    {
        try
        {
            if (JournalFile.IsHollow(path))
            {
                foreach (string file in JournalFile.WithCompanions(path)) File.Delete(file);
            }

            if (File.Exists(path)) return new JournalError(JournalErrorKind.Exists, $"{path}: a journal is there already");
            string history = System.IO.Path.Combine(directory, HistorySchema.FileName);
            if (!System.IO.Path.Exists(history)) return null;
            string problem = $"{history}: the history of another run is there; a new run needs another directory, or that file deleted";
            return new JournalError(JournalErrorKind.Exists, problem);
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            return JournalFaults.Of(path, e);
        }
    }

    private static JournalResult Held(
        string path, JournalPlace place, JournalOptions options, Func<SqliteSession> open, JournalError? error)
    {
        SqliteSession? session = null;
        try
        {
            session = error is null ? open() : null;
            error ??= JournalFile.Objection(path, session!);
            if (error is null) return new JournalResult(new ExchangeJournal(path, place, session!, options), null);
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            error = JournalFaults.Of(path, e);
        }

        session?.Dispose();
        place.TakeBack([]);
        return new JournalResult(null, error);
    }
}
