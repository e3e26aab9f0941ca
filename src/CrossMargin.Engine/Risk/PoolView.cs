using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>
/// A pool as the risk index sees it: the account's legs and balances, and which of them the pool is. For the cross pool: the legs in
/// cross mode, with the balances less the isolated wallets. For an isolated pool: one leg with its own wallet.
/// </summary>
/// <param name="legs">All legs of the account.</param>
/// <param name="isolatedIndex">The isolated leg's index in <paramref name="legs"/>, or −1 for the cross pool.</param>
/// <param name="balances">Whole wallets by asset number; the settlement asset's (isolated wallets included) at index 0.</param>
public readonly ref struct PoolView(ReadOnlySpan<Leg> legs, int isolatedIndex, ReadOnlySpan<Amount> balances)
{
    public ReadOnlySpan<Leg> Legs { get; } = legs;
    public int IsolatedIndex { get; } = isolatedIndex;
    public ReadOnlySpan<Amount> Balances { get; } = balances;

    public bool IsCross => IsolatedIndex < 0;

    /// <summary>Equity and maintenance of the pool at the given marks and indexes (market n at index n − 1).</summary>
    public PoolFigures Judge(VenueProfile profile, ReadOnlySpan<Price> marks, ReadOnlySpan<Price> indexes)
    {
        if (!IsCross)
        {
            ref readonly Leg leg = ref Legs[IsolatedIndex];
            return PoolJudge.Isolated(profile, leg, marks[leg.Market.Value - 1]);
        }

        Amount collateral = Balances.Length == 1 ? Balances[0] : CollateralMath.PoolValueDown(profile, Balances, indexes);
        return PoolJudge.Cross(profile, Legs, marks, collateral);
    }
}
