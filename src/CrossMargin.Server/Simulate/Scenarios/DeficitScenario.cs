using CrossMargin.Model;
using static CrossMargin.Server.Simulate.Scenarios.ScenarioRules;

namespace CrossMargin.Server.Simulate.Scenarios;

/// <summary>
/// The price jumps through a long's bankruptcy price, at a venue whose liquidations sell at any price: the book takes the position far
/// below it, the fund pays all it has, and the rest is the deficit.
/// </summary>
public static class DeficitScenario
{
    public const string Name = "deficit";

    public static Scenario Create()
    {
        VenueProfile profile = Simple(fundBalance: "100", fundPositionLimit: "1000", anyPrice: true);
        MarketSpec m = profile.Markets[0];
        return new Scenario
        {
            Name = Name,
            Title = "the price jumps through a long's bankruptcy price; the fund pays all it has and the rest is the deficit",
            Profile = profile,
            Steps = 30,
            Prices = [At(m, 0, "1000"), At(m, 10, "900")],
            Accounts =
            [
                new("long-thin", Amount.FromWhole(1_100), [Order(m, 2, Side.Buy, "20", "1000")]),
                new("short-thick", Amount.FromWhole(100_000), [Order(m, 1, Side.Sell, "20", "1000")]),
                new("bidder", Amount.FromWhole(100_000), [Order(m, 3, Side.Buy, "20", "890")]),
            ],
        };
    }
}
