using System.Text.Json;
using System.Text.Json.Nodes;
using CrossMargin.Model;

namespace CrossMargin.TestKit;

/// <summary>Profiles for tests: a shipped one, changed by a JSON merge patch (RFC 7396) that states only what differs.</summary>
public static class TestProfiles
{
    private static readonly JsonDocumentOptions s_options =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>
    /// The `simple` profile with a patch. Arrays are replaced whole, except that `markets` may be an object by symbol:
    /// <c>{"markets":{"AAAUSDT":{"lot":"0.5"}}}</c>; null there removes the market. A patch that makes the profile unfit throws.
    /// </summary>
    public static VenueProfile Simple(string? patch = null) => Shipped("simple", patch);

    /// <summary>The `binance` profile with a patch.</summary>
    public static VenueProfile Binance(string? patch = null) => Shipped("binance", patch);

    public static VenueProfile Shipped(string name, string? patch = null)
    {
        if (patch is null && VenueProfiles.TryShipped(name, out VenueProfile shipped)) return shipped;
        ProfileReadResult result = VenueProfileReader.Read(Text(name, patch), name);
        return result.Profile
            ?? throw new ArgumentException("the patched profile is unfit: " + string.Join(Environment.NewLine, result.Errors));
    }

    /// <summary>The JSON of a shipped profile with a patch, fit or not.</summary>
    public static string Text(string name, string? patch = null)
    {
        if (!VenueProfiles.TryShippedText(name, out string json)) throw new ArgumentException($"no shipped profile \"{name}\"");
        if (patch is null) return json;
        JsonNode target = JsonNode.Parse(json, documentOptions: s_options)!;
        JsonObject change = JsonNode.Parse(patch, documentOptions: s_options)!.AsObject();
        if (change["markets"] is JsonObject bySymbol)
        {
            change.Remove("markets");
            PatchMarkets(target["markets"]!.AsArray(), bySymbol);
        }

        return Merge(target, change)!.ToJsonString();
    }

    private static void PatchMarkets(JsonArray markets, JsonObject bySymbol)
    {
        foreach ((string symbol, JsonNode? change) in bySymbol)
        {
            int index = 0;
            while (index < markets.Count && (string?)markets[index]!["symbol"] != symbol) index++;
            if (index == markets.Count) throw new ArgumentException($"the patch names the market \"{symbol}\", which the profile lacks");
            if (change is null) markets.RemoveAt(index);
            else Merge(markets[index], change);
        }
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject change) return patch?.DeepClone();
        JsonObject result = target as JsonObject ?? [];
        foreach ((string name, JsonNode? value) in change)
        {
            if (value is null) result.Remove(name);
            else if (result[name] is JsonObject inner && value is JsonObject) Merge(inner, value);
            else result[name] = Merge(null, value);
        }

        return result;
    }
}
