using CrossMargin.Model;

namespace CrossMargin.Engine.Margin;

/// <summary>
/// The price at which closing a position uses up exactly its share of what the pool has left. The share is by maintenance margin as it
/// is before the order; after each order it is computed again from the pool as it is then.
/// </summary>
public static class BankruptcyPrice
{
    /// <summary>
    /// A position's share of the pool's equity, rounded down (a negative equity's share away from zero); all of it for the last position.
    /// </summary>
    /// <param name="equity">The pool's equity, of any sign.</param>
    /// <param name="maintenance">The position's maintenance margin.</param>
    /// <param name="poolMaintenance">The pool's, this position included.</param>
    public static Amount ShareDown(Amount equity, Amount maintenance, Amount poolMaintenance) =>
        maintenance == poolMaintenance ? equity : new(Rounding.MulDivDown(equity.E8, maintenance.E8, poolMaintenance.E8));

    /// <summary>
    /// mark − share / quantity with the quantity's sign: below the mark for a long with equity left, above it for a short, and beyond
    /// the mark when the share is negative. Rounded to the price unit, long up and short down, so that closing there leaves the pool
    /// at or above zero; at least one unit.
    /// </summary>
    public static Price Of(MarketSpec spec, Quantity quantity, Price mark, Amount share)
    {
        if (quantity.IsZero) throw new ArgumentException($"no position in {spec.Symbol}, no bankruptcy price", nameof(quantity));
        Int128 perUnit = (Int128)quantity.Abs.Lots * spec.AmountPerUnitLot;
        Int128 distance = Rounding.DivDown(share.E8, perUnit);
        Int128 units = quantity.Sign > 0 ? mark.Units - distance : mark.Units + distance;
        return units < 1 ? new Price(1) : new Price((long)units);
    }

    /// <summary>The bankruptcy price of one position of a pool.</summary>
    public static Price Of(MarketSpec spec, Quantity quantity, Price mark, Amount equity, Amount maintenance, Amount poolMaintenance) =>
        Of(spec, quantity, mark, ShareDown(equity, maintenance, poolMaintenance));
}
