using System.Runtime.CompilerServices;
using CrossMargin.Model;

namespace CrossMargin.Engine.Margin;

/// <summary>
/// What one position is worth and requires at a price, and how fills change it. Accounts and the market's table of holders use the
/// same <see cref="ApplyFill"/>, so that quantity and open cost agree to the last unit.
/// </summary>
public static class LegMath
{
    /// <summary>quantity × price − open cost, exact; positive is profit for long and short alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Amount UnrealizedProfit(MarketSpec spec, Quantity quantity, Amount openCost, Price price) =>
        spec.Notional(price, quantity) - openCost;

    /// <summary>
    /// What of one position's unrealized profit counts in equity: a loss whole, a profit at <paramref name="share"/>, rounded down.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Amount CountedProfitDown(Amount profit, Rate share) =>
        profit.E8 <= 0 || share.E8 == Rate.One ? profit : share.OfDown(profit);

    /// <summary>|quantity| × price, exact, ≥ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Amount Notional(MarketSpec spec, Quantity quantity, Price price) => spec.Notional(price, quantity).Abs;

    /// <summary>
    /// Maintenance margin by the tier that the notional has at <paramref name="price"/>, rounded up; 0 without a position.
    /// </summary>
    public static Amount MaintenanceUp(MarketSpec spec, Quantity quantity, Price price) =>
        quantity.IsZero ? Amount.Zero : spec.Tiers.MaintenanceUp(Notional(spec, quantity, price));

    /// <summary>notional / leverage rounded up; notional ≥ 0, leverage ≥ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Amount InitialUp(Amount notional, int leverage) => new(Rounding.DivUp(notional.E8, leverage));

    /// <summary>
    /// The part of the signed open cost that goes with closing <paramref name="closed"/> (1 to |quantity|) of the position. Rounded
    /// towards +∞, for long and short alike, so that the realized profit (proceeds − released) is rounded down; a full close releases all.
    /// </summary>
    public static Amount ReleasedCostUp(Amount openCost, Quantity quantity, Quantity closed)
    {
        Quantity size = quantity.Abs;
        if (closed.Lots <= 0 || closed > size)
        {
            throw new ArgumentOutOfRangeException(nameof(closed), $"{closed.Lots} lots cannot be closed of a position of {quantity.Lots}");
        }

        return closed == size ? openCost : new(Rounding.MulDivUp(openCost.E8, closed.Lots, size.Lots));
    }

    /// <summary>
    /// What a reduction of an isolated position returns to the cross wallet, ≥ 0: the closed share of what the position's wallet held
    /// before it, rounded down unless all is closed, with what the fill changed the wallet by.
    /// </summary>
    public static Amount ReleasedWalletDown(Amount held, Quantity quantity, Quantity closed, Amount change)
    {
        Quantity size = quantity.Abs;
        Amount share = closed == size ? held : new(Rounding.MulDivDown(held.E8, closed.Lots, size.Lots));
        return Amount.Max(Amount.Zero, share + change);
    }

    /// <summary>
    /// Applies a fill of <paramref name="filled"/> &gt; 0 at <paramref name="price"/> &gt; 0 to a position and returns the realized profit
    /// (signed, before fees). A fill that passes through zero closes the whole position, then opens the rest at the fill's price.
    /// </summary>
    public static Amount ApplyFill(MarketSpec spec, ref Quantity quantity, ref Amount openCost, Side side, Quantity filled, Price price)
    {
        if (filled.Lots <= 0 || price.Units <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(filled), $"a fill of {filled.Lots} lots at {price.Units} units in {spec.Symbol}");
        }

        Quantity change = side == Side.Buy ? filled : -filled;
        if (quantity.IsZero || quantity.Sign == change.Sign)
        {
            quantity += change;
            openCost += spec.Notional(price, change);
            return Amount.Zero;
        }

        Quantity closed = Quantity.Min(filled, quantity.Abs);
        Quantity closedSigned = quantity.Sign > 0 ? closed : -closed;
        Amount released = ReleasedCostUp(openCost, quantity, closed);
        Amount realized = spec.Notional(price, closedSigned) - released;
        quantity -= closedSigned;
        openCost -= released;
        Quantity rest = filled - closed;
        if (rest.Lots > 0)
        {
            quantity = side == Side.Buy ? rest : -rest;
            openCost = spec.Notional(price, quantity);
        }

        return realized;
    }

    /// <summary>
    /// The entry price shown to people, in 1e-8 of the settlement asset per base asset, to the nearest (ties to even); 0 without a
    /// position. Never used in a calculation: positions are kept by open cost.
    /// </summary>
    public static long EntryPriceE8HalfEven(MarketSpec spec, Quantity quantity, Amount openCost)
    {
        if (quantity.IsZero) return 0;
        Int128 size = Int128.Abs(quantity.Lots) * spec.LotSizeE18;
        return (long)Rounding.DivHalfEven(Int128.Abs(openCost.E8) * 1_000_000_000_000_000_000L, size);
    }
}
