using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>What the profile's policy closes next: which leg of the pool, and how many lots of it.</summary>
public static class ReductionPlan
{
    /// <summary>
    /// The index in <paramref name="legs"/> of the leg to reduce next, and the lots to close (1 to |quantity|); −1 when no leg of the pool
    /// has a position. <paramref name="skip"/> says which legs have something outstanding.
    /// </summary>
    public static int Next(
        VenueProfile profile, ReadOnlySpan<Leg> legs, ReadOnlySpan<Price> marks, PoolFigures pool, Amount feeDue,
        Func<Leg, bool> inPool, out Quantity lots)
    {
        lots = Quantity.Zero;
        int best = -1;
        Int128 bestKey = 0;
        LiquidationPolicy policy = profile.Liquidation.Policy;
        for (int i = 0; i < legs.Length; i++)
        {
            ref readonly Leg leg = ref legs[i];
            if (leg.Quantity.IsZero || !inPool(leg)) continue;
            MarketSpec spec = profile[leg.Market];
            Amount notional = LegMath.Notional(spec, leg.Quantity, marks[leg.Market.Value - 1]);
            Int128 key = policy switch
            {
                LiquidationPolicy.ReduceUntilSound => spec.Tiers.MaintenanceUp(notional).E8,
                LiquidationPolicy.TierStepDown => ((Int128)spec.Tiers.IndexOf(notional) << 64) + notional.E8,
                LiquidationPolicy.SmallestFirst => -(Int128)notional.E8,
                LiquidationPolicy.WholeAccount => -i,
                _ => throw new InvariantViolation($"liquidation policy {policy} is not known"),
            };
            if (best >= 0 && key <= bestKey) continue;
            best = i;
            bestKey = key;
        }

        if (best < 0) return -1;
        ref readonly Leg chosen = ref legs[best];
        MarketSpec market = profile[chosen.Market];
        Price mark = marks[chosen.Market.Value - 1];
        lots = policy switch
        {
            LiquidationPolicy.ReduceUntilSound => UntilSound(profile, market, chosen, mark, pool, feeDue),
            LiquidationPolicy.TierStepDown => OneTierDown(market, chosen, mark),
            _ => chosen.Quantity.Abs,
        };
        return best;
    }

    /// <summary>
    /// The fewest lots whose closing at the mark, liquidation fee paid, leaves equity ≥ maintenance × (1 + buffer); the whole leg where
    /// no part of it does. Between two tier edges the surplus is linear in the lots, so each piece is searched by halving.
    /// </summary>
    public static Quantity UntilSound(
        VenueProfile profile, MarketSpec spec, in Leg leg, Price mark, PoolFigures pool, Amount feeDue)
    {
        long size = leg.Quantity.Abs.Lots;
        Amount perLot = spec.Notional(mark, new Quantity(1));
        Amount others = pool.Maintenance - spec.Tiers.MaintenanceUp(LegMath.Notional(spec, leg.Quantity, mark));
        Rate buffer = profile.Liquidation.Buffer;
        bool IsSound(long closed)
        {
            Amount fee = feeDue + spec.LiquidationFee.OfUp(spec.Notional(mark, new Quantity(closed)));
            Amount left = others + spec.Tiers.MaintenanceUp(spec.Notional(mark, new Quantity(size - closed)));
            return pool.Equity - fee >= left + buffer.OfUp(left);
        }

        long from = 0;
        for (int tier = spec.Tiers.IndexOf(spec.Notional(mark, new Quantity(size))); tier >= 0; tier--)
        {
            // The most lots that leave the notional inside this tier; one more falls below its floor.
            long keep = Rounding.DivUp(spec.Tiers[tier].Floor.E8, perLot.E8);
            long to = Math.Clamp(size - keep, from, size);
            if (IsSound(to)) return new Quantity(First(from, to, IsSound));
            from = Math.Min(to + 1, size);
            if (IsSound(from)) return new Quantity(Math.Max(1, from));
        }

        return leg.Quantity.Abs;
    }

    /// <summary>The lots that bring the leg's notional one unit below its tier's floor; all of it in the first tier.</summary>
    public static Quantity OneTierDown(MarketSpec spec, in Leg leg, Price mark)
    {
        Quantity size = leg.Quantity.Abs;
        int tier = spec.Tiers.IndexOf(spec.Notional(mark, size));
        if (tier == 0) return size;
        Amount perLot = spec.Notional(mark, new Quantity(1));
        long keep = (spec.Tiers[tier].Floor.E8 - 1) / perLot.E8;
        return new Quantity(Math.Max(1, size.Lots - keep));
    }

    private static long First(long from, long to, Func<long, bool> isSound)
    {
        long bad = from - 1;
        long good = to;
        while (good - bad > 1)
        {
            long middle = bad + (good - bad) / 2;
            if (isSound(middle)) good = middle;
            else bad = middle;
        }

        return Math.Max(1, good);
    }
}
