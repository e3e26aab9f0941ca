using CrossMargin.TestKit;

namespace CrossMargin.Model.Tests.Profiles;

public sealed class SimpleProfileTests
{
    [Fact]
    public void Simple_Shipped_HasRoundNumbers()
    {
        VenueProfile profile = TestProfiles.Simple();

        Assert.Equal("simple", profile.Name);
        Assert.Equal("USDT", profile.SettlementAsset);
        Assert.Equal(["AAAUSDT", "BBBUSDT", "CCCUSDT"], profile.Markets.Select(m => m.Symbol));
        Assert.Equal([1, 2, 3], profile.Markets.Select(m => m.Id.Value));
        MarketSpec aaa = profile[new MarketId(1)];
        Assert.Equal("0.1", DecimalText.Format(aaa.PriceUnitE18 * aaa.TickUnits, 18));
        Assert.Equal(1, aaa.PriceDecimals);
        Assert.Equal(3, aaa.QuantityDecimals);
        Assert.Equal(8 * 3_600_000, aaa.Funding.IntervalMilliseconds);
        Assert.False(aaa.House.Enabled);
        Assert.False(profile.Collateral.Enabled);
        CollateralAsset collateral = Assert.Single(profile.Collateral.Assets);
        Assert.Equal((1, "AAA", 1), (collateral.Id.Value, collateral.Name, collateral.PriceMarket.Value));
        Assert.Equal([new CollateralSlice(Amount.FromWhole(10), new Rate(95_000_000)), new(Amount.FromWhole(100), new Rate(90_000_000))],
            collateral.Slices);
    }

    [Fact]
    public void Simple_Tiers_DeductionsFollowFromContinuity()
    {
        TierTable tiers = TestProfiles.Simple().Markets[0].Tiers;

        Assert.Equal(["0", "250", "4000"], tiers.Tiers.ToArray().Select(t => t.Deduction.ToString()));
        Assert.Equal("500", tiers.MaintenanceUp(Amount.FromWhole(75_000)).ToString());
    }

    [Fact]
    public void Simple_PatchedByOneWord_DiffersInThatOnly()
    {
        VenueProfile profile = TestProfiles.Simple("""
            {"liquidation":{"policy":"WholeAccount"},"tiers":"flat","markets":{"BBBUSDT":{"tick":"0.05"}}}
            """);

        Assert.Equal(LiquidationPolicy.WholeAccount, profile.Liquidation.Policy);
        Assert.Equal(new Rate(5_000_000), profile.Liquidation.Buffer);
        Assert.True(profile.Markets[0].Tiers.IsFlat);
        Assert.Equal("750", profile.Markets[0].Tiers.MaintenanceUp(Amount.FromWhole(75_000)).ToString());
        MarketSpec bbb = profile.Markets[1];
        Assert.Equal("0.05", DecimalText.Format(bbb.PriceUnitE18 * bbb.TickUnits, 18));
        Assert.Equal("0.01", DecimalText.Format(bbb.LotSizeE18, 18));
    }

    [Fact]
    public void Simple_UnfitPatch_ThrowsWithThePath()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => TestProfiles.Simple("""{"takerFee":"2"}"""));

        Assert.Contains("simple: takerFee: \"2\" is not a decimal string from 0 to 0.1", e.Message);
    }
}
