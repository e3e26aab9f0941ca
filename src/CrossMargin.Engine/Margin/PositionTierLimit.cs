using CrossMargin.Model;

namespace CrossMargin.Engine.Margin;

/// <summary>How large a position may become at a leverage: a tier's maximum leverage holds for every notional inside it.</summary>
public static class PositionTierLimit
{
    /// <summary>
    /// The largest notional that may be opened at <paramref name="leverage"/>: one unit below the first tier that allows less, the
    /// table's cap where all allow it, 0 where the first tier already does not.
    /// </summary>
    public static Amount LargestNotional(TierTable tiers, int leverage)
    {
        for (int i = 0; i < tiers.Count; i++)
        {
            if (tiers[i].MaxLeverage >= leverage) continue;
            return i == 0 ? Amount.Zero : new Amount(tiers[i].Floor.E8 - 1);
        }

        return tiers.Cap;
    }

    /// <summary>The same under brackets that the operator has set; null: the table's own.</summary>
    public static Amount LargestNotional(TierTable tiers, LeverageBrackets? brackets, int leverage)
    {
        if (brackets is null) return LargestNotional(tiers, leverage);
        for (int i = 0; i < tiers.Count; i++)
        {
            if (brackets[i] >= leverage) continue;
            return i == 0 ? Amount.Zero : Amount.Min(brackets.Cap, new Amount(tiers[i].Floor.E8 - 1));
        }

        return brackets.Cap;
    }

    /// <summary>Whether a position of <paramref name="notional"/> ≥ 0 may be opened or increased at <paramref name="leverage"/>.</summary>
    public static bool Allows(TierTable tiers, Amount notional, int leverage) => notional <= LargestNotional(tiers, leverage);
}
