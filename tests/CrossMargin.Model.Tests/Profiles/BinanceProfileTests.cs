using CrossMargin.TestKit;

namespace CrossMargin.Model.Tests.Profiles;

public sealed class BinanceProfileTests
{
    private static readonly VenueProfile s_profile = VenueProfiles.Binance;

    [Fact]
    public void Binance_Shipped_HasTheTwelveMarketsInOrder()
    {
        string[] expected =
        [
            "BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "ADAUSDT", "DOTUSDT",
            "LINKUSDT", "LTCUSDT", "BCHUSDT", "AVAXUSDT", "LUNAUSDT", "MATICUSDT",
        ];

        Assert.Equal(expected, s_profile.Markets.Select(m => m.Symbol));
        Assert.Equal(Enumerable.Range(1, 12), s_profile.Markets.Select(m => m.Id.Value));
        Assert.Same(s_profile, TestProfiles.Binance());
    }

    [Fact]
    public void Binance_BtcTiers_ArePublishedOnes()
    {
        TierTable tiers = s_profile.Markets[0].Tiers;

        Assert.Equal(12, tiers.Count);
        Assert.Equal(new Tier(Amount.FromWhole(3_000_000), new Rate(1_000_000), Amount.FromWhole(11_450), 50), tiers[3]);
        Assert.Equal(Amount.FromWhole(1_800_000_000), tiers.Cap);
        Assert.Equal("88550", tiers.MaintenanceUp(Amount.FromWhole(10_000_000)).ToString());
    }

    [Theory]
    [InlineData("LUNAUSDT")]
    [InlineData("MATICUSDT")]
    public void Binance_TiersWithoutASource_AreDotsAndMarkedAssumed(string symbol)
    {
        Assert.True(s_profile.TryFind(symbol, out MarketSpec market));
        Assert.True(s_profile.TryFind("DOTUSDT", out MarketSpec dot));

        Assert.Equal(dot.Tiers.Tiers.ToArray(), market.Tiers.Tiers.ToArray());
        Assert.Contains("tiers", market.Assumed);
        Assert.DoesNotContain("tiers", dot.Assumed);
    }

    [Fact]
    public void Binance_FieldsWithoutASource_AreMarkedAssumed()
    {
        Assert.All(s_profile.Markets, m => Assert.Contains("house", m.Assumed));
        Assert.All(s_profile.Markets, m => Assert.Contains("jumpBand", m.Assumed));
        Assert.DoesNotContain("tick", s_profile.Markets[0].Assumed);
        Assert.DoesNotContain("funding.cap", s_profile.Markets[0].Assumed);
        Assert.Contains("funding.cap", s_profile.Markets[2].Assumed);
        Assert.Contains("liquidation.buffer", s_profile.Assumed);
    }

    [Fact]
    public void Binance_ImpactNotional_Is200OverTheSmallestInitialMarginRate()
    {
        Assert.All(s_profile.Markets, m => Assert.Equal(Amount.FromWhole(200L * m.Tiers[0].MaxLeverage), m.Funding.ImpactNotional));
    }

    [Fact]
    public void Binance_LargestOrder_FitsIntoAnAmount()
    {
        Assert.All(s_profile.Markets, m => Assert.True(m.Notional(m.MaxPrice, m.MaxQuantity).IsPositive));
    }

    [Fact]
    public void ShippedNames_Each_IsReadable()
    {
        Assert.Equal(["binance", "simple"], VenueProfiles.ShippedNames);
        Assert.All(VenueProfiles.ShippedNames, name =>
        {
            Assert.True(VenueProfiles.TryShipped(name, out VenueProfile profile));
            Assert.Equal(name, profile.Name);
            Assert.True(VenueProfiles.TryShippedText(name, out string text));
            Assert.Equal(text, profile.Source);
        });
        Assert.False(VenueProfiles.TryShipped("Binance", out _));
    }
}
