using System.Text.Json;
using System.Text.Json.Nodes;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate.Scenarios;

/// <summary>The profile `simple` with another insurance fund, as a profile's JSON.</summary>
internal static class ScenarioRules
{
    public static VenueProfile Simple(string fundBalance, string fundPositionLimit)
    {
        JsonDocumentOptions relaxed = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        JsonObject root = JsonNode.Parse(VenueProfiles.Simple.Source, documentOptions: relaxed)!.AsObject();
        root["fund"]!["initialBalance"] = fundBalance;
        root["defaults"]!["fundPositionLimit"] = fundPositionLimit;
        return RunProfile.Read(root.ToJsonString(), "scenario");
    }

    /// <summary>A price of the profile in decimal text.</summary>
    public static Price PriceOf(MarketSpec market, string text) =>
        market.TryParsePrice(text, DecimalRounding.Exact, out Price price) ? price : throw new FormatException(text);

    public static Quantity QuantityOf(MarketSpec market, string text) =>
        market.TryParseQuantity(text, DecimalRounding.Exact, out Quantity quantity) ? quantity : throw new FormatException(text);
}
