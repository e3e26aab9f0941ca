using CrossMargin.Hosting.Delivery;

namespace CrossMargin.Simulator;

/// <summary>What a run is made from: equal options give equal runs, to the last bit.</summary>
public sealed record SimulationOptions
{
    public required ulong Seed { get; init; }

    /// <summary>1 to 50.</summary>
    public int Hosts { get; init; } = 5;

    /// <summary>1 to 100,000.</summary>
    public int Accounts { get; init; } = 40;

    /// <summary>
    /// Steps to run, about: faults for a while, then rest and audit; and again while steps are left. A run ends with an audit, so it has
    /// more steps than this.
    /// </summary>
    public long Steps { get; init; } = 20_000;

    /// <summary>1 to 6: the venue to run on. 0: the seed picks one.</summary>
    public int Venue { get; init; }

    /// <summary>Writes each step as a line.</summary>
    public TextWriter? Trace { get; init; }

    internal PlantedFaults Planted { get; init; } = PlantedFaults.None;

    /// <summary>The command that runs this again.</summary>
    public string CommandLine =>
        $"dotnet run -c Release --project tests/CrossMargin.Simulator -- --seed {Seed} --hosts {Hosts} --accounts {Accounts} --steps {Steps}"
        + (Venue == 0 ? "" : $" --venue {Venue}") + (Planted == PlantedFaults.None ? "" : $" --plant {Planted}");
}

/// <summary>How a run ended.</summary>
/// <param name="Failure">Null, or what was found; begins with the number of the invariant that broke where it has one.</param>
/// <param name="Hash">Of every step and of all that was stored.</param>
/// <param name="Counts">What happened, by name.</param>
/// <param name="Faults">What was injected, by <see cref="World.FaultKind"/>.</param>
public sealed record SimulationResult(
    SimulationOptions Options, string? Failure, long Steps, long SimulatedMilliseconds, ulong Hash,
    IReadOnlyDictionary<string, long> Counts, IReadOnlyList<long> Faults)
{
    public long Count(string name) => Counts.TryGetValue(name, out long n) ? n : 0;
}
