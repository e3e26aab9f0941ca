using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>
/// The score by which a deleveraging round ranks opposite holders; the highest is closed first. Two factors in 1e-12, each rounded down,
/// multiplied: the score counts 1e-24.
/// </summary>
public static class DeleverageRanking
{
    private const long Scale = 1_000_000_000_000;

    // Above these a factor no longer ranks, so that their product stays within 128 bits.
    private static readonly Int128 s_largestProfit = (Int128)Scale * 10_000_000_000;
    private static readonly Int128 s_largestRatio = (Int128)Scale * 1_000;

    /// <summary>
    /// <see cref="DeleverageScore.ProfitTimesMarginRatio"/>: max(0, UP) / max(1, WB) × MM / equity, with WB + UP being the pool's equity.
    /// <see cref="DeleverageScore.ProfitTimesLeverage"/>: max(0, UP) / |open cost| × notional / equity. 0 when the equity is not positive.
    /// </summary>
    /// <param name="profit">Unrealized profit of the leg at the mark.</param>
    /// <param name="openCost">Of the leg, signed.</param>
    /// <param name="notional">|quantity| × mark of the leg.</param>
    /// <param name="wallet">Of the leg's pool; below one whole unit counts as one.</param>
    public static Int128 ScoreDown(
        DeleverageScore score, Amount profit, Amount openCost, Amount notional, Amount wallet, Amount equity, Amount maintenance)
    {
        if (!profit.IsPositive || !equity.IsPositive) return 0;
        bool byLeverage = score == DeleverageScore.ProfitTimesLeverage;
        long against = byLeverage ? Math.Max(1, openCost.Abs.E8) : Math.Max(Amount.One, wallet.E8);
        Amount burden = byLeverage ? notional : maintenance;
        Int128 gain = Int128.Min(s_largestProfit, (Int128)profit.E8 * Scale / against);
        Int128 ratio = Int128.Min(s_largestRatio, (Int128)burden.E8 * Scale / equity.E8);
        return gain * ratio;
    }
}
