using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>One entry of a mix: how many traders follow a strategy, with what money, where, and how.</summary>
public sealed record StrategyShare
{
    public required StrategyDefinition Strategy { get; init; }

    /// <summary>Fraction of the population; zero when <see cref="Count"/> is given.</summary>
    public Rate Share { get; init; }

    /// <summary>A fixed number of traders, or null.</summary>
    public int? Count { get; init; }

    /// <summary>Smallest and largest first deposit in the settlement asset; small ones are more frequent.</summary>
    public required Amount DepositMin { get; init; }
    public required Amount DepositMax { get; init; }

    /// <summary>Symbols it trades; empty for all markets of the profile.</summary>
    public IReadOnlyList<string> Markets { get; init; } = [];

    /// <summary>Own fee rates; null for the profile's.</summary>
    public Rate? MakerFee { get; init; }
    public Rate? TakerFee { get; init; }

    /// <summary>In the order of the strategy's parameters.</summary>
    public required IReadOnlyList<ParameterRange> Parameters { get; init; }

    /// <summary>Line of the entry in the mix file, 1-based; 0 if it has none.</summary>
    public int Line { get; init; }
}
