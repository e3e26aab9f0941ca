using System.Text.Json;
using System.Text.Json.Nodes;
using CrossMargin.Feeds;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate.Scenarios;

/// <summary>The profile `simple` with another insurance fund, and short ways to write a script down.</summary>
internal static class ScenarioRules
{
    public static VenueProfile Simple(string fundBalance, string fundPositionLimit, bool anyPrice = false)
    {
        JsonDocumentOptions relaxed = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        JsonObject root = JsonNode.Parse(VenueProfiles.Simple.Source, documentOptions: relaxed)!.AsObject();
        root["fund"]!["initialBalance"] = fundBalance;
        root["liquidation"]!["anyPrice"] = anyPrice;
        root["defaults"]!["fundPositionLimit"] = fundPositionLimit;
        return RunProfile.Read(root.ToJsonString(), "scenario");
    }

    /// <summary>An order of a script, its numbers in decimal text.</summary>
    public static ScriptedOrder Order(MarketSpec market, long step, Side side, string quantity, string price) =>
        new(step, market.Id, side, QuantityOf(market, quantity), PriceOf(market, price));

    /// <summary>An index price of a script.</summary>
    public static ScriptedPrice At(MarketSpec market, long step, string price) => new(step, market.Id, PriceOf(market, price));

    private static Price PriceOf(MarketSpec market, string text) =>
        market.TryParsePrice(text, DecimalRounding.Exact, out Price price) ? price : throw new FormatException(text);

    private static Quantity QuantityOf(MarketSpec market, string text) =>
        market.TryParseQuantity(text, DecimalRounding.Exact, out Quantity quantity) ? quantity : throw new FormatException(text);
}
