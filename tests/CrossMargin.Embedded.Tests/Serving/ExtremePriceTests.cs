using CrossMargin.Embedded.Serving;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.Serving;

/// <summary>Prices from outside are bounded by what the positions there are can be worth: no price may stop the exchange for good.</summary>
public sealed class ExtremePriceTests
{
    private const string Btc = "BTCUSDT";

    [Fact]
    public async Task SetPrice_AtWhichAPositionPassesAllAmounts_IsRefusedAndTheExchangeGoesOn()
    {
        using var venue = new TestVenue();
        await venue.SetPriceAsync(Btc, 1_000);
        AccountId buyer = await venue.OpenAccountAsync(100_000_000);
        AccountId seller = await venue.OpenAccountAsync(100_000_000);
        for (int i = 0; i < 25; i++)
        {
            await venue.LimitAsync(seller, Btc, -1_000, 1_000);
            await venue.LimitAsync(buyer, Btc, 1_000, 1_000);
        }

        decimal most = 4_529_764; // of the market's prices; the position would be worth 1.1e11, an amount holds 0.9e11
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => venue.SetPriceAsync(Btc, most));
        Assert.Equal(RejectReason.InvalidPrice, refused.Refusal.Reason);
        MarketSpec market = venue.Exchange.Profile.Markets[0];
        Assert.Equal(1_000m, decimal.Parse(market.Format((await venue.Exchange.ReadMarketAsync(market.Id)).Index)));

        decimal largest = decimal.Parse(market.Format(new Price(refused.Refusal.Limit)));
        Assert.InRange(largest, 400_000, most);
        await venue.SetPriceAsync(Btc, largest);
        await venue.AdvanceAsync(TimeSpan.FromSeconds(60));
        await venue.SetPriceAsync(Btc, largest);
        Assert.Null(venue.Exchange.Unavailable);
        Assert.True((await venue.AccountAsync(buyer)).CrossEquity.IsPositive);
    }
}
