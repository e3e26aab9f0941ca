using CrossMargin.Model;
using static CrossMargin.Server.Simulate.Scenarios.ScenarioRules;

namespace CrossMargin.Server.Simulate.Scenarios;

/// <summary>
/// A long falls below its maintenance where no bid is left and the fund may not take it: it is deleveraged against the shorts, the most
/// profitable and leveraged first, the last of them only in part.
/// </summary>
public static class AdlScenario
{
    public const string Name = "adl";

    public static Scenario Create()
    {
        VenueProfile profile = Simple(fundBalance: "100", fundPositionLimit: "1000");
        MarketSpec m = profile.Markets[0];
        return new Scenario
        {
            Name = Name,
            Title = "a long is deleveraged: no bid is left when the price falls, and the fund may not take it",
            Profile = profile,
            Steps = 30,
            Prices = [At(m, 0, "1000"), At(m, 10, "990"), At(m, 11, "980"), At(m, 12, "970"), At(m, 13, "960"), At(m, 14, "950")],
            Accounts =
            [
                new("long-thin", Amount.FromWhole(1_100), [Order(m, 2, Side.Buy, "20", "1000")]),
                new("short-thin", Amount.FromWhole(300), [Order(m, 1, Side.Sell, "5", "1000")]),
                new("short-middle", Amount.FromWhole(1_000), [Order(m, 1, Side.Sell, "5", "1000")]),
                new("short-thick", Amount.FromWhole(10_000), [Order(m, 1, Side.Sell, "20", "1000")]),
                new("long-thick", Amount.FromWhole(5_000), [Order(m, 3, Side.Buy, "10", "1000")]),
            ],
        };
    }
}
