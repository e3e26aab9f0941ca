using CrossMargin.Load.Measuring;
using CrossMargin.Load.Server;

namespace CrossMargin.Load.Scenario;

/// <summary>What all bots counted. Thread-safe.</summary>
internal sealed class SwarmFigures
{
    private readonly object _gate = new();
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private long _events;
    private long _fills;

    public long Answers { get; private set; }

    /// <summary>Requests without an answer, and streams that broke.</summary>
    public long Failures { get; private set; }

    /// <summary>Answers that only said that the server limits requests.</summary>
    public long Limited { get; private set; }

    public long Events => Interlocked.Read(ref _events);

    public long Fills => Interlocked.Read(ref _fills);

    public LatencyHistogram Latency { get; } = new();

    public IReadOnlyDictionary<string, long> Errors => _errors;

    public void Answered(int status, long code, TimeSpan latency)
    {
        lock (_gate)
        {
            Answers++;
            Latency.Add(latency);
            if (TradingClient.IsLimited(status)) Limited++;
            if (status != 200) Count($"{status} {code}");
        }
    }

    public void Broke(string what)
    {
        lock (_gate)
        {
            Failures++;
            Count(what);
        }
    }

    public void Heard(bool isFill)
    {
        Interlocked.Increment(ref _events);
        if (isFill) Interlocked.Increment(ref _fills);
    }

    private void Count(string what) => _errors[what] = _errors.GetValueOrDefault(what) + 1;
}
