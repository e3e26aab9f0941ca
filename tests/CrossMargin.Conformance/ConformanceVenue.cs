using System.Text.Json.Nodes;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Conformance;

/// <summary>
/// The venue of the suite: the simple profile's rules, and one market after another that are all alike, so that tests which share a host do not
/// meet. Tick 0.1, lot 0.001, leverage 20 where nothing is set, no house.
/// </summary>
public static class ConformanceVenue
{
    public const int Markets = 60;

    public static VenueProfile Profile { get; } = Make();

    private static VenueProfile Make()
    {
        JsonObject json = JsonNode.Parse(TestProfiles.Text("simple", "{}"))!.AsObject();
        JsonNode first = json["markets"]![0]!;
        var markets = new JsonArray();
        for (int i = 1; i <= Markets; i++)
        {
            JsonNode market = first.DeepClone();
            market["symbol"] = $"C{i:d2}USDT";
            market["base"] = $"C{i:d2}";
            markets.Add(market);
        }

        json["markets"] = markets;
        json["collateral"]!["assets"] = new JsonArray();
        ProfileReadResult result = VenueProfileReader.Read(json.ToJsonString(), "conformance");
        return result.Profile ?? throw new InvalidOperationException(string.Join(Environment.NewLine, result.Errors));
    }
}
