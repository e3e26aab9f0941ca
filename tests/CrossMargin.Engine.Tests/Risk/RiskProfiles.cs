using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Engine.Tests.Risk;

/// <summary>The kinds of venue whose boxes differ in shape.</summary>
public static class RiskProfiles
{
    public static readonly string[] Names =
        ["marginal", "flat", "part-profit", "low-profit", "flat-part", "equality", "collateral", "collateral-flat-part"];

    public static VenueProfile Of(string name) => TestProfiles.Simple(name switch
    {
        "marginal" => null,
        "flat" => """{"tiers":"flat"}""",
        "part-profit" => """{"profitShare":"0.5"}""",
        "low-profit" => """{"profitShare":"0.01"}""",
        "flat-part" => """{"tiers":"flat","profitShare":"0.3"}""",
        "equality" => """{"liquidation":{"equalityIsSafe":true}}""",
        "collateral" => """{"collateral":{"enabled":true}}""",
        "collateral-flat-part" => """{"tiers":"flat","profitShare":"0.4","collateral":{"enabled":true}}""",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    });

    public static TheoryData<string> All()
    {
        var data = new TheoryData<string>();
        foreach (string name in Names) data.Add(name);
        return data;
    }
}
