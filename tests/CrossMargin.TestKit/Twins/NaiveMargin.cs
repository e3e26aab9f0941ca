using System.Numerics;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Twins;

/// <summary>
/// Margin by the definitions, slow and plain: big integers, maintenance slice by slice instead of by deductions, prices found by
/// looking at every one. Amounts in 1e-8, prices in units, sizes in lots.
/// </summary>
public static class NaiveMargin
{
    private static readonly BigInteger s_one = Rate.One;

    public static BigInteger CeilDiv(BigInteger a, BigInteger b) => -FloorDiv(-a, b);

    public static BigInteger FloorDiv(BigInteger a, BigInteger b)
    {
        BigInteger q = BigInteger.DivRem(a, b, out BigInteger r);
        return r.Sign != 0 && (r.Sign < 0) != (b.Sign < 0) ? q - 1 : q;
    }

    /// <summary>Marginal: every slice of the notional at its own tier's rate. Flat: the whole at the rate of the tier it lies in.</summary>
    public static BigInteger Maintenance(MarketSpec spec, BigInteger notional)
    {
        ReadOnlySpan<Tier> tiers = spec.Tiers.Tiers;
        BigInteger sum = -(BigInteger)(spec.Tiers.IsFlat ? 0 : tiers[0].Deduction.E8) * s_one;
        for (int i = 0; i < tiers.Length; i++)
        {
            BigInteger floor = tiers[i].Floor.E8;
            if (notional < floor) break;
            bool last = i + 1 == tiers.Length || notional < tiers[i + 1].Floor.E8;
            if (spec.Tiers.IsFlat)
            {
                if (last) sum = notional * tiers[i].Rate.E8;
            }
            else
            {
                BigInteger upper = last ? notional : tiers[i + 1].Floor.E8;
                sum += (upper - floor) * tiers[i].Rate.E8;
            }
        }

        return BigInteger.Max(0, CeilDiv(sum, s_one));
    }

    public static BigInteger Counted(BigInteger profit, Rate share) => profit.Sign <= 0 ? profit : FloorDiv(profit * share.E8, s_one);

    public static BigInteger Initial(BigInteger notional, int leverage) => CeilDiv(notional, leverage);

    /// <summary>Order margin of one leg; loads are (price, lots) of the orders that are not reduce-only.</summary>
    public static BigInteger OrderInitial(
        MarketSpec spec,
        PositionSide leg,
        long lots,
        int leverage,
        long mark,
        IEnumerable<(long Price, long Lots)> bids,
        IEnumerable<(long Price, long Lots)> asks)
    {
        BigInteger unit = spec.AmountPerUnitLot;
        BigInteger p = unit * mark * lots;
        (BigInteger bidValue, BigInteger bidLots) = Sum(bids);
        (BigInteger askValue, BigInteger askLots) = Sum(asks);
        if (leg == PositionSide.Long || (lots > 0 && askLots <= lots)) askValue = 0;
        if (leg == PositionSide.Short || (lots < 0 && bidLots <= -lots)) bidValue = 0;
        BigInteger worst = BigInteger.Max(BigInteger.Abs(p + bidValue * unit), BigInteger.Abs(p - askValue * unit));
        BigInteger held = BigInteger.Abs(p);
        return Initial(BigInteger.Max(worst, held), leverage) - Initial(held, leverage);
    }

    /// <summary>
    /// Equity less maintenance of the legs (lots, cost) of one market at a price, with the market's base asset as collateral if given.
    /// </summary>
    public static BigInteger Excess(
        MarketSpec spec,
        IEnumerable<(long Lots, long Cost)> legs,
        Rate share,
        BigInteger rest,
        long price,
        CollateralAsset? collateral = null,
        long balance = 0,
        long index = 0)
    {
        BigInteger excess = rest;
        foreach ((long lots, long cost) in legs)
        {
            if (lots == 0) continue;
            BigInteger value = (BigInteger)lots * price * spec.AmountPerUnitLot;
            excess += Counted(value - cost, share) - Maintenance(spec, BigInteger.Abs(value));
        }

        return collateral is null ? excess : excess + CollateralValue(spec, collateral, balance, Math.Max(0, index));
    }

    public static BigInteger CollateralValue(MarketSpec spec, CollateralAsset asset, long balance, long index)
    {
        BigInteger sum = 0;
        long below = 0;
        foreach (CollateralSlice slice in asset.Slices)
        {
            BigInteger part = BigInteger.Max(0, Math.Min(balance, slice.UpTo.E8) - below);
            sum += FloorDiv(part * slice.Ratio.E8 * index * (BigInteger)spec.PriceUnitE18, s_one * BigInteger.Pow(10, 18));
            below = slice.UpTo.E8;
        }

        return sum;
    }

    /// <summary>
    /// The first price from the mark outward, both ways at once, at which <paramref name="liquidatable"/> holds; the lower of two.
    /// </summary>
    public static long? Scan(long mark, long reach, Func<long, bool> liquidatable)
    {
        for (long d = 0; d <= reach; d++)
        {
            if (mark - d >= 1 && liquidatable(mark - d)) return mark - d;
            if (liquidatable(mark + d)) return mark + d;
        }

        return null;
    }

    /// <summary>
    /// A fill by the definition: returns the new position and what was realized, the released cost rounded up in exact rationals.
    /// </summary>
    public static (BigInteger Lots, BigInteger Cost, BigInteger Realized) Fill(
        MarketSpec spec, BigInteger lots, BigInteger cost, Side side, BigInteger filled, BigInteger price)
    {
        BigInteger unit = spec.AmountPerUnitLot;
        BigInteger change = side == Side.Buy ? filled : -filled;
        if (lots.Sign * change.Sign >= 0) return (lots + change, cost + change * price * unit, 0);
        BigInteger closed = BigInteger.Min(filled, BigInteger.Abs(lots));
        BigInteger released = CeilDiv(cost * closed, BigInteger.Abs(lots));
        BigInteger realized = lots.Sign * closed * price * unit - released;
        BigInteger left = lots + change;
        bool flipped = left.Sign != lots.Sign;
        return (left, flipped ? left * price * unit : cost - released, realized);
    }

    private static (BigInteger Value, BigInteger Lots) Sum(IEnumerable<(long Price, long Lots)> orders)
    {
        BigInteger value = 0;
        BigInteger lots = 0;
        foreach ((long price, long size) in orders)
        {
            value += (BigInteger)price * size;
            lots += size;
        }

        return (value, lots);
    }
}
