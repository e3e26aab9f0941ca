namespace CrossMargin.Load.Measuring;

/// <summary>
/// When requests are to be sent, fixed before the first one is: independent arrivals at a mean rate, so that a server that stalls finds
/// what came meanwhile waiting, and its wait is counted.
/// </summary>
internal sealed class SendSchedule
{
    private readonly TimeSpan[] _times;

    private SendSchedule(TimeSpan[] times) => _times = times;

    public int Count => _times.Length;

    /// <summary>Since the start of the run; never falls.</summary>
    public TimeSpan this[int request] => _times[request];

    public static SendSchedule Poisson(double perSecond, TimeSpan duration, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        var random = new Random(seed);
        var times = new List<TimeSpan>((int)(perSecond * duration.TotalSeconds * 1.1) + 16);
        double at = 0;
        while (true)
        {
            at -= Math.Log(1 - random.NextDouble()) / perSecond;
            if (at >= duration.TotalSeconds) return new SendSchedule([.. times]);
            times.Add(TimeSpan.FromSeconds(at));
        }
    }
}
