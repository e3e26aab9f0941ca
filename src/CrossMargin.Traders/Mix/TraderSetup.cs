using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>All that makes one trader different from another: settings, never state.</summary>
public sealed record TraderSetup
{
    public required AccountId Account { get; init; }

    /// <summary>0-based number among the traders of its strategy: spreads them evenly over the markets.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The trader's own stream of random numbers.</summary>
    public required CounterRandom Random { get; init; }
    public required VenueProfile Profile { get; init; }

    /// <summary>Markets it may trade, at least one.</summary>
    public required IReadOnlyList<MarketSpec> Markets { get; init; }
    public required ParameterValues Parameters { get; init; }
    public required Amount Deposit { get; init; }
}
