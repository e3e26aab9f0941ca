using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Simulator.Audit;

namespace CrossMargin.Simulator.World;

/// <summary>
/// The simulated world: one queue of things to happen, ordered by simulated time and then by when they were planned. A step is the next
/// of them. Everything random comes from one generator, so a seed names a run.
/// </summary>
internal sealed class Universe
{
    private readonly PriorityQueue<(StepKind Kind, Action Run), (long Time, long Number)> _queue = new();
    private long _planned;

    public Universe(SimulationOptions options)
    {
        Options = options;
        Random = new SimRandom(options.Seed);
        Profile = Venues.Pick(Random, options.Venue);
        Delivery = PickDelivery(options, Random);
        Plan = new FaultPlan(Random);
        Audit = new DurableAudit(Profile);
        Store = new SimStore(Landed);
        Network = new Network(this);
        Cluster = new Cluster(this);
        Gateway = new Gateway(this);
        Feed = new Feed(this);
    }

    public SimulationOptions Options { get; }
    public SimRandom Random { get; }
    public VenueProfile Profile { get; }
    public DeliveryOptions Delivery { get; }
    public FaultPlan Plan { get; }
    public DurableAudit Audit { get; }
    public SimStore Store { get; }
    public Network Network { get; }
    public Cluster Cluster { get; }
    public Gateway Gateway { get; }
    public Feed Feed { get; }
    public Tally Tally { get; } = new();

    /// <summary>Exchange time: the simulated clock.</summary>
    public Timestamp Now { get; private set; } = new(1_700_000_000_000);

    public long Steps { get; private set; }

    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    public bool IsTraced => Options.Trace is not null;

    /// <summary>Plans something for later.</summary>
    public void After(long milliseconds, StepKind kind, Action run) =>
        _queue.Enqueue((kind, run), (Now.Milliseconds + milliseconds, ++_planned));

    /// <summary>Plans something again and again, until it says no.</summary>
    public void Every(long milliseconds, StepKind kind, Func<bool> run) => After(milliseconds, kind, () =>
    {
        if (run()) Every(milliseconds, kind, run);
    });

    public void Step()
    {
        if (!_queue.TryDequeue(out (StepKind Kind, Action Run) next, out (long Time, long Number) at))
            throw new InvalidOperationException("nothing is planned any more");
        Now = new Timestamp(at.Time);
        Steps++;
        Mix((ulong)at.Time);
        Mix((ulong)next.Kind);
        next.Run();
        if (Steps % 1_000 == 0) Audit.Recompute(Store, Delivery);
    }

    public void Trace(string text) => Options.Trace?.WriteLine($"{Steps,8} {Now.Milliseconds - 1_700_000_000_000,8} {text}");

    public void Mix(ulong value) => Hash = unchecked((Hash ^ value) * 0x100000001B3);

    private void Landed(ActorId actor, StoreWrite write)
    {
        Mix(Bytes.Hash(write.Bytes.Span));
        Audit.Landed(actor, write);
    }

    private static DeliveryOptions PickDelivery(SimulationOptions options, SimRandom random) => new()
    {
        EngineVersion = "simulated",
        LogKeys = (int)random.Between(4, 24),
        BatchInputs = (int)random.Between(2, 64),
        BatchMessages = (int)random.Between(1, 32),
        Backlog = (int)random.Between(16, 256),
        ResendMilliseconds = random.Between(150, 600),
        Faults = options.Planted,
    };
}
