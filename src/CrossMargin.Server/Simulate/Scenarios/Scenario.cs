using CrossMargin.Embedded.Runs;
using CrossMargin.Feeds;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate.Scenarios;

/// <summary>A small run in which everything is written down: prices, accounts, orders. Nothing is random.</summary>
public sealed record Scenario
{
    /// <summary>2021-05-19 12:05 UTC: between two funding times, so that none falls due.</summary>
    public static readonly Timestamp Start = new(1_621_425_900_000);

    public const long StepMilliseconds = 1_000;

    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Title { get; init; }

    public required VenueProfile Profile { get; init; }

    public required long Steps { get; init; }

    /// <summary>Index prices from a step on.</summary>
    public required IReadOnlyList<ScriptedPrice> Prices { get; init; }

    public required IReadOnlyList<ScriptedAccount> Accounts { get; init; }

    public RunPlan Plan(RunSettings settings) => new()
    {
        Settings = settings,
        Profile = Profile,
        Feed = new ScriptedFeed(Start, StepMilliseconds, Steps, Prices),
        Accounts = [.. Accounts.Select((a, i) => new RunAccount(
            new ScriptedTrader(new AccountId(i + 1), a.Name, a.Orders), a.Deposit, Profile.MakerFee, Profile.TakerFee))],
        Source = $"scenario {Name}: {Title}",
    };
}

/// <summary>An account of a scenario; its id is its place in the list, from 1.</summary>
public sealed record ScriptedAccount(string Name, Amount Deposit, IReadOnlyList<ScriptedOrder> Orders);

/// <summary>A limit order, good till cancelled.</summary>
public sealed record ScriptedOrder(long Step, MarketId Market, Side Side, Quantity Quantity, Price Price);
