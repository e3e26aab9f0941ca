using System.Diagnostics;

namespace CrossMargin.Load.Measuring;

/// <summary>What another process used since the meter was made or last read.</summary>
internal sealed class ProcessMeter
{
    private readonly Process _process;
    private TimeSpan _processor;
    private long _at;

    public ProcessMeter(Process process)
    {
        _process = process;
        Read();
    }

    /// <summary>Processor time of all its threads, and wall time, since the last call.</summary>
    public (TimeSpan Processor, TimeSpan Wall) Read()
    {
        _process.Refresh();
        TimeSpan processor = _process.TotalProcessorTime;
        long now = Stopwatch.GetTimestamp();
        (TimeSpan, TimeSpan) used = (processor - _processor, Stopwatch.GetElapsedTime(_at, now));
        (_processor, _at) = (processor, now);
        return used;
    }

    /// <summary>Resident memory in bytes, now.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }
}
