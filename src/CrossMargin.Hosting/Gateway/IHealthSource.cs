namespace CrossMargin.Hosting;

/// <summary>Says how a part of the host is. Thread-safe, in memory, without waiting: whoever watches asks every few seconds.</summary>
public interface IHealthSource
{
    /// <summary>One item for each thing that can be wrong.</summary>
    IReadOnlyList<HealthItem> Check();
}

/// <param name="Name">In lower case: "journal", "history".</param>
/// <param name="Detail">For an operator, with figures: how far behind, how full.</param>
public sealed record HealthItem(string Name, bool IsHealthy, string Detail);
