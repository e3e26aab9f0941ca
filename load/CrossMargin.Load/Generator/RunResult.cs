using CrossMargin.Load.Measuring;

namespace CrossMargin.Load.Generator;

/// <summary>What came of one run of the generator.</summary>
internal sealed class RunResult
{
    private readonly Dictionary<(int Status, long Code), long> _refusals = [];

    /// <summary>Answers counted, of any status.</summary>
    public long Count { get; private set; }

    /// <summary>Requests of the plan that had no answer when the run was given up.</summary>
    public long Unanswered { get; set; }

    public TimeSpan Elapsed { get; set; }

    /// <summary>From the planned send time to the whole answer.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>From the planned send time to the send: what the generator itself, or a lack of free connections, added.</summary>
    public LatencyHistogram Lateness { get; } = new();

    public double PerSecond => Count / Elapsed.TotalSeconds;

    /// <summary>How often each status with its code came that was not 200.</summary>
    public IReadOnlyDictionary<(int Status, long Code), long> Refusals => _refusals;

    /// <summary>Answers that refused for the sake of a request limit.</summary>
    public long Limited => _refusals.Where(r => r.Key.Status is 429 or 418).Sum(r => r.Value);

    public void Add(int status, long code, TimeSpan latency)
    {
        if (status != 200) _refusals[(status, code)] = _refusals.GetValueOrDefault((status, code)) + 1;
        Count++;
        Latency.Add(latency);
    }
}
