namespace CrossMargin.Simulator.World;

/// <summary>Faults that the world injects. Counted, and each must have been injected somewhere in a set of seeds.</summary>
public enum FaultKind
{
    MessageLost,
    MessageRepeated,
    MessageDelayed,
    MessageMisrouted,
    NoticeLost,
    WriteFailed,
    WriteTorn,
    WriteSlow,
    WriteReportedFailed,
    WriteReportedRefused,
    WriteLate,
    WriteLateLanded,
    ReadFailed,
    HostKilled,
    HostDeclaredDead,
    PowerCut,
    ActorMoved,
    ActorHandedOver,
    Refused,
}

/// <summary>
/// How often what goes wrong, in this seed: each kind of fault is left out of some seeds and heavy in others, because faults that are
/// always there hide each other. Rates are in millionths of a chance.
/// </summary>
internal sealed class FaultPlan
{
    private readonly long[] _counts = new long[Enum.GetValues<FaultKind>().Length];

    public FaultPlan(SimRandom random)
    {
        Loss = Rate(random, 2_000, 60_000);
        Repeat = Rate(random, 5_000, 80_000);
        Delay = Rate(random, 5_000, 80_000);
        Misroute = Rate(random, 1_000, 30_000);
        NoticeLoss = Rate(random, 10_000, 300_000);
        WriteFailed = Rate(random, 500, 10_000);
        WriteTorn = Rate(random, 500, 10_000);
        WriteSlow = Rate(random, 2_000, 50_000);
        WriteReportedFailed = Rate(random, 500, 10_000);
        WriteReportedRefused = Rate(random, 200, 4_000);
        WriteLate = Rate(random, 500, 8_000);
        ReadFailed = Rate(random, 1_000, 50_000);
        KillEvery = Every(random, 5_000, 60_000);
        DeadEvery = Every(random, 8_000, 60_000);
        MoveEvery = Every(random, 500, 10_000);
        if (!random.Chance(150_000)) return;
        // A storm: hosts live for seconds, and what they say is often lost.
        Loss = (int)random.Between(100_000, 400_000);
        KillEvery = random.Between(400, 3_000);
    }

    public int Loss { get; }
    public int Repeat { get; }
    public int Delay { get; }
    public int Misroute { get; }
    public int NoticeLoss { get; }
    public int WriteFailed { get; }
    public int WriteTorn { get; }
    public int WriteSlow { get; }
    public int WriteReportedFailed { get; }
    public int WriteReportedRefused { get; }
    public int WriteLate { get; }
    public int ReadFailed { get; }

    /// <summary>Milliseconds between two kills, about; 0 never.</summary>
    public long KillEvery { get; }

    /// <summary>Milliseconds between two hosts that are declared dead and go on running; 0 never.</summary>
    public long DeadEvery { get; }

    /// <summary>Milliseconds between two moves of an actor; 0 never.</summary>
    public long MoveEvery { get; }

    /// <summary>Off in the phase in which everything comes to rest.</summary>
    public bool IsOn { get; set; } = true;

    public IReadOnlyList<long> Counts => _counts;

    public void Count(FaultKind kind) => _counts[(int)kind]++;

    /// <summary>Draws whether this fault happens now, and counts it.</summary>
    public bool Hits(SimRandom random, int ppm, FaultKind kind)
    {
        if (!IsOn || !random.Chance(ppm)) return false;
        Count(kind);
        return true;
    }

    /// <summary>Whether all hosts die at once at the end of the faults, with all that is between them.</summary>
    public bool EndsInPowerCut(SimRandom random) => Hits(random, 300_000, FaultKind.PowerCut);

    private static int Rate(SimRandom random, int low, int high)
    {
        bool isIn = random.Chance(700_000);
        long rate = random.Between(low, random.Chance(250_000) ? high : low * 4);
        return isIn ? (int)rate : 0;
    }

    private static long Every(SimRandom random, long low, long high)
    {
        bool isIn = random.Chance(750_000);
        long every = random.Between(low, high);
        return isIn ? every : 0;
    }
}
