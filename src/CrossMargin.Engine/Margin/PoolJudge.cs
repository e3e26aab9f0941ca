using CrossMargin.Model;

namespace CrossMargin.Engine.Margin;

/// <summary>What a pool has and needs, at one set of marks.</summary>
/// <param name="Equity">Balance plus counted unrealized profit; may be negative.</param>
/// <param name="Maintenance">Σ maintenance margin, each position's rounded up; ≥ 0.</param>
/// <param name="HasPositions">Whether any position is open in the pool.</param>
public readonly record struct PoolFigures(Amount Equity, Amount Maintenance, bool HasPositions)
{
    public Amount Excess => Equity - Maintenance;

    public bool IsLiquidatable(bool equalityIsSafe) => PoolJudge.IsLiquidatable(Equity, Maintenance, HasPositions, equalityIsSafe);
}

/// <summary>
/// Judges pools. Marks are given in market id order: the mark of market n at index n − 1, all of one moment.
/// </summary>
public static class PoolJudge
{
    /// <summary>
    /// The one predicate of liquidation: with positions equity ≤ maintenance (&lt; where equality is safe), without equity &lt; 0.
    /// Equity of any sign is accepted: a price may jump past zero in one tick.
    /// </summary>
    public static bool IsLiquidatable(Amount equity, Amount maintenance, bool hasPositions, bool equalityIsSafe)
    {
        if (!hasPositions) return equity.IsNegative;
        return equalityIsSafe ? equity < maintenance : equity <= maintenance;
    }

    /// <summary>
    /// The cross pool: <paramref name="collateral"/> (the whole settlement balance and the value of other assets) less the isolated
    /// wallets, plus the counted unrealized profit of the cross positions.
    /// </summary>
    public static PoolFigures Cross(VenueProfile profile, ReadOnlySpan<Leg> legs, ReadOnlySpan<Price> marks, Amount collateral)
    {
        Rate share = profile.ProfitShare;
        Amount equity = collateral;
        Amount maintenance = Amount.Zero;
        bool has = false;
        for (int i = 0; i < legs.Length; i++)
        {
            ref readonly Leg leg = ref legs[i];
            if (leg.Mode == MarginMode.Isolated)
            {
                equity -= leg.IsolatedWallet;
                continue;
            }

            if (leg.Quantity.IsZero) continue;
            has = true;
            MarketSpec spec = profile[leg.Market];
            Amount value = spec.Notional(marks[leg.Market.Value - 1], leg.Quantity);
            equity += LegMath.CountedProfitDown(value - leg.OpenCost, share);
            maintenance += spec.Tiers.MaintenanceUp(value.Abs);
        }

        return new PoolFigures(equity, maintenance, has);
    }

    /// <summary>An isolated position's own pool: its wallet plus its counted unrealized profit.</summary>
    public static PoolFigures Isolated(VenueProfile profile, in Leg leg, Price mark)
    {
        if (leg.Quantity.IsZero) return new PoolFigures(leg.IsolatedWallet, Amount.Zero, false);
        MarketSpec spec = profile[leg.Market];
        Amount value = spec.Notional(mark, leg.Quantity);
        Amount profit = LegMath.CountedProfitDown(value - leg.OpenCost, profile.ProfitShare);
        return new PoolFigures(leg.IsolatedWallet + profit, spec.Tiers.MaintenanceUp(value.Abs), true);
    }

    /// <summary>Σ initial margin of the cross positions at the marks, each rounded up.</summary>
    public static Amount CrossInitialUp(VenueProfile profile, ReadOnlySpan<Leg> legs, ReadOnlySpan<Price> marks)
    {
        Amount sum = Amount.Zero;
        for (int i = 0; i < legs.Length; i++)
        {
            ref readonly Leg leg = ref legs[i];
            if (leg.Mode != MarginMode.Cross || leg.Quantity.IsZero) continue;
            Amount notional = LegMath.Notional(profile[leg.Market], leg.Quantity, marks[leg.Market.Value - 1]);
            sum += LegMath.InitialUp(notional, leg.Leverage);
        }

        return sum;
    }

    /// <summary>What new orders may reserve: equity − position IM − order IM (open loss included), at least 0.</summary>
    public static Amount Available(Amount equity, Amount initial, Amount orders) => Amount.Max(Amount.Zero, equity - initial - orders);

    /// <summary>
    /// What may leave the cross wallet: max(0, min(equity, wallet) − position IM − order IM), <paramref name="wallet"/> being the pool's
    /// balance without any unrealized profit or loss. Profit never backs a withdrawal, a loss always counts.
    /// </summary>
    public static Amount Withdrawable(Amount equity, Amount wallet, Amount initial, Amount orders) =>
        Amount.Max(Amount.Zero, Amount.Min(equity, wallet) - initial - orders);
}
