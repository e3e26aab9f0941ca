namespace CrossMargin.Server.Simulate;

/// <summary>The options of <c>simulate</c> as they were typed; null where one was not given.</summary>
public sealed record SimulateOptions
{
    public IReadOnlyList<string>? Prices { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
    public string? Symbols { get; init; }
    public string? TicksPerBar { get; init; }
    public string? Speed { get; init; }
    public string? Traders { get; init; }
    public string? Mix { get; init; }
    public string? Seed { get; init; }
    public string? Profile { get; init; }
    public string? Journal { get; init; }
    public bool Ephemeral { get; init; }
    public string? Report { get; init; }
    public string? Funding { get; init; }
    public string? Scenario { get; init; }
    public string? History { get; init; }
}
