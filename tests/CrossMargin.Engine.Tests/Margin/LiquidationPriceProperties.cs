using CrossMargin.Engine.Margin;
using CrossMargin.Model;
using CrossMargin.TestKit.Margin;
using CrossMargin.TestKit.Twins;

namespace CrossMargin.Engine.Tests.Margin;

public sealed class LiquidationPriceProperties
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Prop_FindExact_AnyCrossPool_AgreesWithLookingAtEveryPrice(int seed)
    {
        var cases = new MarginCases(seed);
        int below = 0, above = 0, none = 0;
        for (int n = 0; n < 1_500; n++)
        {
            bool collateral = cases.Chance(30);
            (VenueProfile profile, MarketSpec spec) = cases.SmallVenue(collateral);
            var mark = new Price(cases.NextLong(20, 800));
            var index = new Price(Math.Max(1, mark.Units + cases.Next(-15, 16)));
            Leg[] legs = cases.Chance(40)
                ? [cases.Leg(spec, mark, PositionSide.Long), cases.Leg(spec, mark, PositionSide.Short)]
                : [cases.Leg(spec, mark, PositionSide.Both)];
            long scale = spec.Notional(mark, new Quantity(legs.Sum(l => Math.Abs(l.Quantity.Lots)))).E8;
            Amount[] balances = collateral
                ? [new(cases.NextLong(-scale, scale)), new(cases.NextLong(0, 5_000))]
                : [new(cases.NextLong(-scale / 4, scale))];

            MovingPool pool = MovingPool.OfCross(profile, spec.Id, legs, balances, [mark], [index]);
            Price? found = LiquidationPrice.FindExact(pool);

            CollateralAsset? asset = collateral ? profile.Collateral.Assets[0] : null;
            bool safe = profile.Liquidation.EqualityIsSafe;
            (long, long)[] plain = [.. legs.Select(l => (l.Quantity.Lots, l.OpenCost.E8))];
            bool Liquidatable(long price)
            {
                var excess = NaiveMargin.Excess(spec, plain, profile.ProfitShare, balances[0].E8, price, asset,
                    collateral ? balances[1].E8 : 0, index.Units + price - mark.Units);
                return safe ? excess < 0 : excess <= 0;
            }

            long reach = mark.Units * 5;
            long? expected = NaiveMargin.Scan(mark.Units, reach, Liquidatable);
            if (expected is null && found is { } far && far.Units > mark.Units + reach)
            {
                Assert.True(Liquidatable(far.Units) && !Liquidatable(far.Units - 1));
                continue;
            }

            Assert.True(expected == found?.Units, $"seed {seed} case {n}: {found?.Units} is not {expected}");
            if (found is null) none++;
            else if (found.Value < mark) below++;
            else if (found.Value > mark) above++;
        }

        Assert.True(below > 150 && above > 150 && none > 50, $"the cases became one-sided: {below} below, {above} above, {none} none");
    }

    [Fact]
    public void Prop_FindExact_HedgeWhoseExcessIsNearlyFlat_AgreesWithinRounding()
    {
        // The price moves the excess by less than what is rounded, so the predicate flickers from unit to unit.
        var cases = new MarginCases(99);
        int exact = 0;
        for (int n = 0; n < 3_000; n++)
        {
            long shorts = cases.NextLong(1, 300);
            long longs = shorts + cases.NextLong(1, 4);
            long rate = Rate.One * (longs - shorts) / (longs + shorts) + cases.NextLong(-300_000, 300_000);
            var venue = new MarginVenue { EqualityIsSafe = cases.Chance(50) };
            var tiers = new TierTable([new Tier(Amount.Zero, new Rate(rate), Amount.Zero, 1)], flat: false, new Amount(long.MaxValue));
            MarketSpec spec = venue.Add("AUSDT", 1_000_000_000_000_000_000L, 10_000_000_000L, 1, 1, tiers);
            VenueProfile profile = venue.Build();
            var mark = new Price(cases.NextLong(20, 800));
            var legs = new Leg[] { cases.Leg(spec, mark, PositionSide.Long), cases.Leg(spec, mark, PositionSide.Short) };
            legs[0].Quantity = new Quantity(longs);
            legs[1].Quantity = new Quantity(-shorts);
            legs[0].OpenCost = spec.Notional(mark, legs[0].Quantity);
            legs[1].OpenCost = spec.Notional(mark, legs[1].Quantity);
            MovingPool pool = MovingPool.OfCross(profile, spec.Id, legs, [Amount.Zero], [mark], [mark]);
            pool.Rest = new Amount(cases.NextLong(0, 4) - (pool.ExcessAt(mark) - pool.Rest).E8);

            (long, long)[] plain = [.. legs.Select(l => (l.Quantity.Lots, l.OpenCost.E8))];
            bool safe = profile.Liquidation.EqualityIsSafe;
            bool Liquidatable(long price) =>
                NaiveMargin.Excess(spec, plain, Rate.Whole, pool.Rest.E8, price) is var x && (safe ? x < 0 : x <= 0);
            long reach = mark.Units * 4;
            long? expected = NaiveMargin.Scan(mark.Units, reach, Liquidatable);
            Price? found = LiquidationPrice.FindExact(pool);
            if (expected == found?.Units)
            {
                exact++;
            }
            else
            {
                Assert.NotNull(found);
                Assert.True(expected is null || Math.Abs(found.Value.Units - mark.Units) < Math.Abs(expected.Value - mark.Units));
                if (expected is not null || found.Value.Units <= mark.Units + reach) Assert.InRange(pool.ExcessAt(found.Value).E8, 0, 4);
            }
        }

        Assert.True(exact > 2_800, $"only {exact} agree");
    }

    [Fact]
    public void Prop_Find_AnyPool_IsTheExactPriceRoundedTowardsTheMark()
    {
        var cases = new MarginCases(77);
        for (int n = 0; n < 2_000; n++)
        {
            (VenueProfile profile, MarketSpec spec) = cases.SmallVenue(collateral: false);
            var mark = new Price(cases.NextLong(20, 5_000));
            Leg leg = cases.Leg(spec, mark, PositionSide.Both);
            leg.Mode = MarginMode.Isolated;
            leg.IsolatedWallet = new Amount(cases.NextLong(0, spec.Notional(mark, leg.Quantity).Abs.E8));
            MovingPool pool = MovingPool.OfIsolated(profile, leg, mark);
            Price? exact = LiquidationPrice.FindExact(pool);
            Price? shown = LiquidationPrice.Find(pool);
            if (exact is null || exact == mark) continue;
            long tick = spec.TickUnits;
            if (exact < mark)
            {
                Assert.True(shown!.Value.Units >= exact.Value.Units && shown.Value.Units - exact.Value.Units < tick);
                Assert.True(shown.Value.Units > mark.Units - tick || !pool.IsLiquidatableAt(new Price(exact.Value.Units + 1)));
            }
            else if (shown is { } price)
            {
                Assert.True(price.Units <= exact.Value.Units && exact.Value.Units - price.Units < tick);
                Assert.False(pool.IsLiquidatableAt(new Price(exact.Value.Units - 1)));
            }
            else
            {
                Assert.True(exact.Value.Units < tick);
            }

            if (shown is { } onTick) Assert.True(spec.IsOnTick(onTick));
        }
    }
}
