using CrossMargin.Feeds;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate.Scenarios;

/// <summary>
/// One long against three shorts; the price falls, no bid is left, the fund may take no more than a little: the long is deleveraged
/// against the shorts, the most profitable and leveraged first.
/// </summary>
public static class AdlScenario
{
    public const string Name = "adl";

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
            Title = "one long of 20 against three shorts; no bid is left when the price falls, and the fund may not take it",
            Profile = profile,
            Steps = 30,
            Prices = [At(0, "1000"), At(10, "990"), At(11, "980"), At(12, "970"), At(13, "960"), At(14, "955")],
            Accounts =
            [
                new("long", Amount.FromWhole(1_100), [Order(2, Side.Buy, "20", "1000")]),
                new("short-small-account", Amount.FromWhole(300), [Order(1, Side.Sell, "5", "1000")]),
                new("short-middle-account", Amount.FromWhole(1_000), [Order(1, Side.Sell, "5", "1000")]),
                new("short-large-account", Amount.FromWhole(10_000), [Order(1, Side.Sell, "10", "1000")]),
            ],
        };
    }
}
