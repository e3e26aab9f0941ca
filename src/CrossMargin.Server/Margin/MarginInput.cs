using CrossMargin.Model;

namespace CrossMargin.Server.Margin;

/// <summary>An account as the calculator is asked about it. Texts are kept where only the market's steps can say what they mean.</summary>
public sealed record MarginInput
{
    public required string? Profile { get; init; }

    /// <summary>The whole settlement balance, isolated wallets included; may be negative.</summary>
    public required Amount WalletBalance { get; init; }

    public required IReadOnlyList<PositionInput> Positions { get; init; }
    public required IReadOnlyList<OrderInput> Orders { get; init; }
}

/// <summary>One position. <paramref name="Path"/> names it in errors ("positions[0]").</summary>
public sealed record PositionInput(string Path)
{
    public required string Symbol { get; init; }
    public required bool IsLong { get; init; }
    public required MarginMode Mode { get; init; }
    public required string Quantity { get; init; }
    public required string EntryPrice { get; init; }
    public required string MarkPrice { get; init; }

    /// <summary>1 to 1000, or null for the default.</summary>
    public required int? Leverage { get; init; }

    /// <summary>The leg's own wallet, or null for the initial margin at the entry price.</summary>
    public required Amount? IsolatedMargin { get; init; }

    public required string? TickSize { get; init; }
    public required string? StepSize { get; init; }
    public required IReadOnlyList<Tier>? Tiers { get; init; }
}

/// <summary>One open order.</summary>
public sealed record OrderInput(string Path)
{
    public required string Symbol { get; init; }
    public required Side Side { get; init; }
    public required string Quantity { get; init; }
    public required string Price { get; init; }
    public required bool ReduceOnly { get; init; }
}

/// <summary>What is wrong with an input: one line that names the field, the value and what was expected.</summary>
public sealed class MarginInputException(string message) : Exception(message);
