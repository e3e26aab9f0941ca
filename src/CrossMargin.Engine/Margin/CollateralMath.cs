using CrossMargin.Model;

namespace CrossMargin.Engine.Margin;

/// <summary>
/// What collateral assets count for in the settlement asset. Balances are given by asset number, the settlement asset's at index 0;
/// indexes in market id order, the index price of market n at index n − 1.
/// </summary>
public static class CollateralMath
{
    private const long OneE18 = 1_000_000_000_000_000_000L;

    /// <summary>
    /// The settlement balance (of any sign, at 1) plus every other asset's value; with collateral disabled the settlement balance alone.
    /// </summary>
    public static Amount PoolValueDown(VenueProfile profile, ReadOnlySpan<Amount> balances, ReadOnlySpan<Price> indexes)
    {
        Amount sum = balances[AssetId.Settlement.Value];
        if (!profile.Collateral.Enabled || balances.Length == 1) return sum;
        IReadOnlyList<CollateralAsset> assets = profile.Collateral.Assets;
        for (int i = 0; i < assets.Count; i++)
        {
            CollateralAsset asset = assets[i];
            if (asset.Id.Value >= balances.Length) continue;
            Amount balance = balances[asset.Id.Value];
            if (balance.IsZero) continue;
            sum += asset.PriceMarket.IsNone
                ? ValueAtOneDown(asset, balance)
                : ValueDown(profile[asset.PriceMarket], asset, balance, indexes[asset.PriceMarket.Value - 1]);
        }

        return sum;
    }

    /// <summary>
    /// Σ over slices of balance × index × ratio, each slice rounded down. The balance above the last slice counts nothing.
    /// </summary>
    public static Amount ValueDown(MarketSpec market, CollateralAsset asset, Amount balance, Price index) =>
        SlicesDown(asset, balance, index.Units, market.PriceUnitE18);

    /// <summary>The value of an asset whose price is 1 by definition.</summary>
    public static Amount ValueAtOneDown(CollateralAsset asset, Amount balance) => SlicesDown(asset, balance, 1, OneE18);

    private static Amount SlicesDown(CollateralAsset asset, Amount balance, long price, Int128 unitE18)
    {
        if (balance.IsNegative)
        {
            throw new InvariantViolation($"the balance of collateral {asset.Name} is {balance}: only the settlement asset may be owed");
        }

        // A price unit is a decimal step, so one of the two divides the other and the product stays small.
        Int128 multiply = unitE18 >= OneE18 ? unitE18 / OneE18 : 1;
        Int128 divide = unitE18 >= OneE18 ? 1 : OneE18 / unitE18;
        long sum = 0;
        long below = 0;
        for (int i = 0; i < asset.Slices.Count && balance.E8 > below; i++)
        {
            CollateralSlice slice = asset.Slices[i];
            long part = Math.Min(balance.E8, slice.UpTo.E8) - below;
            if (part > 0)
            {
                Int128 weighted = (Int128)part * slice.Ratio.E8 * price * multiply;
                sum += (long)Rounding.DivDown(weighted, divide * Rate.One);
            }

            below = slice.UpTo.E8;
        }

        return new Amount(sum);
    }
}
