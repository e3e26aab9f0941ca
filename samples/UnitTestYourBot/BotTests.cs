using CrossMargin.Embedded.Serving;
using CrossMargin.Hosting;

namespace UnitTestYourBot;

public class BotTests
{
    [Fact]
    public async Task Long_PriceFalls_IsLiquidatedBeforeItOwes()
    {
        using var venue = new TestVenue();
        await venue.SetPriceAsync("BTCUSDT", 60_000);
        var bot = await venue.OpenAccountAsync(deposit: 2_000);
        await venue.MarketAsync(bot, "BTCUSDT", 0.5m);

        for (decimal price = 60_000; price >= 56_000; price -= 500)
        {
            await venue.AdvanceAsync(TimeSpan.FromSeconds(1));
            await venue.SetPriceAsync("BTCUSDT", price);
        }

        AccountSnapshot account = await venue.AccountAsync(bot);
        Assert.DoesNotContain(account.Legs, leg => !leg.Quantity.IsZero);
        Assert.False(account.Balances[0].Wallet.IsNegative);
    }
}
