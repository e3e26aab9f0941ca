using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds;

/// <summary>
/// What all feeds share: the grid of steps, the order of calls, recorded funding, and a snapshot that is the number of the next step,
/// because prices are functions of the settings and the step. Not thread-safe.
/// </summary>
public abstract class LockStepFeed : ILiveFeed
{
    private readonly IReadOnlyList<FundingUpdate> _funding;
    private long _next;
    private int _nextFunding;

    /// <param name="start">Exchange time of step 0.</param>
    /// <param name="stepMilliseconds">Time between two steps, &gt; 0.</param>
    /// <param name="stepCount">Number of steps, ≥ 1.</param>
    /// <param name="funding">Recorded rates by time, then market; those before the start are left out.</param>
    protected LockStepFeed(Timestamp start, long stepMilliseconds, long stepCount, IReadOnlyList<FundingUpdate> funding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepMilliseconds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepCount, 1);
        (Start, StepMilliseconds, StepCount, _funding) = (start, stepMilliseconds, stepCount, funding);
        _nextFunding = FirstFundingAtOrAfter(start);
    }

    public Timestamp Start { get; }

    public long StepMilliseconds { get; }

    public long StepCount { get; }

    public void Step(long step, List<IndexUpdate> updates, List<FundingUpdate> funding)
    {
        if (step != _next || step >= StepCount)
        {
            throw new InvalidOperationException($"step {step} was asked for, but the next is {_next} of {StepCount}");
        }

        Prices(step, updates);
        Timestamp now = TimeOf(step);
        while (_nextFunding < _funding.Count && _funding[_nextFunding].At <= now) funding.Add(_funding[_nextFunding++]);
        _next++;
    }

    public void SkipTo(long step)
    {
        if (step < _next) throw new InvalidOperationException($"step {step} is behind the next one, {_next}");
        _next = step;
        _nextFunding = step == 0 ? FirstFundingAtOrAfter(Start) : FirstFundingAtOrAfter(TimeOf(step - 1).AddMilliseconds(1));
    }

    public void Write(StateWriter writer)
    {
        writer.WriteTimestamp(Start);
        writer.WriteInt64(StepMilliseconds);
        writer.WriteInt64(StepCount);
        writer.WriteInt64(_next);
    }

    public void Read(StateReader reader)
    {
        Timestamp start = reader.ReadTimestamp();
        long milliseconds = reader.ReadInt64();
        long count = reader.ReadInt64();
        long next = reader.ReadInt64();
        if (start != Start || milliseconds != StepMilliseconds || count != StepCount || next < 0 || next > count)
        {
            throw reader.Fault($"step {next} of {count}, {milliseconds} ms each from {start}, is not of this feed");
        }

        _next = next;
        _nextFunding = next == 0 ? FirstFundingAtOrAfter(Start) : FirstFundingAtOrAfter(TimeOf(next - 1).AddMilliseconds(1));
    }

    /// <summary>Appends the step's prices in market id order; any step may be asked for.</summary>
    protected abstract void Prices(long step, List<IndexUpdate> updates);

    protected Timestamp TimeOf(long step) => Start.AddMilliseconds(step * StepMilliseconds);

    private int FirstFundingAtOrAfter(Timestamp time)
    {
        int i = 0;
        while (i < _funding.Count && _funding[i].At < time) i++;
        return i;
    }
}
