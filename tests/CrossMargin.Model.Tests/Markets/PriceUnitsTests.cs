using System.Numerics;
using CrossMargin.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Model.Tests.Markets;

public sealed class PriceUnitsTests
{
    /// <summary>Steps of one or two digits anywhere from 1e-18 to 9.9e12, in 1e-18.</summary>
    private static readonly Gen<Int128> s_step =
        from digits in Gen.Elements(1, 1, 1, 2, 5, 25, 3, 11)
        from zeros in Gen.Choose(0, 28)
        select digits * (Int128)BigInteger.Pow(10, zeros);

    [Fact]
    public void Prop_TryDerive_IsTheFinestFittingDecimalStep() => Prop.ForAll(s_step.ToArbitrary(), s_step.ToArbitrary(), (tick, lot) =>
    {
        // The oracle tries every decimal step from the finest, by the definition.
        BigInteger? finest = null;
        for (int k = 18; k >= -12 && finest is null; k--)
        {
            BigInteger unit = BigInteger.Pow(10, 18 - k);
            if ((unit * (BigInteger)lot % BigInteger.Pow(10, 28)).IsZero) finest = unit;
        }

        bool expected = finest is { } f && ((BigInteger)tick % f).IsZero
            && (BigInteger)tick / f <= long.MaxValue && f * (BigInteger)lot / BigInteger.Pow(10, 28) <= long.MaxValue;
        bool ok = PriceUnits.TryDerive(tick, lot, out PriceUnits units, out string fault);
        if (ok != expected) return false;
        return ok
            ? units.UnitE18 == (Int128)finest!.Value && units.TickUnits == tick / units.UnitE18
                && (BigInteger)units.AmountPerUnitLot * BigInteger.Pow(10, 28) == (BigInteger)units.UnitE18 * (BigInteger)lot
            : fault.Length > 0;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("AAAUSDT", "0.00001", 1, 10_000)]
    [InlineData("BBBUSDT", "0.000001", 1, 10_000)]
    [InlineData("CCCUSDT", "0.0000001", 1, 100_000)]
    public void Simple_Market_HasThisUnit(string symbol, string unit, long amountPerUnitLot, long tickUnits)
    {
        Assert.True(VenueProfiles.Simple.TryFind(symbol, out MarketSpec market));

        Assert.Equal(unit, DecimalText.Format(market.PriceUnitE18, 18));
        Assert.Equal(amountPerUnitLot, market.AmountPerUnitLot);
        Assert.Equal(tickUnits, market.TickUnits);
    }

    [Fact]
    public void Derive_LotOfAHalf_CountsFiveSmallestAmountsPerUnitAndLot()
    {
        MarketSpec market = TestProfiles.Simple("""{"markets":{"AAAUSDT":{"lot":"0.5","minQuantity":"0.5"}}}""").Markets[0];

        Assert.Equal("0.0000001", DecimalText.Format(market.PriceUnitE18, 18));
        Assert.Equal(5, market.AmountPerUnitLot);
        Assert.True(market.TryParsePrice("100.1", DecimalRounding.Exact, out Price price));
        Assert.True(market.TryParseQuantity("1.5", DecimalRounding.Exact, out Quantity quantity));
        Assert.Equal("150.15", market.Notional(price, quantity).ToString());
        Assert.Equal(("100.1", "1.5"), (market.Format(price), market.Format(quantity)));
    }

    [Fact]
    public void Prop_Notional_IsPriceTimesQuantityExactly() =>
        Prop.ForAll(Gen.Elements(VenueProfiles.Binance.Markets.ToArray()).ToArbitrary(), Gen.Choose(1, 2_000_000).ToArbitrary(),
            Gen.Choose(-10_000, 10_000).ToArbitrary(), (market, units, lots) =>
            {
                BigInteger exact = (BigInteger)market.PriceUnitE18 * units * (BigInteger)market.LotSizeE18 * lots;
                return market.Notional(new Price(units), new Quantity(lots)).E8 * BigInteger.Pow(10, 28) == exact;
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("100.01", "100.1", "100")]
    [InlineData("100.1", "100.1", "100.1")]
    public void Tick_UpAndDown_AreTheNeighbours(string text, string up, string down)
    {
        MarketSpec market = VenueProfiles.Simple.Markets[0];
        Assert.True(market.TryParsePrice(text, DecimalRounding.Exact, out Price price));

        Assert.Equal((up, down), (market.Format(market.TickUp(price)), market.Format(market.TickDown(price))));
        Assert.Equal(up == down, market.IsOnTick(price));
    }
}
