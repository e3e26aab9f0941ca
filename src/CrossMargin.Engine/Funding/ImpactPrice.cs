using CrossMargin.Engine.Markets;
using CrossMargin.Model;

namespace CrossMargin.Engine.Funding;

/// <summary>
/// The average price at which a notional would trade at once against the published depth: notional / quantity, the last level's part
/// taken exactly, rounded to the nearest unit with ties to even.
/// </summary>
public static class ImpactPrice
{
    /// <summary>False when the depth does not hold the notional.</summary>
    public static bool TryWalk(MarketSpec spec, CombinedDepth depth, Amount notional, out Price price)
    {
        Int128 rest = notional.E8;
        Int128 lots = 0;
        foreach (DepthLevel level in depth)
        {
            Int128 perLot = (Int128)level.Price.Units * spec.AmountPerUnitLot;
            Int128 here = perLot * level.Quantity.Lots;
            if (here < rest)
            {
                rest -= here;
                lots += level.Quantity.Lots;
                continue;
            }

            // notional / (amount × (lots + rest / perLot)), over one denominator.
            Int128 quantity = lots * perLot + rest;
            price = new Price((long)Rounding.DivHalfEven(notional.E8 * (Int128)level.Price.Units, quantity));
            return true;
        }

        price = Price.None;
        return false;
    }
}
