using CrossMargin.Model;

namespace CrossMargin.TestKit;

/// <summary>The venues that properties run on: each differs from `simple` in the rules it is named for.</summary>
public static class VenueVariants
{
    private const string House = """ "defaults":{"house":{"enabled":true,"depthNotional":"3000"}} """;

    public static readonly IReadOnlyList<(string Name, string Patch)> All =
    [
        ("plain", "{}"),
        ("house", "{" + House + "}"),
        ("tier step-down, flat tiers", """{"tiers":"flat","liquidation":{"policy":"TierStepDown"}}"""),
        ("smallest first, half the profit counts", """{"profitShare":"0.5","liquidation":{"policy":"SmallestFirst","equalityIsSafe":true}}"""),
        ("whole account at any price, house", """{"liquidation":{"policy":"WholeAccount","anyPrice":true},""" + House + "}"),
        ("collateral", """{"collateral":{"enabled":true,"sellBelow":"-100"}}"""),
        ("small fund, by leverage", """
            {"fund":{"initialBalance":"50","inventoryLimit":"0.5"},"liquidation":{"score":"ProfitTimesLeverage"},
             "defaults":{"fundPositionLimit":"300","liquidationFee":"0.002"}}
            """),
        ("no fund, collateral, house", """{"fund":{"initialBalance":"0"},"collateral":{"enabled":true},""" + House + "}"),
        ("no fund", """{"fund":{"initialBalance":"0","inventoryLimit":"0"},"defaults":{"fundPositionLimit":"0","liquidationFee":"0"}}"""),
    ];

    public static VenueProfile Profile(int index) => TestProfiles.Simple(All[index % All.Count].Patch);
}
