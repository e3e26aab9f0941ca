using CrossMargin.Model;

namespace CrossMargin.Gateway.Admin;

/// <param name="MaxLeverage">Of each bracket in order, not rising; as many as the market has.</param>
/// <param name="NotionalCap">The largest position; left out: as it is.</param>
public sealed record SetBrackets(IReadOnlyList<int> MaxLeverage, string? NotionalCap = null)
{
    internal SetLeverageBrackets ToCommand(MarketId market, Amount cap)
    {
        TierLeverages leverages = default;
        for (int i = 0; i < MaxLeverage.Count; i++) leverages[i] = (ushort)MaxLeverage[i];
        return new SetLeverageBrackets { Market = market, Count = MaxLeverage.Count, MaxLeverage = leverages, Cap = cap };
    }
}

/// <summary>What is left out stays as it is. Rates are fractions of the index.</summary>
/// <param name="Levels">1 to 100.</param>
/// <param name="HalfSpread">Above 0, at most 0.1.</param>
/// <param name="LevelStep">Above 0, at most 0.1.</param>
/// <param name="DepthNotional">Of the first level, 0 to one billion.</param>
/// <param name="VolumeShare">Of a recorded bar's volume, 0 to 10.</param>
/// <param name="LevelGrowth">0 to 10.</param>
/// <param name="RefillMilliseconds">1 to a day.</param>
public sealed record SetHouseTo(
    bool? Enabled = null, int? Levels = null, string? HalfSpread = null, string? LevelStep = null, string? DepthNotional = null,
    string? VolumeShare = null, string? LevelGrowth = null, long? RefillMilliseconds = null)
{
    internal SetHouse ToCommand(MarketId market, HouseSpec present) => new()
    {
        Market = market,
        Enabled = Enabled ?? present.Enabled,
        Levels = Levels ?? present.Levels,
        HalfSpread = Fraction(HalfSpread, "halfSpread", present.HalfSpread),
        LevelStep = Fraction(LevelStep, "levelStep", present.LevelStep),
        LevelGrowth = Fraction(LevelGrowth, "levelGrowth", present.LevelGrowth),
        DepthNotional = DepthNotional is null ? present.DepthNotional : AdminText.Amount(DepthNotional, "depthNotional"),
        VolumeShare = Fraction(VolumeShare, "volumeShare", present.VolumeShare),
        RefillMilliseconds = RefillMilliseconds ?? present.RefillMilliseconds,
    };

    private static Rate Fraction(string? text, string field, Rate present) =>
        text is null ? present : AdminText.Rate(text, field, Rate.Zero, new Rate(10 * Rate.One));
}
