using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Serving.Live;

/// <summary>
/// Exchange time of a simulator: the wall clock's, until it is paused, stepped, sped or replayed. From then on the two have parted for
/// good: it goes on from where it stands, also after a restart. Thread-safe.
/// </summary>
public sealed class SimulatorClock : IExchangeClock
{
    public const decimal SlowestSpeed = 0.01m;
    public const decimal FastestSpeed = 10_000m;
    public const long LongestStepMilliseconds = 7 * 86_400_000;

    // An exchange that cannot keep up with its clock goes as fast as it can: what it has lagged behind by more than this is given up.
    private const int MostLagMilliseconds = 2_000;

    private readonly object _gate = new();
    private readonly TimeProvider _time;
    private ClockSetting _setting;
    private decimal _base;
    private long _since;

    /// <param name="time">The wall clock.</param>
    /// <param name="setting">As it was when the exchange stopped.</param>
    /// <param name="last">The exchange's last time; 0 for a new exchange.</param>
    public SimulatorClock(TimeProvider time, ClockSetting setting, Timestamp last)
    {
        (_time, _setting, _since) = (time, setting, time.GetTimestamp());
        _base = last.Milliseconds > 0 ? last.Milliseconds : Wall;
    }

    public Timestamp Now
    {
        get
        {
            lock (_gate) return new Timestamp((long)Exact);
        }
    }

    /// <summary>What must outlive the process for the clock to go on as it is.</summary>
    public ClockSetting Setting
    {
        get
        {
            lock (_gate) return _setting;
        }
    }

    private long Wall => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private decimal Exact
    {
        get
        {
            if (!_setting.Parted) return Wall;
            if (_setting.Paused) return _base;
            return _base + _time.GetElapsedTime(_since).Ticks * _setting.Speed / TimeSpan.TicksPerMillisecond;
        }
    }

    public void Pause() => Change(s => s with { Paused = true, Parted = true });

    /// <summary>Goes on from where it stands.</summary>
    public void Resume() => Change(s => s with { Paused = false });

    /// <summary>From now on it no longer follows the wall clock, though it may run as fast.</summary>
    public void Part() => Change(s => s with { Parted = true });

    /// <summary>Exchange milliseconds per wall millisecond; at 1 clocks that agree go on agreeing.</summary>
    public void SetSpeed(decimal speed)
    {
        if (speed is < SlowestSpeed or > FastestSpeed) throw new ArgumentException($"the speed {speed} is not between {SlowestSpeed} and {FastestSpeed}");
        Change(s => s with { Speed = speed, Parted = s.Parted || speed != 1 });
    }

    /// <summary>While paused: moves on by 1 ms to a week. Returns the time that is reached with it.</summary>
    public Timestamp Step(long milliseconds)
    {
        if (milliseconds is < 1 or > LongestStepMilliseconds)
        {
            throw new ArgumentException($"a step of {milliseconds} ms is not between 1 ms and a week ({LongestStepMilliseconds} ms)");
        }

        lock (_gate)
        {
            if (!_setting.Paused) throw new ArgumentException("only a paused exchange can be stepped");
            _base += milliseconds;
            return new Timestamp((long)_base);
        }
    }

    /// <summary>The exchange has got as far as <paramref name="reached"/>: where it lags far behind a running clock, the clock waits.</summary>
    internal void Reached(Timestamp reached)
    {
        lock (_gate)
        {
            if (!_setting.Parted || _setting.Paused) return;
            decimal most = MostLagMilliseconds * Math.Max(1, _setting.Speed);
            if (Exact - reached.Milliseconds > most) (_base, _since) = (reached.Milliseconds + most, _time.GetTimestamp());
        }
    }

    private void Change(Func<ClockSetting, ClockSetting> change)
    {
        lock (_gate)
        {
            (_base, _since) = (Exact, _time.GetTimestamp());
            _setting = change(_setting);
        }
    }
}

/// <summary>The part of a clock that is no time.</summary>
/// <param name="Paused">Stands still.</param>
/// <param name="Speed">Exchange milliseconds per wall millisecond.</param>
/// <param name="Parted">Does not follow the wall clock, now or ever again.</param>
public sealed record ClockSetting(bool Paused, decimal Speed, bool Parted)
{
    public static ClockSetting AtWall { get; } = new(false, 1, false);
}
