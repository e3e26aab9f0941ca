using CrossMargin.Engine.Margin;
using CrossMargin.Model;
using CrossMargin.TestKit.Margin;

namespace CrossMargin.Engine.Tests.Margin;

/// <summary>Random small worlds, drawn from a seed, in which every price can be looked at.</summary>
internal sealed class MarginCases(int seed)
{
    private readonly Random _random = new(seed);

    public int Next(int from, int to) => _random.Next(from, to);
    public long NextLong(long from, long to) => _random.NextInt64(from, to);
    public bool Chance(int percent) => _random.Next(100) < percent;

    /// <summary>One to four tiers, continuous where marginal; sometimes one tier with a deduction of its own.</summary>
    public TierTable Tiers()
    {
        bool flat = Chance(30);
        int count = Next(1, 5);
        var tiers = new List<Tier>();
        long floor = 0;
        long rate = Next(1, 200_000) * 10;
        long deduction = count == 1 && !flat && Chance(40) ? NextLong(0, 50_000) : 0;
        int leverage = 125;
        for (int i = 0; i < count; i++)
        {
            tiers.Add(new Tier(new Amount(floor), new Rate(rate), new Amount(deduction), leverage));

            // A floor of whole 1e8 steps of the rate keeps the deduction whole.
            long step = Next(1, 40) * 1_000_000L;
            long nextFloor = floor + NextLong(1, 40) * 10_000;
            long nextRate = Math.Min(rate + step, 50_000_000 + i * 1_000_000);
            if (nextRate <= rate) break;
            long jump = checked(nextFloor * (nextRate - rate));
            if (!flat && jump % Rate.One != 0) nextRate = rate + (nextRate - rate + 9_999) / 10_000 * 10_000;
            if (!flat) deduction += nextFloor * (nextRate - rate) / Rate.One;
            (floor, rate, leverage) = (nextFloor, nextRate, Math.Max(1, leverage / 2));
        }

        return new TierTable(tiers, flat, new Amount(long.MaxValue / 4));
    }

    public Rate Share() => Chance(60) ? Rate.Whole : new Rate(NextLong(0, Rate.One));

    /// <summary>A venue of one market whose prices are small whole numbers.</summary>
    public (VenueProfile Profile, MarketSpec Spec) SmallVenue(bool collateral)
    {
        var venue = new MarginVenue { ProfitShare = Share(), EqualityIsSafe = Chance(50) };
        long amount = Chance(50) ? 1 : Next(1, 200);
        MarketSpec spec = venue.Add("AUSDT", 1_000_000_000_000_000_000L, 10_000_000_000L * amount, amount, Next(1, 12), Tiers());
        if (collateral)
        {
            var slices = new List<CollateralSlice> { new(new Amount(NextLong(1, 3_000)), new Rate(NextLong(1, Rate.One + 1))) };
            if (Chance(50)) slices.Add(new(slices[0].UpTo + new Amount(NextLong(1, 3_000)), new Rate(NextLong(1, slices[0].Ratio.E8 + 1))));
            venue.Collateral.Add(new CollateralAsset(new AssetId(1), "A", spec.Id, slices));
        }

        return (venue.Build(), spec);
    }

    /// <summary>A position whose entry lies within a factor of two of the mark.</summary>
    public Leg Leg(MarketSpec spec, Price mark, PositionSide side)
    {
        long lots = Next(1, 60);
        if (side == PositionSide.Short || (side == PositionSide.Both && Chance(50))) lots = -lots;
        long entry = NextLong(mark.Units / 2 + 1, mark.Units * 2 + 1);
        return new Leg
        {
            Market = spec.Id,
            Side = side,
            Leverage = Next(1, 50),
            Quantity = new Quantity(lots),
            OpenCost = spec.Notional(new Price(entry), new Quantity(lots)) + new Amount(Next(0, 3)),
        };
    }
}
