using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Simulator.World;

/// <summary>The venues that seeds run on: small funds and thin margins, so that crashes reach the end of the liquidation path.</summary>
internal static class Venues
{
    private const string Times = """ "answerWithin":"2s","recoverAfter":"2s","staleAfter":"20s" """;
    private const string Fund = """ "unwindEvery":"2s" """;
    private const string House = """ "house":{"enabled":true,"depthNotional":"1500"} """;

    private static readonly string[] s_patches =
    [
        """{"fund":{"initialBalance":"2000",FUND},"liquidation":{TIMES},"defaults":{HOUSE}}""",
        """
        {"fund":{"initialBalance":"50","inventoryLimit":"0.5",FUND},"liquidation":{"score":"ProfitTimesLeverage",TIMES},
         "defaults":{"fundPositionLimit":"300","liquidationFee":"0.002"}}
        """,
        """
        {"fund":{"initialBalance":"0","inventoryLimit":"0",FUND},"liquidation":{TIMES},
         "defaults":{"fundPositionLimit":"0","liquidationFee":"0"}}
        """,
        """
        {"fund":{"initialBalance":"500",FUND},"liquidation":{"policy":"WholeAccount","anyPrice":true,TIMES},
         "collateral":{"enabled":true,"sellBelow":"-100"},"defaults":{HOUSE}}
        """,
        """
        {"tiers":"flat","fund":{"initialBalance":"200","inventoryLimit":"0.5",FUND},"liquidation":{"policy":"TierStepDown",TIMES},
         "defaults":{"fundPositionLimit":"1000"}}
        """,
        """
        {"profitShare":"0.5","fund":{"initialBalance":"100",FUND},"defaults":{HOUSE},
         "liquidation":{"policy":"SmallestFirst","equalityIsSafe":true,TIMES}}
        """,
    ];

    private static readonly Lazy<VenueProfile>[] s_profiles = [.. s_patches.Select(p => new Lazy<VenueProfile>(() => Read(p)))];

    public static int Count => s_profiles.Length;

    /// <summary>The one with a number from 1; or (0) one of them.</summary>
    public static VenueProfile Pick(SimRandom random, int number)
    {
        long picked = random.Below(s_profiles.Length);
        return s_profiles[number == 0 ? picked : number - 1].Value;
    }

    private static VenueProfile Read(string patch) => TestProfiles.Simple(patch
        .Replace("TIMES", Times, StringComparison.Ordinal)
        .Replace("FUND", Fund, StringComparison.Ordinal)
        .Replace("HOUSE", House, StringComparison.Ordinal));
}
