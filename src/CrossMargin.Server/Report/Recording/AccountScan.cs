using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Server.Report.Recording;

/// <summary>What all accounts are worth, and how near they are to liquidation, at the marks of this moment.</summary>
public static class AccountScan
{
    /// <summary>Cross pool and isolated pools together, and the band of the worst of them.</summary>
    public static Amount Equity(AccountState state, ExchangeEngine engine, out RatioBand band)
    {
        PoolFigures cross = state.CrossPool.Judge(engine.Profile, engine.Prices.Marks, engine.Prices.Indexes);
        Amount equity = cross.Equity;
        band = cross.HasPositions ? RatioBands.Of(cross.Equity, cross.Maintenance) : RatioBand.Flat;
        ReadOnlySpan<Leg> legs = state.Legs.Legs;
        for (int i = 0; i < legs.Length; i++)
        {
            if (legs[i].Mode != MarginMode.Isolated) continue;
            if (legs[i].Quantity.IsZero)
            {
                equity += legs[i].IsolatedWallet;
                continue;
            }

            PoolFigures pool = state.IsolatedPool(i).Judge(engine.Profile, engine.Prices.Marks, engine.Prices.Indexes);
            equity += pool.Equity;
            RatioBand own = RatioBands.Of(pool.Equity, pool.Maintenance);
            if (own > band) band = own;
        }

        if (state.Liquidations is { Count: > 0 }) band = RatioBand.InLiquidation;
        return equity;
    }

    /// <summary>Calls <paramref name="visit"/> for each trader's account, by id.</summary>
    public static void Each(ExchangeEngine engine, Action<AccountState> visit)
    {
        foreach (IActor actor in engine.Accounts)
        {
            if (actor is AccountActor account) visit(account.State);
        }
    }
}
