using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Risk;

public sealed class SafeBoxTests
{
    [Theory]
    [MemberData(nameof(RiskProfiles.All), MemberType = typeof(RiskProfiles))]
    public void Prop_Load_ExcessEqualsTheJudges(string name)
    {
        VenueProfile profile = RiskProfiles.Of(name);
        var terms = new ExcessTerms(profile);
        for (int seed = 1; seed <= 300; seed++)
        {
            var draws = new Draws((ulong)seed);
            Price[] marks = Marks(profile, draws);
            Price[] indexes = Marks(profile, draws);
            TestAccount account = RandomAccounts.Create(profile, marks, draws, seed);
            foreach (PoolId pool in account.Pools)
            {
                terms.Load(account.View(pool), marks, indexes);
                PoolFigures figures = account.View(pool).Judge(profile, marks, indexes);
                Assert.Equal((Int128)figures.Excess.E8, terms.Excess);
                Assert.Equal(!figures.IsLiquidatable(profile.Liquidation.EqualityIsSafe), terms.IsSound);
            }
        }
    }

    [Theory]
    [MemberData(nameof(RiskProfiles.All), MemberType = typeof(RiskProfiles))]
    public void Prop_Build_NoPointInsideIsLiquidatable(string name)
    {
        VenueProfile profile = RiskProfiles.Of(name);
        var terms = new ExcessTerms(profile);
        long points = 0;
        long open = 0;
        long points1 = 0;
        for (int seed = 1; seed <= 400; seed++)
        {
            var draws = new Draws((ulong)seed * 31);
            Price[] marks = Marks(profile, draws);
            TestAccount account = RandomAccounts.Create(profile, marks, draws, seed);
            foreach (PoolId pool in account.Pools)
            {
                terms.Load(account.View(pool), marks, marks);
                if (!terms.IsSound) continue;
                PriceBounds[] box = Box(terms, profile, draws);
                open += box.Count(b => b.High == PriceBounds.NoHigh || b.Low == PriceBounds.NoLow);
                points1 += box.Count(b => b.High == b.Low);
                points += Probe(profile, account, pool, box, marks, draws);
            }
        }

        Assert.True(points > 20_000, $"{points} points");
        Assert.True(open > 0 && points1 > 0, $"{open} open sides, {points1} points");
    }

    [Fact]
    public void Build_LongOnly_LeavesTheUpperSideOpen()
    {
        PriceBounds bounds = Only(RiskProfiles.Of("marginal"), lots: 1000, wallet: 1_000);
        Assert.Equal(PriceBounds.NoHigh, bounds.High);
        Assert.InRange(bounds.Low, 1, bounds.High);
    }

    [Fact]
    public void Build_ShortOnly_LeavesTheLowerSideOpen()
    {
        PriceBounds bounds = Only(RiskProfiles.Of("marginal"), lots: -1000, wallet: 1_000);
        Assert.Equal(PriceBounds.NoLow, bounds.Low);
        Assert.InRange(bounds.High, 1, PriceBounds.NoHigh - 1);
    }

    [Fact]
    public void Build_ProfitThatCountsLessThanMaintenanceGrows_BoundsBothSides()
    {
        PriceBounds bounds = Only(RiskProfiles.Of("low-profit"), lots: 1000, wallet: 1_000);
        Assert.InRange(bounds.High, 1, PriceBounds.NoHigh - 1);
        Assert.InRange(bounds.Low, 1, bounds.High);
    }

    [Fact]
    public void Build_NetLongHedge_BoundsTheSideOnWhichMaintenanceGrows()
    {
        // Long 1001, short 1000 lots: a rise gains on one lot and adds maintenance on 2001.
        VenueProfile profile = RiskProfiles.Of("marginal");
        Price[] marks = Marks(profile, new Draws(5));
        Leg[] legs = [LegOf(profile, PositionSide.Long, 1001, marks[0]), LegOf(profile, PositionSide.Short, -1000, marks[0])];
        var terms = new ExcessTerms(profile);
        terms.Load(new PoolView(legs, -1, [Amount.FromWhole(1_000)]), marks, marks);
        PriceBounds bounds = Box(terms, profile, new Draws(1))[0];
        Assert.InRange(bounds.High, 1, PriceBounds.NoHigh - 1);
        Assert.Equal(PriceBounds.NoLow, bounds.Low);
    }

    [Fact]
    public void Build_OnePosition_EndsWithinATickOfTheLastSafePrice()
    {
        // One price, so nothing is split: the bound must be the true edge but for the units kept for rounding.
        VenueProfile profile = RiskProfiles.Of("marginal");
        Price[] marks = Marks(profile, new Draws(3));
        Leg[] legs = [LegOf(profile, PositionSide.Both, 100_000, marks[0])];
        Amount[] balances = [new Amount(profile.Markets[0].Notional(marks[0], legs[0].Quantity).E8 / 7)];
        var terms = new ExcessTerms(profile);
        terms.Load(new PoolView(legs, -1, balances), marks, marks);
        PriceBounds bounds = Box(terms, profile, new Draws(1))[0];
        marks[0] = new Price(bounds.Low);
        Assert.False(new PoolView(legs, -1, balances).Judge(profile, marks, marks).IsLiquidatable(false));
        marks[0] = new Price(bounds.Low - 2 - marks[0].Units / 1_000_000);
        Assert.True(new PoolView(legs, -1, balances).Judge(profile, marks, marks).IsLiquidatable(false));
    }

    [Fact]
    public void Build_FlatTier_EndsWhereTheTierDoes()
    {
        VenueProfile profile = RiskProfiles.Of("flat");
        MarketSpec spec = profile.Markets[0];
        Price[] marks = Marks(profile, new Draws(3));
        long lots = 49_000 * Amount.One / (marks[0].Units * spec.AmountPerUnitLot);
        Leg[] legs = [LegOf(profile, PositionSide.Both, lots, marks[0])];
        var terms = new ExcessTerms(profile);
        terms.Load(new PoolView(legs, -1, [Amount.FromWhole(1_000_000)]), marks, marks);
        PriceBounds bounds = Box(terms, profile, new Draws(1))[0];
        Assert.Equal(0, spec.Tiers.IndexOf(spec.Notional(new Price(bounds.High), legs[0].Quantity)));
        Assert.Equal(1, spec.Tiers.IndexOf(spec.Notional(new Price(bounds.High + 1), legs[0].Quantity)));
    }

    [Theory]
    [MemberData(nameof(RiskProfiles.All), MemberType = typeof(RiskProfiles))]
    public void Build_PositionsOfTensOfBillions_StillProved(string name)
    {
        // Legs whose notional is near the largest Amount, alone and as a hedge, with slack from one unit to billions.
        VenueProfile profile = RiskProfiles.Of(name);
        Price[] marks = Marks(profile, new Draws(4));
        var terms = new ExcessTerms(profile);
        long lots = long.MaxValue / 5 / (marks[0].Units * profile.Markets[0].AmountPerUnitLot);
        foreach (long shorts in new[] { 0, 1, lots / 2, lots })
        {
            foreach (long spare in new[] { 1, 1_000, long.MaxValue / 1_000, long.MaxValue / 10 })
            {
                Leg[] legs = [LegOf(profile, PositionSide.Long, lots, marks[0]), LegOf(profile, PositionSide.Short, -shorts, marks[0])];
                var account = new TestAccount { Id = new AccountId(1), Legs = legs, Balances = [Amount.Zero] };
                PoolId pool = PoolId.Cross(account.Id);
                account.Balances[0] = new Amount(spare) - account.View(pool).Judge(profile, marks, marks).Excess;
                terms.Load(account.View(pool), marks, marks);
                PriceBounds[] box = Box(terms, profile, new Draws(1));
                if (box[0].High != PriceBounds.NoHigh) Probe(profile, account, pool, box, marks, new Draws(8));
                Assert.True(box[0].Low < marks[0].Units || spare <= 1_000, $"{box[0]} with {spare} to spare");
            }
        }
    }

    internal static Price[] Marks(VenueProfile profile, Draws draws)
    {
        var marks = new Price[profile.Markets.Count];
        for (int i = 0; i < marks.Length; i++)
        {
            MarketSpec spec = profile.Markets[i];
            long unit = spec.TickUnits * (long)(i == 0 ? 400_000 : 5_000); // around 40,000 and 50
            marks[i] = new Price(unit / 10_000 * draws.Between(3_000, 20_000));
        }

        return marks;
    }

    private static PriceBounds Only(VenueProfile profile, long lots, long wallet)
    {
        Price[] marks = Marks(profile, new Draws(2));
        Leg[] legs = [LegOf(profile, PositionSide.Both, lots, marks[0])];
        Amount notional = profile.Markets[0].Notional(marks[0], legs[0].Quantity).Abs;
        var terms = new ExcessTerms(profile);
        terms.Load(new PoolView(legs, -1, [new Amount(notional.E8 / 5 + wallet)]), marks, marks);
        Assert.True(terms.IsSound);
        return Box(terms, profile, new Draws(1)).Single();
    }

    private static Leg LegOf(VenueProfile profile, PositionSide side, long lots, Price mark)
    {
        MarketSpec spec = profile.Markets[0];
        return new Leg { Market = spec.Id, Side = side, Leverage = 10, Quantity = new(lots), OpenCost = spec.Notional(mark, new(lots)) };
    }

    private static PriceBounds[] Box(ExcessTerms terms, VenueProfile profile, Draws draws)
    {
        var volatility = new long[PriceDimension.CountFor(profile.Markets.Count)];
        for (int i = 0; i < volatility.Length; i++) volatility[i] = draws.Size(24);
        var box = new PriceBounds[terms.Count];
        SafeBox.Build(terms, volatility, box);
        for (int i = 0; i < box.Length; i++) Assert.True(box[i].Contains(terms.Price(i)));
        return box;
    }

    /// <summary>Judges the pool at all corners of its box and at random points inside; an open side is followed far out.</summary>
    private static long Probe(
        VenueProfile profile, TestAccount account, PoolId pool, PriceBounds[] box, Price[] at, Draws draws)
    {
        var marks = (Price[])at.Clone();
        var indexes = (Price[])at.Clone();
        int corners = 1 << box.Length;
        int points = corners + 40;
        for (int n = 0; n < points; n++)
        {
            for (int i = 0; i < box.Length; i++)
            {
                Price[] target = PriceDimension.IsMark(box[i].Dimension) ? marks : indexes;
                int market = box[i].Dimension / 2;
                long high = box[i].High == PriceBounds.NoHigh ? at[market].Units * 50 : box[i].High;
                high = Math.Min(high, at[market].Units * 1000);
                long low = box[i].Low;
                long price = n < corners
                    ? (n >> i & 1) == 0 ? low : high
                    : draws.Chance(30) ? Math.Min(high, low + draws.Between(0, 3)) : draws.Between(low, high);
                target[market] = new Price(price);
            }

            PoolFigures figures = account.View(pool).Judge(profile, marks, indexes);
            Assert.False(
                figures.IsLiquidatable(profile.Liquidation.EqualityIsSafe),
                $"{pool}: {figures} at {string.Join(' ', marks)}; box {string.Join(' ', box)}");
        }

        return points;
    }
}
