using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>
/// Sells an account's collateral to the conversion account at index × (1 − discount), the asset with the best ratio first: when the
/// settlement balance falls below the profile's limit, and before the fund ever pays.
/// </summary>
internal static class CollateralSale
{
    private const long OneE18 = 1_000_000_000_000_000_000L;

    /// <summary>Sells when the cross wallet is below the profile's limit.</summary>
    /// <returns>The paused market that the sale must wait for, or none.</returns>
    public static MarketId SellIfOwed(AccountState state, StepContext context)
    {
        CollateralSpec spec = state.Profile.Collateral;
        if (!spec.Enabled || state.Balances.Length <= 1) return MarketId.None;
        Amount owed = state.CrossWallet;
        if (owed >= spec.SellBelow) return MarketId.None;
        MarketId paused = PausedMarket(state, context.Prices);
        if (paused.IsNone) Sell(state, -owed, context);
        return paused;
    }

    /// <summary>The first paused market whose price values a collateral balance of the account; none if there is none.</summary>
    public static MarketId PausedMarket(AccountState state, PriceTable prices)
    {
        CollateralSpec spec = state.Profile.Collateral;
        if (!spec.Enabled || state.Balances.Length == 1) return MarketId.None;
        for (int i = 0; i < spec.Assets.Count; i++)
        {
            CollateralAsset asset = spec.Assets[i];
            bool held = !state.Balance(asset.Id).IsZero && !asset.PriceMarket.IsNone;
            if (held && prices.Pause(asset.PriceMarket) != PauseReason.None) return asset.PriceMarket;
        }

        return MarketId.None;
    }

    /// <summary>Sells until <paramref name="need"/> &gt; 0 of the settlement asset is raised or nothing is left.</summary>
    public static void Sell(AccountState state, Amount need, StepContext context)
    {
        CollateralSpec spec = state.Profile.Collateral;
        if (!spec.Enabled || state.Balances.Length <= 1) return;
        Span<bool> done = stackalloc bool[spec.Assets.Count];
        for (int round = 0; round < spec.Assets.Count && need.IsPositive; round++)
        {
            int best = Best(spec, done);
            done[best] = true;
            CollateralAsset asset = spec.Assets[best];
            Amount held = state.Balance(asset.Id);
            if (!held.IsPositive) continue;
            Int128 price = DiscountedPriceE18(state.Profile, asset, context);
            if (price <= 0) continue;
            Int128 wanted = Rounding.DivUp((Int128)need.E8 * OneE18, price);
            var sold = new Amount((long)Int128.Min(wanted, held.E8));
            var proceeds = new Amount((long)(sold.E8 * price / OneE18));
            state.AddToBalance(asset.Id, -sold, context.Now);
            state.AddToBalance(AssetId.Settlement, proceeds, context.Now);
            Transfers.EmitBalance(state, asset.Id, -sold, BalanceReason.CollateralSale, LiquidationId.None, context);
            Transfers.EmitBalance(state, AssetId.Settlement, proceeds, BalanceReason.CollateralSale, LiquidationId.None, context);
            context.Send(ActorId.Fund, new CollateralSold { Asset = asset.Id, Sold = sold, Proceeds = proceeds });
            need -= proceeds;
        }
    }

    private static int Best(CollateralSpec spec, ReadOnlySpan<bool> done)
    {
        int best = -1;
        for (int i = 0; i < spec.Assets.Count; i++)
        {
            if (!done[i] && (best < 0 || spec.Assets[i].Slices[0].Ratio > spec.Assets[best].Slices[0].Ratio)) best = i;
        }

        return best;
    }

    private static Int128 DiscountedPriceE18(VenueProfile profile, CollateralAsset asset, StepContext context)
    {
        Int128 price = asset.PriceMarket.IsNone
            ? OneE18
            : context.Prices.Index(asset.PriceMarket).Units * profile[asset.PriceMarket].PriceUnitE18;
        return price * (Rate.One - profile.Collateral.SellDiscount.E8) / Rate.One;
    }
}
