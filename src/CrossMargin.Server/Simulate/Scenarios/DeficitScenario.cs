using CrossMargin.Feeds;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate.Scenarios;

/// <summary>
/// A resting close fills after a gap, far below the bankruptcy price: the account has no position and a wallet below zero, the fund pays
/// all it has, and the rest is the deficit.
/// </summary>
public static class DeficitScenario
{
    public const string Name = "deficit";

    public static Scenario Create()
    {
        VenueProfile profile = ScenarioRules.Simple(fundBalance: "100", fundPositionLimit: "1000");
        MarketSpec market = profile.Markets[0];

        ScriptedOrder Order(long step, Side side, string quantity, string price) =>
            new(step, market.Id, side, ScenarioRules.QuantityOf(market, quantity), ScenarioRules.PriceOf(market, price));

        ScriptedPrice At(long step, string price) => new(step, market.Id, ScenarioRules.PriceOf(market, price));

        return new Scenario
        {
            Name = Name,
            Title = "the price jumps through a long's bankruptcy price; the fund pays all it has and the rest is the deficit",
            Profile = profile,
            Steps = 30,
            Prices = [At(0, "1000"), At(10, "900")],
            Accounts =
            [
                new("long", Amount.FromWhole(1_100), [Order(2, Side.Buy, "20", "1000")]),
                new("short", Amount.FromWhole(100_000), [Order(1, Side.Sell, "20", "1000")]),
            ],
        };
    }
}
