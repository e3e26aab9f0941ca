using CrossMargin.Engine.Margin;
using CrossMargin.Model;
using CrossMargin.TestKit.Margin;
using static CrossMargin.TestKit.Margin.MarginVenue;

namespace CrossMargin.Engine.Tests.Margin;

public sealed class MarginRuleTests
{
    [Theory]
    [InlineData(5, 5, true, false, true)]
    [InlineData(5, 5, true, true, false)]
    [InlineData(4, 5, true, true, true)]
    [InlineData(6, 5, true, false, false)]
    [InlineData(-7, 5, true, true, true)]
    [InlineData(0, 0, false, false, false)]
    [InlineData(-1, 0, false, true, true)]
    public void IsLiquidatable_EachCase_IsTheOnePredicate(long equity, long maintenance, bool has, bool safe, bool expected) =>
        Assert.Equal(expected, PoolJudge.IsLiquidatable(new Amount(equity), new Amount(maintenance), has, safe));

    [Fact]
    public void LargestNotional_EachLeverage_EndsBelowTheFirstTierThatAllowsLess()
    {
        var tiers = new TierTable(
            [Tier("0", "0.004", "0", 125), Tier("50000", "0.005", "50", 100), Tier("600000", "0.0065", "950", 75)],
            flat: false,
            Money("3000000"));
        Assert.Equal(Money("0"), PositionTierLimit.LargestNotional(tiers, 126));
        Assert.Equal(Money("49999.99999999"), PositionTierLimit.LargestNotional(tiers, 101));
        Assert.Equal(Money("599999.99999999"), PositionTierLimit.LargestNotional(tiers, 100));
        Assert.Equal(Money("3000000"), PositionTierLimit.LargestNotional(tiers, 75));
        Assert.True(PositionTierLimit.Allows(tiers, Money("3000000"), 1));
        Assert.False(PositionTierLimit.Allows(tiers, Money("600000"), 100));
    }

    [Fact]
    public void Withdrawable_WithProfit_NeverIncludesIt()
    {
        Assert.Equal(Money("60"), PoolJudge.Withdrawable(Money("150"), Money("100"), Money("30"), Money("10")));
        Assert.Equal(Money("110"), PoolJudge.Available(Money("150"), Money("30"), Money("10")));
    }

    [Fact]
    public void Withdrawable_WithLoss_CountsIt()
    {
        Assert.Equal(Money("10"), PoolJudge.Withdrawable(Money("50"), Money("100"), Money("30"), Money("10")));
        Assert.Equal(Money("0"), PoolJudge.Withdrawable(Money("-50"), Money("100"), Money("30"), Money("10")));
    }

    [Fact]
    public void CountedProfitDown_PartialShare_CountsLossesWhole()
    {
        Assert.Equal(new Amount(3), LegMath.CountedProfitDown(new Amount(7), Fraction("0.5")));
        Assert.Equal(new Amount(-7), LegMath.CountedProfitDown(new Amount(-7), Fraction("0.5")));
    }

    [Fact]
    public void EntryPriceE8HalfEven_AverageOfTwoFills_IsTheirMean()
    {
        MarketSpec btc = new MarginVenue().Add("BTCUSDT", "0.1", "0.001", OneRate("0.004"));
        Quantity quantity = Quantity.Zero;
        Amount cost = Amount.Zero;
        LegMath.ApplyFill(btc, ref quantity, ref cost, Side.Sell, new Quantity(1), new Price(3_000_000_000));
        LegMath.ApplyFill(btc, ref quantity, ref cost, Side.Sell, new Quantity(2), new Price(3_000_100_000));
        Assert.Equal(3_000_066_666_667, LegMath.EntryPriceE8HalfEven(btc, quantity, cost));
        Assert.Equal(0, LegMath.EntryPriceE8HalfEven(btc, Quantity.Zero, Amount.Zero));
    }

    [Fact]
    public void ApplyFill_ThroughZero_ClosesThenOpensAtTheFill()
    {
        MarketSpec spec = new MarginVenue().Add("AUSDT", "1", "1", OneRate("0.01"));
        Quantity quantity = new(2);
        Amount cost = spec.Notional(Units(spec, 100), quantity);
        Amount realized = LegMath.ApplyFill(spec, ref quantity, ref cost, Side.Sell, new Quantity(5), Units(spec, 110));
        Assert.Equal(Money("20"), realized);
        Assert.Equal(new Quantity(-3), quantity);
        Assert.Equal(Money("-330"), cost);
    }

    [Fact]
    public void ReleasedCostUp_MoreThanThePosition_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LegMath.ReleasedCostUp(Money("100"), new Quantity(2), new Quantity(3)));

    [Fact]
    public void ValueDown_NegativeCollateral_IsABrokenInvariant()
    {
        MarketSpec spec = new MarginVenue().Add("AUSDT", "1", "1", OneRate("0.01"));
        var asset = new CollateralAsset(new AssetId(1), "A", spec.Id, [new(Money("5"), Fraction("0.95"))]);
        Assert.Throws<InvariantViolation>(() => CollateralMath.ValueDown(spec, asset, new Amount(-1), Units(spec, 10)));
    }

    [Fact]
    public void ValueDown_BalanceAboveTheLastSlice_CountsNothingMore()
    {
        MarketSpec spec = new MarginVenue().Add("AUSDT", "1", "1", OneRate("0.01"));
        CollateralSlice[] slices = [new(Money("5"), Fraction("0.95")), new(Money("8"), Fraction("0.5"))];
        var asset = new CollateralAsset(new AssetId(1), "A", spec.Id, slices);
        Assert.Equal(Money("625"), CollateralMath.ValueDown(spec, asset, Money("20"), Units(spec, 100)));
    }

    [Fact]
    public void Find_OwnCollateral_MovesWithTheMark()
    {
        // Short 1 against 1 of the asset itself at a ratio of 0.9: a rise costs only the tenth that does not count, plus maintenance.
        var venue = new MarginVenue();
        MarketSpec spec = venue.Add("AUSDT", "0.01", "0.001", OneRate("0.02"));
        venue.Collateral.Add(new CollateralAsset(new AssetId(1), "A", spec.Id, [new(Money("100"), Fraction("0.9"))]));
        VenueProfile profile = venue.Build();
        Price mark = Units(spec, 100);
        var leg = new Leg { Market = spec.Id, Leverage = 1, Quantity = new Quantity(-1000), OpenCost = Money("-100") };
        MovingPool pool = MovingPool.OfCross(profile, spec.Id, [leg], [Money("0"), Money("1")], [mark], [mark]);

        // 0.9 p + (100 − p) = 0.02 p  →  p = 100 / 0.12
        Assert.Equal("833.33", spec.Format(LiquidationPrice.Find(pool)!.Value));
    }

    [Fact]
    public void Find_FullyPaidLong_IsNone()
    {
        var venue = new MarginVenue();
        MarketSpec spec = venue.Add("AUSDT", "0.01", "0.001", OneRate("0.02"));
        var leg = new Leg { Market = spec.Id, Leverage = 1, Quantity = new Quantity(1000), OpenCost = Money("100") };
        MovingPool pool = MovingPool.OfCross(venue.Build(), spec.Id, [leg], [Money("101")], [Units(spec, 100)], [Units(spec, 100)]);
        Assert.Null(LiquidationPrice.Find(pool));
    }

    [Fact]
    public void Find_TierAtTheLiquidationPrice_IsTheOneThatCounts()
    {
        // At the mark the short lies in the first tier, at its liquidation price in the second.
        var venue = new MarginVenue();
        var tiers = new TierTable([Tier("0", "0.01", "0", 50), Tier("1050", "0.05", "42", 20)], flat: false, Money("100000"));
        MarketSpec spec = venue.Add("AUSDT", "0.01", "0.001", tiers);
        var leg = new Leg { Market = spec.Id, Leverage = 10, Quantity = new Quantity(-10_000), OpenCost = Money("-1000") };
        MovingPool pool = MovingPool.OfCross(venue.Build(), spec.Id, [leg], [Money("100")], [Units(spec, 100)], [Units(spec, 100)]);

        // 100 + 1000 − 10 p = 0.05 × 10 p − 42  →  p = 1142 / 10.5
        Assert.Equal("108.76", spec.Format(LiquidationPrice.Find(pool)!.Value));
    }

    private static Price Units(MarketSpec spec, int whole) =>
        spec.TryParsePrice(whole.ToString(System.Globalization.CultureInfo.InvariantCulture), DecimalRounding.Exact, out Price price)
            ? price
            : throw new ArgumentException("not on a unit", nameof(whole));
}
