using System.Numerics;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;
using CrossMargin.TestKit.Margin;
using CrossMargin.TestKit.Twins;

namespace CrossMargin.Engine.Tests.Margin;

public sealed class MarginFormulaProperties
{
    [Fact]
    public void Prop_MaintenanceUp_AnyTableAndNotional_AgreesWithSliceBySlice()
    {
        var cases = new MarginCases(11);
        for (int n = 0; n < 20_000; n++)
        {
            (VenueProfile _, MarketSpec spec) = cases.SmallVenue(collateral: false);
            Assert.Null(spec.Tiers.Validate(allowFirstDeduction: true));
            var lots = new Quantity(cases.NextLong(-2_000, 2_000));
            var price = new Price(cases.NextLong(1, 5_000));
            BigInteger expected = lots.IsZero ? 0 : NaiveMargin.Maintenance(spec, BigInteger.Abs(spec.Notional(price, lots).E8));
            Assert.Equal(expected, LegMath.MaintenanceUp(spec, lots, price).E8);
        }
    }

    [Fact]
    public void Prop_RateOf_AnyAmount_AgreesWithRationals()
    {
        var cases = new MarginCases(12);
        for (int n = 0; n < 50_000; n++)
        {
            long amount = cases.NextLong(-1_000_000_000_000_000, 1_000_000_000_000_000) >> cases.Next(0, 50);
            long rate = cases.NextLong(-500_000_000, 500_000_000) >> cases.Next(0, 28);
            BigInteger product = (BigInteger)amount * rate;
            Assert.Equal(NaiveMargin.CeilDiv(product, Rate.One), new Rate(rate).OfUp(new Amount(amount)).E8);
            Assert.Equal(NaiveMargin.FloorDiv(product, Rate.One), new Rate(rate).OfDown(new Amount(amount)).E8);
        }
    }

    [Fact]
    public void Prop_ApplyFill_AnySequence_AgreesWithRationalsAndKeepsValue()
    {
        var cases = new MarginCases(13);
        for (int run = 0; run < 300; run++)
        {
            (VenueProfile _, MarketSpec spec) = cases.SmallVenue(collateral: false);
            Quantity quantity = Quantity.Zero;
            Amount cost = Amount.Zero;
            BigInteger lots = 0, open = 0, paid = 0, realized = 0;
            for (int n = 0; n < 60; n++)
            {
                Side side = cases.Chance(50) ? Side.Buy : Side.Sell;
                long filled = cases.NextLong(1, 40);
                long price = cases.NextLong(1, 4_000);
                Amount profit = LegMath.ApplyFill(spec, ref quantity, ref cost, side, new Quantity(filled), new Price(price));
                (lots, open, BigInteger expected) = NaiveMargin.Fill(spec, lots, open, side, filled, price);
                Assert.Equal((lots, open, expected), (quantity.Lots, cost.E8, profit.E8));
                Assert.True(quantity.IsZero ? cost.IsZero : Math.Sign(cost.E8) is var s && (s == 0 || s == quantity.Sign));

                // wallet − open cost moves by exactly what was paid: rounding only moves value between the two fields.
                paid += (side == Side.Buy ? -1 : 1) * (BigInteger)filled * price * spec.AmountPerUnitLot;
                realized += expected;
                Assert.Equal(paid, realized - cost.E8);
            }
        }
    }

    [Fact]
    public void Prop_ReleasedCostUp_PartialClose_NeverRealizesMoreThanItsShare()
    {
        var cases = new MarginCases(14);
        for (int n = 0; n < 20_000; n++)
        {
            long lots = cases.NextLong(2, 100) * (cases.Chance(50) ? 1 : -1);
            long cost = cases.NextLong(1, 1_000_000) * Math.Sign(lots);
            long closed = cases.NextLong(1, Math.Abs(lots));
            Amount released = LegMath.ReleasedCostUp(new Amount(cost), new Quantity(lots), new Quantity(closed));
            BigInteger exact = (BigInteger)cost * closed;
            BigInteger scaled = (BigInteger)released.E8 * Math.Abs(lots);
            Assert.True(scaled >= exact && scaled - exact < Math.Abs(lots));
        }
    }

    [Fact]
    public void Prop_OrderMargin_AnyLeg_AgreesWithTheWorseSide()
    {
        var cases = new MarginCases(15);
        for (int n = 0; n < 20_000; n++)
        {
            (VenueProfile _, MarketSpec spec) = cases.SmallVenue(collateral: false);
            long mark = cases.NextLong(1, 2_000);
            PositionSide side = (PositionSide)cases.Next(0, 3);
            long lots = cases.NextLong(-20, 21);
            if (side == PositionSide.Long) lots = Math.Abs(lots);
            if (side == PositionSide.Short) lots = -Math.Abs(lots);
            int leverage = cases.Next(1, 126);
            (long, long)[] bids = Orders(cases, mark);
            (long, long)[] asks = Orders(cases, mark);
            OrderLoad load = Load(spec, side, bids, asks);
            BigInteger expected = NaiveMargin.OrderInitial(spec, side, lots, leverage, mark, bids, asks);
            Amount actual = OrderMargin.InitialUp(spec, side, new Quantity(lots), leverage, load, new Price(mark));
            Assert.Equal(expected, actual.E8);
        }
    }

    [Fact]
    public void Prop_BankruptcyPrice_ClosingAllPositionsOneByOne_LeavesThePoolAtOrAboveZero()
    {
        var cases = new MarginCases(16);
        int bounded = 0;
        for (int n = 0; n < 5_000; n++)
        {
            var venue = new MarginVenue();
            int count = cases.Next(1, 5);
            var marks = new Price[count];
            var legs = new Leg[count];
            for (int i = 0; i < count; i++)
            {
                MarketSpec spec = venue.Add($"M{i}", 1_000_000_000_000_000_000L, 10_000_000_000L, cases.Next(1, 50), 1, cases.Tiers());
                marks[i] = new Price(cases.NextLong(50, 3_000));
                legs[i] = cases.Leg(spec, marks[i], PositionSide.Both);
            }

            VenueProfile profile = venue.Build();
            Amount wallet = new(cases.NextLong(-2_000_000, 2_000_000));
            for (int left = count; left > 0; left--)
            {
                PoolFigures pool = PoolJudge.Cross(profile, legs, marks, wallet);
                ref Leg leg = ref legs[left - 1];
                MarketSpec spec = profile[leg.Market];
                Price mark = marks[leg.Market.Value - 1];
                Amount mm = LegMath.MaintenanceUp(spec, leg.Quantity, mark);
                Price price = BankruptcyPrice.Of(spec, leg.Quantity, mark, pool.Equity, mm, pool.Maintenance);
                Assert.True(price.Units >= 1);
                if (left == 1 && leg.Quantity.Sign < 0 && spec.Notional(mark, leg.Quantity).Abs < -pool.Equity)
                {
                    // No price above zero saves a short whose debt exceeds its size: the fund pays the rest.
                    Assert.Equal(1, price.Units);
                    bounded++;
                    wallet = Amount.Zero;
                    break;
                }

                // An odd part first, then the rest, at the same price.
                Quantity size = leg.Quantity.Abs;
                var part = new Quantity(cases.NextLong(1, size.Lots + 1));
                Side side = leg.Quantity.Sign > 0 ? Side.Sell : Side.Buy;
                wallet += LegMath.ApplyFill(spec, ref leg.Quantity, ref leg.OpenCost, side, part, price);
                if (part < size) wallet += LegMath.ApplyFill(spec, ref leg.Quantity, ref leg.OpenCost, side, size - part, price);
                Assert.True(leg.Quantity.IsZero);
                if (left == 1 || price.Units > 1 || side == Side.Sell) continue;
                wallet = PoolAtShare(pool, mm, profile, legs, marks, wallet, ref bounded);
            }

            Assert.True(wallet.E8 >= 0, $"case {n}: {wallet}");
        }

        Assert.InRange(bounded, 1, 4_000);
    }

    [Fact]
    public void Prop_CollateralValueDown_AnySlices_AgreesWithRationals()
    {
        var cases = new MarginCases(17);
        for (int n = 0; n < 20_000; n++)
        {
            (VenueProfile profile, MarketSpec spec) = cases.SmallVenue(collateral: true);
            CollateralAsset asset = profile.Collateral.Assets[0];
            long balance = cases.NextLong(0, 8_000);
            long index = cases.NextLong(0, 90_000);
            BigInteger expected = NaiveMargin.CollateralValue(spec, asset, balance, index);
            Assert.Equal(expected, CollateralMath.ValueDown(spec, asset, new Amount(balance), new Price(index)).E8);
        }
    }

    [Fact]
    public void Prop_Cross_AnyLegs_IsTheSumOfTheDefinitions()
    {
        var cases = new MarginCases(18);
        for (int n = 0; n < 5_000; n++)
        {
            (VenueProfile profile, MarketSpec spec) = cases.SmallVenue(collateral: false);
            var mark = new Price(cases.NextLong(20, 2_000));
            Leg[] legs = [cases.Leg(spec, mark, PositionSide.Long), cases.Leg(spec, mark, PositionSide.Short)];
            if (cases.Chance(40))
            {
                legs[1].Mode = MarginMode.Isolated;
                legs[1].IsolatedWallet = new Amount(cases.Next(0, 100_000));
            }

            Amount wallet = new(cases.NextLong(-1_000_000, 1_000_000));
            (long, long)[] cross = [.. legs.Where(l => l.Mode == MarginMode.Cross).Select(l => (l.Quantity.Lots, l.OpenCost.E8))];
            BigInteger expected = NaiveMargin.Excess(spec, cross, profile.ProfitShare, wallet.E8 - legs[1].IsolatedWallet.E8, mark.Units);
            Assert.Equal(expected, PoolJudge.Cross(profile, legs, [mark], wallet).Excess.E8);
        }
    }

    private static Amount PoolAtShare(
        PoolFigures pool, Amount mm, VenueProfile profile, Leg[] legs, Price[] marks, Amount wallet, ref int bounded)
    {
        // The floor of one unit left less than the share asked for; continue as if the share had been met.
        Amount after = PoolJudge.Cross(profile, legs, marks, wallet).Equity;
        Amount met = pool.Equity - BankruptcyPrice.ShareDown(pool.Equity, mm, pool.Maintenance);
        if (after >= met) return wallet;
        bounded++;
        return wallet + (met - after);
    }

    private static (long, long)[] Orders(MarginCases cases, long mark) =>
        [.. Enumerable.Range(0, cases.Next(0, 4)).Select(_ => (cases.NextLong(mark / 2 + 1, mark * 2 + 1), cases.NextLong(1, 20)))];

    private static OrderLoad Load(MarketSpec spec, PositionSide side, (long Price, long Lots)[] bids, (long Price, long Lots)[] asks)
    {
        var load = new OrderLoad { Market = spec.Id, Side = side };
        foreach ((long price, long lots) in bids)
        {
            load.Bids += spec.Notional(new Price(price), new Quantity(lots));
            load.BidQuantity += new Quantity(lots);
        }

        foreach ((long price, long lots) in asks)
        {
            load.Asks += spec.Notional(new Price(price), new Quantity(lots));
            load.AskQuantity += new Quantity(lots);
        }

        return load;
    }
}
