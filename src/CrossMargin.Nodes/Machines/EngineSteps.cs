using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Machines;

/// <summary>
/// Runs engine steps for delivery. A step's buffers are large and needed only while it runs, so each thread has one set for all actors.
/// </summary>
internal sealed class EngineSteps
{
    [ThreadStatic]
    private static EngineSteps? t_current;

    private readonly MessageQueue _outbox = new();
    private readonly EventBuffer _events = new();
    private readonly MonitorSwitch _monitor = new();
    private readonly StepContext _context;

    private EngineSteps(VenueProfile profile) => _context = new StepContext(profile, new PriceTable(profile.Markets.Count), _monitor, _outbox, _events);

    /// <summary>The calling thread's.</summary>
    public static EngineSteps Of(VenueProfile profile)
    {
        if (t_current is null || t_current._context.Profile != profile) t_current = new EngineSteps(profile);
        return t_current;
    }

    public void Run(IActor actor, in Message message, Timestamp now, PriceTable prices, IRiskMonitor monitor, ActorOutput output)
    {
        _outbox.Clear();
        _events.Clear();
        _context.Now = now;
        _context.Prices = prices;
        _context.Begin(actor.Address, message);
        _monitor.Target = monitor;
        actor.Receive(message, _context);
        while (_outbox.Count > 0)
        {
            output.Send(_outbox.First);
            _outbox.Drop();
        }

        foreach (ref readonly Event e in _events.Events) output.Emit(e);
    }

    private sealed class MonitorSwitch : IRiskMonitor
    {
        public IRiskMonitor Target { get; set; } = NoMonitor.Instance;

        public void RequestJudge(PoolId pool) => Target.RequestJudge(pool);

        public void Watch(PoolId pool, in PoolView view) => Target.Watch(pool, view);

        public void Unwatch(PoolId pool) => Target.Unwatch(pool);

        public void WaitForResume(PoolId pool, MarketId market) => Target.WaitForResume(pool, market);
    }
}

/// <summary>For actors that have no pools: being asked breaks a rule.</summary>
internal sealed class NoMonitor : IRiskMonitor
{
    public static readonly NoMonitor Instance = new();

    public void RequestJudge(PoolId pool) => throw new InvariantViolation($"{pool} is judged by something that is no account");

    public void Watch(PoolId pool, in PoolView view) => RequestJudge(pool);

    public void Unwatch(PoolId pool) => RequestJudge(pool);

    public void WaitForResume(PoolId pool, MarketId market) => RequestJudge(pool);
}
