using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Serving;
using CrossMargin.Embedded.Serving.Live;
using CrossMargin.Feeds;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Traders;

namespace CrossMargin.Server.Tests.Live;

/// <summary>An exchange with a live simulator, driven by hand on the test's own thread: no sequencer, no journal but a list.</summary>
internal sealed class LiveWorld : IBeatCommands
{
    private readonly List<Command> _journal;

    public LiveWorld(TraderChoice? traders = null, FeedChoice? feed = null, VenueProfile? profile = null)
        : this([], new ManualTime(), new MemorySettings(), traders, feed, profile ?? VenueProfiles.Simple)
    {
    }

    private LiveWorld(
        List<Command> journal, ManualTime time, ISettingsStore settings, TraderChoice? traders, FeedChoice? feed, VenueProfile profile)
    {
        (_journal, Time, Settings) = (journal, time, settings);
        Engine = new ExchangeEngine(profile);
        foreach (Command command in journal) Engine.Execute(command);
        Clock = LiveOptions.OpenClock(settings, time, Engine.Now);
        if (Engine.Sequence > 0 && !Clock.Setting.Parted) Execute(Command.JumpTo(Clock.Now));
        Simulator = new LiveSimulator(Engine, Clock, new LiveOptions
        {
            Settings = settings,
            FeedFactory = new LiveFeeds(),
            TraderFactory = new LiveTraders(1),
            Traders = traders,
            Feed = feed,
            BeatBudget = TimeSpan.Zero,
            Time = time,
            TraderFailed = (account, e) => Failures.Add($"{account}: {e}"),
        });
        Controls = new LiveControls(Simulator, OnSequencer);
    }

    public ManualTime Time { get; }
    public ISettingsStore Settings { get; }
    public ExchangeEngine Engine { get; }
    public SimulatorClock Clock { get; }
    public LiveSimulator Simulator { get; }
    public LiveControls Controls { get; }
    public List<string> Failures { get; } = [];
    public IReadOnlyList<Command> Journal => _journal;
    public bool TakesOrders { get; set; } = true;
    public int Trades { get; private set; }

    public void Submit(in Message message) => Execute(new Command { Time = Engine.Now, Message = message });

    /// <summary>As after a stop of so long: the same journal and settings, everything else anew.</summary>
    public LiveWorld Restart(TimeSpan stopped)
    {
        Time.Pass(stopped);
        return new LiveWorld(_journal, Time, Settings, null, null, Engine.Profile);
    }

    /// <summary>Wall time passes in beats of 100 ms; a fast clock's time in steps of at most a second.</summary>
    public void Run(TimeSpan wall)
    {
        for (long i = 0; i < wall.TotalMilliseconds / 100; i++)
        {
            Time.Pass(TimeSpan.FromMilliseconds(100));
            CatchUp();
        }
    }

    public void CatchUp()
    {
        while (Clock.Now > Engine.Now)
        {
            long gap = Clock.Now - Engine.Now;
            Execute(Command.AdvanceTo(Engine.Sequence == 0 ? Clock.Now : Engine.Now.AddMilliseconds(Math.Min(gap, 1_000))));
            Simulator.OnBeat(Engine.Now, this);
        }
    }

    /// <summary>A control at work while exchange time goes on.</summary>
    public void Do(Task control)
    {
        for (int i = 0; i < 1_000 && !control.IsCompleted; i++)
        {
            CatchUp();
            Simulator.OnBeat(Engine.Now, this);
            if (!control.IsCompleted) Thread.Yield();
        }

        Task.WaitAny([control], TimeSpan.FromSeconds(10));
        control.GetAwaiter().GetResult();
    }

    public SimulatorState State() => Controls.StateAsync().GetAwaiter().GetResult();

    public string ReplayedHash()
    {
        var again = new ExchangeEngine(Engine.Profile);
        foreach (Command command in _journal) again.Execute(command);
        return again.StateHash();
    }

    private Task OnSequencer(Action<IBeatCommands> action)
    {
        try
        {
            action(this);
            return Task.CompletedTask;
        }
        catch (ArgumentException e)
        {
            return Task.FromException(e);
        }
    }

    private void Execute(in Command command)
    {
        _journal.Add(command);
        Engine.Execute(command);
        foreach (Event e in Engine.Events)
        {
            if (e.Kind == EventKind.Traded) Trades++;
        }

        Simulator?.OnEvents(Engine.Events);
    }
}

/// <summary>A wall clock that is moved by the test.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(TimeSpan time) => _now += time;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;
}
