using CrossMargin.Model;

namespace CrossMargin.Embedded.History;

/// <summary>Takes buffers of events on the history's thread. Throws when it cannot; then nothing of that call was written.</summary>
internal interface IHistoryTarget : IDisposable
{
    /// <summary>Writes whole commands, the last of which is <paramref name="lastSequence"/>, as one transaction.</summary>
    void Write(IReadOnlyList<HistoryBuffer> buffers, long lastSequence);
}

/// <summary>
/// Between the sequencer and the history's thread: the sequencer copies into a buffer, full buffers wait in a bounded queue. Nothing is
/// dropped: a sequencer that is too far ahead waits. After the first failure nothing is written any more, and appending throws.
/// </summary>
internal sealed class HistoryQueue : IDisposable
{
    private readonly object _gate = new();
    private readonly string _path;
    private readonly HistoryOptions _options;
    private readonly EventFilter _filter;
    private readonly IHistoryTarget _target;
    private readonly Thread _thread;
    private readonly Queue<HistoryBuffer> _full = new();
    private readonly List<HistoryBuffer> _inWork = [];
    private readonly Stack<HistoryBuffer> _free = new();
    private readonly Queue<(long After, Action Job, Action<Exception>? Fail)> _jobs = new();
    private readonly long _maxLagTicks;
    private HistoryBuffer _filling;
    private long _appended;
    private long _written;
    private long _wanted;
    private long _recordsAdded;
    private long _lastTime;
    private long _recordsWritten;
    private bool _closing;
    private HistoryError? _failure;

    /// <summary>Owns the target from now on. <paramref name="last"/>: the last command that the target holds.</summary>
    public HistoryQueue(string path, IHistoryTarget target, long last, HistoryOptions options)
    {
        (_path, _target, _options) = (path, target, options);
        _filter = new EventFilter(options.Mode);
        _maxLagTicks = (long)(options.MaxLag.TotalSeconds * options.Clock.TimestampFrequency);
        _appended = _written = _wanted = last;
        _filling = new HistoryBuffer(options.BufferEvents + (options.BufferEvents / 8)) { LastSequence = last };
        _thread = new Thread(Run) { Name = "history", IsBackground = true };
        _thread.Start();
    }

    public Action<HistoryError>? Failed { get; set; }

    public long AppendedSequence => Volatile.Read(ref _appended);

    public long WrittenSequence => Volatile.Read(ref _written);

    public Timestamp LastTime => new(Volatile.Read(ref _lastTime));

    public HistoryError? Failure => Volatile.Read(ref _failure);

    /// <summary>Events and samples written since the queue was made.</summary>
    public long RecordsWritten => Volatile.Read(ref _recordsWritten);

    /// <summary>How often an append had to wait.</summary>
    public long Waits { get; private set; }

    public bool IsBehind
    {
        get
        {
            lock (_gate) return TooMany() || TooOld();
        }
    }

    public void Append(ReadOnlySpan<Event> events, long sequence)
    {
        lock (_gate)
        {
            if (_failure is not null) throw new HistoryException(_failure);
            ObjectDisposedException.ThrowIf(_closing, this);
            if (sequence <= _appended) return; // a replay tells again what was told
            if (sequence != _appended + 1)
            {
                throw new InvalidOperationException($"{_path}: holds command {_appended}, was given {sequence}: it must catch up first");
            }

            WaitForRoom();
            for (int i = 0; i < events.Length; i++)
            {
                ref readonly Event e = ref events[i];
                if (_filter.Keeps(e.Kind)) Add(RowId.Of(sequence, i), e);
            }

            if (events.Length > 0) _lastTime = events[^1].Time.Milliseconds;
            _filling.LastSequence = sequence;
            _appended = sequence;
            if (_filling.Count >= _options.BufferEvents) HandOver();
        }
    }

    /// <summary>A record besides the events, after those of the last command.</summary>
    public void AppendSample(in Event sample)
    {
        lock (_gate)
        {
            if (_failure is not null) throw new HistoryException(_failure);
            ObjectDisposedException.ThrowIf(_closing, this);
            WaitForRoom();
            Add(RowId.First(_appended), sample);
            if (_filling.Count >= _options.BufferEvents) HandOver();
        }
    }

    /// <summary>Returns when everything up to a command is written; throws <see cref="HistoryException"/> when it cannot be.</summary>
    public void CatchUpTo(long sequence)
    {
        lock (_gate)
        {
            if (sequence > _appended)
            {
                throw new ArgumentOutOfRangeException(nameof(sequence), sequence, $"only {_appended} commands were appended");
            }

            Want(sequence);
            while (_written < sequence && _failure is null) Monitor.Wait(_gate);
            if (_written < sequence) throw new HistoryException(_failure!);
        }
    }

    /// <summary>Runs a job on the history's thread, between two transactions, after everything appended so far; waits for it.</summary>
    public T Run<T>(Func<T> job)
    {
        T result = default!;
        Exception? fault = null;
        bool done = false;
        lock (_gate)
        {
            if (_failure is not null) throw new HistoryException(_failure);
            ObjectDisposedException.ThrowIf(_closing, this);
            Want(_appended);
            _jobs.Enqueue((_recordsAdded, Work, null));
            Monitor.PulseAll(_gate);
            while (!done && _failure is null) Monitor.Wait(_gate);
            if (!done) throw new HistoryException(_failure!);
        }

        if (fault is not null) throw new HistoryException(HistoryError.Of(_path, fault));
        return result;

        void Work()
        {
            try
            {
                result = job();
            }
            catch (Exception e)
            {
                fault = e;
            }

            lock (_gate)
            {
                done = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>
    /// The same without blocking a thread: a job that throws, or history's failure, ends the task with <see cref="HistoryException"/>.
    /// </summary>
    public Task<T> RunAsync<T>(Func<T> job)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_failure is not null) throw new HistoryException(_failure);
            ObjectDisposedException.ThrowIf(_closing, this);
            Want(_appended);
            _jobs.Enqueue((_recordsAdded, Work, Fail));
        }

        return done.Task;

        void Fail(Exception e) => done.TrySetException(e);

        void Work()
        {
            try
            {
                done.TrySetResult(job());
            }
            catch (Exception e)
            {
                Fail(new HistoryException(HistoryError.Of(_path, e)));
            }
        }
    }

    /// <summary>Ends when everything appended so far is written; at once where it is.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (_failure is not null) throw new HistoryException(_failure);
            ObjectDisposedException.ThrowIf(_closing, this);
            if (_recordsWritten == _recordsAdded) return Task.CompletedTask;
        }

        return RunAsync(() => 0);
    }

    /// <summary>Sets the last command that the target holds, when it was changed by a job. Everything appended has been written.</summary>
    public void Reset(long sequence)
    {
        lock (_gate)
        {
            if (_filling.Count > 0 || _written != _appended) throw new InvalidOperationException($"{_path}: not at rest");
            _appended = _written = _wanted = _filling.LastSequence = sequence;
        }
    }

    /// <summary>Writes what is left. Does not throw: ask <see cref="Failure"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closing) return;
            _closing = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
        _target.Dispose();
    }

    private void Add(long id, in Event e)
    {
        if (_filling.Count == 0)
        {
            _filling.Since = _options.Clock.GetTimestamp();
            Monitor.PulseAll(_gate); // from now on its idle time runs
        }

        _filling.Add(id, e);
        _recordsAdded++;
    }

    private void HandOver()
    {
        long last = _filling.LastSequence;
        _full.Enqueue(_filling);
        _filling = _free.Count > 0 ? _free.Pop() : new HistoryBuffer(_options.BufferEvents + (_options.BufferEvents / 8));
        _filling.LastSequence = last;
        Monitor.PulseAll(_gate);
    }

    private void WaitForRoom()
    {
        if (!TooMany() && (_full.Count + _inWork.Count == 0 || !TooOld())) return;
        Waits++;
        while (_failure is null && (TooMany() || TooOld()))
        {
            Want(_appended);
            Monitor.Wait(_gate);
        }

        if (_failure is not null) throw new HistoryException(_failure);
    }

    private bool TooMany() => _full.Count + _inWork.Count >= _options.MaxBuffers;

    private bool TooOld()
    {
        HistoryBuffer oldest = _inWork.Count > 0 ? _inWork[0] : _full.Count > 0 ? _full.Peek() : _filling;
        return oldest.Count > 0 && _options.Clock.GetTimestamp() - oldest.Since > _maxLagTicks;
    }

    private void Want(long sequence)
    {
        _wanted = Math.Max(_wanted, sequence);
        Monitor.PulseAll(_gate);
    }

    private void Run()
    {
        try
        {
            while (TakeWork(out long last))
            {
                if (_inWork.Count > 0 || last > WrittenSequence) _target.Write(_inWork, last);
                Finished(last);
                while (TakeJob() is { } job) job();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            HistoryError error = HistoryError.Of(_path, e);
            lock (_gate)
            {
                _failure = error;
                while (_jobs.TryDequeue(out (long After, Action Job, Action<Exception>? Fail) left)) left.Fail?.Invoke(new HistoryException(error));
                Monitor.PulseAll(_gate);
            }

            Failed?.Invoke(error);
        }
    }

    // False at the end. The buffers to write are in _inWork; none, when there is only a job to do or a number to advance.
    private bool TakeWork(out long last)
    {
        lock (_gate)
        {
            bool partly = false;
            long since = Environment.TickCount64;
            while (_full.Count == 0 && _wanted <= _written && _jobs.Count == 0 && !_closing && !partly)
            {
                if (_filling.Count == 0)
                {
                    Monitor.Wait(_gate);
                    since = Environment.TickCount64;
                    continue;
                }

                // Counted from the first event on: an exchange at work is never idle.
                TimeSpan left = _options.Idle - TimeSpan.FromMilliseconds(Environment.TickCount64 - since);
                if (left <= TimeSpan.Zero) partly = true;
                else Monitor.Wait(_gate, left);
            }

            while (_full.Count > 0 && _inWork.Count < _options.BuffersPerTransaction) _inWork.Add(_full.Dequeue());
            bool all = partly || _closing || _jobs.Count > 0 || _wanted > _written;
            if (_full.Count == 0 && all && _filling.Count > 0)
            {
                HandOver();
                _inWork.Add(_full.Dequeue());
            }

            // Commands that left no record advance the number only.
            last = _inWork.Count > 0 ? _inWork[^1].LastSequence : _appended;
            return !(_closing && _inWork.Count == 0 && _written == _appended && _jobs.Count == 0);
        }
    }

    private Action? TakeJob()
    {
        lock (_gate)
        {
            return _jobs.Count > 0 && _jobs.Peek().After <= _recordsWritten ? _jobs.Dequeue().Job : null;
        }
    }

    private void Finished(long last)
    {
        lock (_gate)
        {
            _written = Math.Max(_written, last);
            foreach (HistoryBuffer buffer in _inWork)
            {
                _recordsWritten += buffer.Count;
                buffer.Clear();
                if (buffer.Capacity <= 2 * _options.BufferEvents) _free.Push(buffer);
            }

            _inWork.Clear();
            Monitor.PulseAll(_gate);
        }
    }
}
