using System.Diagnostics;
using CrossMargin.Model;
using SQLitePCL;

namespace CrossMargin.Embedded.Journal;

/// <summary>
/// Writes batch after batch, on a thread of its own: the sequencer fills one while the one before is being committed, and waits only when its
/// own is full. Or on the sequencer's, where that has nothing else to do meanwhile: see <see cref="Commit"/>. What comes in during a commit
/// shares the next one. After the first failure nothing is written any more.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private const string InsertBatch = "INSERT INTO batches (first, count, engine, checksum, records) VALUES (?, ?, ?, ?, ?)";

    private readonly object _gate = new();
    private readonly string _path;
    private readonly SqliteSession _session;
    private readonly JournalOptions _options;
    private readonly Thread _thread;
    private JournalBatch _filling = new();
    private JournalBatch _writing = new();
    private Queue<Action<SqliteSession>> _jobs = new();
    private Queue<Action<SqliteSession>> _runningJobs = new();
    private long _appended;
    private long _committed;
    private long _wanted;
    private long _jobsAdded;
    private long _jobsDone;
    private bool _isWriting;
    private int _awaiting;
    private bool _closing;
    private JournalError? _failure;

    /// <summary>Owns the session from now on. <paramref name="last"/>: the last sequence number that the file holds.</summary>
    public JournalWriter(string path, SqliteSession session, long last, JournalOptions options)
    {
        (_path, _session, _options) = (path, session, options);
        _appended = _committed = last;
        _filling.Start(last + 1);
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called on the thread that wrote after each commit, with the last committed sequence number.</summary>
    public Action<long>? Committed { get; set; }

    /// <summary>Called once when writing has failed, on the thread that wrote.</summary>
    public Action<JournalError>? Failed { get; set; }

    /// <summary>Called on the thread that wrote after each commit, with the time that it took to reach the disk.</summary>
    public Action<TimeSpan>? Measured { get; set; }

    public long AppendedSequence => Volatile.Read(ref _appended);

    public long CommittedSequence => Volatile.Read(ref _committed);

    public JournalError? Failure => Volatile.Read(ref _failure);

    public void Append(in Command command)
    {
        lock (_gate)
        {
            while (_filling.Length >= _options.MaxBatchBytes && _failure is null) Await();
            if (_failure is not null) throw new JournalException(_failure);
            bool wasEnough = _filling.Count > 0 && _filling.Length >= _options.GatherBytes;
            _filling.Add(command);
            _appended++;
            if (!wasEnough && _filling.Length >= _options.GatherBytes) Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Returns when everything up to the number is on the disk.</summary>
    public void WaitForCommit(long sequence)
    {
        if (CommittedSequence >= sequence) return;
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, _appended);
            Want(sequence);
            while (_committed < sequence && _failure is null) Await();
            if (_committed < sequence) throw new JournalException(_failure!);
        }
    }

    /// <summary>Has everything that was appended so far written, without waiting.</summary>
    public void Flush()
    {
        lock (_gate) Want(_appended);
    }

    /// <summary>
    /// Writes everything that was appended so far on this thread, without a switch to the writer's and back, and returns when it is on the
    /// disk or writing has failed; where the writer is at work it has it written instead, without waiting. For the thread that appends.
    /// </summary>
    public void Commit()
    {
        lock (_gate)
        {
            if (_isWriting || _jobs.Count > 0 || _failure is not null)
            {
                Want(_appended);
                return;
            }

            if (_filling.Count == 0) return;
            Take();
        }

        try
        {
            WriteBatch();
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            Fail(e);
        }

        lock (_gate) Release();
    }

    /// <summary>Runs a job in a transaction of its own on the writer's thread, after everything that was appended before it.</summary>
    /// <returns>The job's number, for <see cref="WaitForJob"/>.</returns>
    public long Enqueue(Action<SqliteSession> job)
    {
        lock (_gate)
        {
            if (_failure is not null) throw new JournalException(_failure);
            _jobs.Enqueue(job);
            Monitor.PulseAll(_gate);
            return ++_jobsAdded;
        }
    }

    public void WaitForJob(long number)
    {
        lock (_gate)
        {
            while (_jobsDone < number && _failure is null) Await();
            if (_jobsDone < number) throw new JournalException(_failure!);
        }
    }

    /// <summary>Writes what is left and closes the file. Does not throw: ask <see cref="Failure"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
        _session.Dispose();
    }

    private void Await()
    {
        _awaiting++;
        Monitor.Wait(_gate);
        _awaiting--;
    }

    // The writer's thread waits here too, and is not to be woken by each commit of another.
    private void Tell()
    {
        if (_awaiting > 0) Monitor.PulseAll(_gate);
    }

    private void Want(long sequence)
    {
        if (sequence <= _wanted) return;
        _wanted = sequence;
        Monitor.PulseAll(_gate);
    }

    private bool HasWork() => !_isWriting && (_closing || _jobs.Count > 0
        || (_filling.Count > 0 && (_filling.Length >= _options.GatherBytes || _wanted > _committed)));

    private void Run()
    {
        try
        {
            while (TakeWork())
            {
                WriteBatch();
                RunJobs();
                lock (_gate) Release();
            }
        }
        catch (Exception e) when (JournalFaults.IsExpected(e))
        {
            Fail(e);
        }
    }

    private void Fail(Exception e)
    {
        JournalError error = JournalFaults.Of(_path, e);
        lock (_gate)
        {
            _failure = error;
            Monitor.PulseAll(_gate);
        }

        Failed?.Invoke(error);
    }

    // False when the journal is closing and nothing is left.
    private bool TakeWork()
    {
        lock (_gate)
        {
            while (_failure is null && !HasWork()) Monitor.Wait(_gate);
            if (_failure is not null || (_filling.Count == 0 && _jobs.Count == 0)) return false;
            Take();
            (_jobs, _runningJobs) = (_runningJobs, _jobs);
            Tell();
            return true;
        }
    }

    // Under the gate: what was filled is this thread's to write, until Release.
    private void Take()
    {
        _isWriting = true;
        (_filling, _writing) = (_writing, _filling);
        _filling.Start(_appended + 1);
    }

    private void Release()
    {
        _isWriting = false;
        if (HasWork()) Monitor.PulseAll(_gate);
    }

    private void WriteBatch()
    {
        if (_writing.Count == 0) return;
        sqlite3_stmt insert = _session.Statement(InsertBatch);
        raw.sqlite3_bind_int64(insert, 1, _writing.First);
        raw.sqlite3_bind_int64(insert, 2, _writing.Count);
        raw.sqlite3_bind_text(insert, 3, _options.EngineVersion);
        raw.sqlite3_bind_int64(insert, 4, JournalBatch.Checksum(_writing.First, _writing.Count, _writing.Records));
        _session.Check(raw.sqlite3_bind_blob(insert, 5, _writing.Records));
        long began = Stopwatch.GetTimestamp();
        _session.Step(insert);
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        long committed = _writing.First + _writing.Count - 1;
        lock (_gate)
        {
            _committed = committed;
            Tell();
        }

        // :: Step 9: the batch is durable; what waited for it may leave
        Committed?.Invoke(committed);
        Measured?.Invoke(took);
    }

    private void RunJobs()
    {
        while (_runningJobs.TryDequeue(out Action<SqliteSession>? job))
        {
            _session.Execute("BEGIN IMMEDIATE");
            try
            {
                job(_session);
                _session.Execute("COMMIT");
            }
            catch
            {
                RollBack();
                throw;
            }

            lock (_gate)
            {
                _jobsDone++;
                Tell();
            }
        }
    }

    private void RollBack()
    {
        // SQLite has rolled back by itself after some errors (a full disk); then this one is refused.
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
        }
    }
}
