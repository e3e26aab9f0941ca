using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate;

/// <summary>
/// The venue profile of one run: the venue's, less the markets that get no price, and with a stale time that fits the run's steps. It is
/// written as a profile's JSON again, so that the journal holds the very rules that were run.
/// </summary>
public static class RunProfile
{
    /// <summary>An index is stale after at least this many steps without a new one: between two steps nothing can arrive.</summary>
    public const int StaleSteps = 4;

    private const long LongestStale = 86_400_000;

    private static readonly JsonDocumentOptions s_relaxed = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>The rules of a run in <paramref name="symbols"/> with steps of <paramref name="stepMilliseconds"/>.</summary>
    public static VenueProfile For(VenueProfile venue, IReadOnlyCollection<string> symbols, long stepMilliseconds)
    {
        long stale = StaleFor(venue, stepMilliseconds);
        bool allMarkets = venue.Markets.All(m => symbols.Contains(m.Symbol));
        if (allMarkets && stale == venue.Liquidation.StaleMilliseconds) return venue;
        JsonObject root = JsonNode.Parse(venue.Source, documentOptions: s_relaxed)!.AsObject();
        root["liquidation"]!["staleAfter"] = stale.ToString(CultureInfo.InvariantCulture) + "ms";
        Keep(root["markets"]!.AsArray(), m => symbols.Contains(m["symbol"]!.GetValue<string>()));
        if (root["collateral"]?["assets"] is JsonArray assets) Keep(assets, a => symbols.Contains(a["market"]!.GetValue<string>()));
        return Read(root.ToJsonString(s_indented), venue.Name);
    }

    /// <summary>Reads a run's profile from its journal.</summary>
    public static VenueProfile Read(string json, string name)
    {
        ProfileReadResult result = VenueProfileReader.Read(json, name);
        return result.Profile ?? throw new BadInputException(result.Errors[0]);
    }

    /// <summary>The profile of an option: a shipped one's name, or a file.</summary>
    public static VenueProfile Find(string option, string nameOrFile)
    {
        if (VenueProfiles.TryShipped(nameOrFile, out VenueProfile shipped)) return shipped;
        InputFiles.RefuseDirectory(option, nameOrFile);
        if (!File.Exists(nameOrFile))
        {
            string known = string.Join(", ", VenueProfiles.ShippedNames);
            throw new BadInputException($"{option}: '{OptionText.Shown(nameOrFile)}' is neither a shipped profile ({known}) nor a file");
        }

        return Read(InputFiles.Read(option, nameOrFile), nameOrFile);
    }

    private static long StaleFor(VenueProfile venue, long stepMilliseconds) =>
        Math.Min(LongestStale, Math.Max(venue.Liquidation.StaleMilliseconds, StaleSteps * stepMilliseconds));

    private static void Keep(JsonArray list, Func<JsonNode, bool> keep)
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (!keep(list[i]!)) list.RemoveAt(i);
        }
    }
}
