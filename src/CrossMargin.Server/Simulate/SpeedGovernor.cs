using CrossMargin.Model;

namespace CrossMargin.Server.Simulate;

/// <summary>
/// Holds a run back so that exchange time passes at most so many times as fast as the wall clock, from the first step of this process on.
/// </summary>
/// <param name="micro">Times real time, in 1e-6; 0: never waits.</param>
/// <param name="clock">The wall clock.</param>
/// <param name="stop">Ends the waiting.</param>
public sealed class SpeedGovernor(long micro, TimeProvider clock, CancellationToken stop)
{
    private long _began;
    private Timestamp? _first;

    /// <summary>Returns when the moment of the step has come.</summary>
    public void Wait(Timestamp now)
    {
        if (micro == 0) return;
        if (_first is null)
        {
            (_first, _began) = (now, clock.GetTimestamp());
            return;
        }

        double due = (now - _first.Value) * 1_000_000.0 / micro;
        double left = due - clock.GetElapsedTime(_began).TotalMilliseconds;
        if (left >= 1) stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Min(left, int.MaxValue)));
    }
}
