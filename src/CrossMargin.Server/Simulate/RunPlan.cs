using CrossMargin.Embedded.Runs;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate;

/// <summary>Everything that a run is made of. The same settings and files give an equal plan.</summary>
public sealed record RunPlan
{
    public required RunSettings Settings { get; init; }

    /// <summary>The rules of this run: <see cref="RunProfile"/>.</summary>
    public required VenueProfile Profile { get; init; }

    public required IPriceFeed Feed { get; init; }

    /// <summary>Accounts 1 to n, in order.</summary>
    public required IReadOnlyList<RunAccount> Accounts { get; init; }

    /// <summary>Where the prices come from, for people.</summary>
    public required string Source { get; init; }

    /// <summary>What a reader of the report should know about this run.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Names of the strategies in the order in which they first appear.</summary>
    public IReadOnlyList<string> Strategies() => [.. Accounts.Select(a => a.Trader.Strategy).Distinct()];
}
