namespace CrossMargin.Load.Parts;

/// <summary>What `http` was asked for.</summary>
/// <param name="Parts">Of <see cref="KnownParts"/>.</param>
/// <param name="Seconds">Of each round of a rate, and of each open-loop run.</param>
/// <param name="DataRoot">Where the server's folder is made; the system's temporary folder if null.</param>
internal sealed record HttpOptions(
    IReadOnlyList<string> Parts, int Rounds, int Seconds, int Connections, int Subscribers, string? DataRoot, string? Json)
{
    public static readonly string[] KnownParts = ["rate", "latency", "fill", "streams", "memory"];

    public bool Has(string part) => Parts.Count == 0 || Parts.Contains(part);
}
