using CrossMargin.Model;

namespace CrossMargin.Engine.Margin;

/// <summary>
/// A pool as a function of one market's mark price, every other price fixed: the legs of that market (both of a hedge move together),
/// the market's base asset where it serves as collateral, and the rest as one number.
/// </summary>
public struct MovingPool
{
    public MarketSpec Spec;

    /// <summary>The mark from which the price moves.</summary>
    public Price Mark;

    /// <summary>Equity less maintenance of everything that does not depend on this mark.</summary>
    public Amount Rest;

    public Quantity FirstQuantity;
    public Amount FirstCost;

    /// <summary>The second leg of a hedge; zero when there is none.</summary>
    public Quantity SecondQuantity;
    public Amount SecondCost;

    /// <summary>Share of a position's positive profit that counts (the profile's).</summary>
    public Rate ProfitShare;
    public bool EqualityIsSafe;

    /// <summary>The market's base asset as collateral, or null.</summary>
    public CollateralAsset? Base;
    public Amount BaseBalance;

    /// <summary>The collateral's index price now; it moves by the same units as the mark, never below zero.</summary>
    public Price BaseIndex;

    /// <summary>
    /// Builds the cross pool of an account as seen from <paramref name="market"/>. Arrays as <see cref="CollateralMath"/> takes them.
    /// </summary>
    public static MovingPool OfCross(
        VenueProfile profile,
        MarketId market,
        ReadOnlySpan<Leg> legs,
        ReadOnlySpan<Amount> balances,
        ReadOnlySpan<Price> marks,
        ReadOnlySpan<Price> indexes)
    {
        MovingPool pool = Empty(profile, market, marks[market.Value - 1]);
        PoolFigures whole = PoolJudge.Cross(profile, legs, marks, CollateralMath.PoolValueDown(profile, balances, indexes));
        for (int i = 0; i < legs.Length; i++)
        {
            if (legs[i].Market == market && legs[i].Mode == MarginMode.Cross) pool.Add(legs[i].Quantity, legs[i].OpenCost);
        }

        IReadOnlyList<CollateralAsset> assets = profile.Collateral.Assets;
        for (int i = 0; profile.Collateral.Enabled && i < assets.Count; i++)
        {
            if (assets[i].PriceMarket != market || assets[i].Id.Value >= balances.Length) continue;
            pool.Base = assets[i];
            pool.BaseBalance = balances[assets[i].Id.Value];
            pool.BaseIndex = indexes[market.Value - 1];
        }

        pool.Rest = whole.Excess - pool.ExcessAt(pool.Mark);
        return pool;
    }

    /// <summary>Builds an isolated position's own pool.</summary>
    public static MovingPool OfIsolated(VenueProfile profile, in Leg leg, Price mark)
    {
        MovingPool pool = Empty(profile, leg.Market, mark);
        pool.Add(leg.Quantity, leg.OpenCost);
        pool.Rest = leg.IsolatedWallet;
        return pool;
    }

    public readonly bool HasPosition => !FirstQuantity.IsZero;

    /// <summary>Equity − maintenance with this market's mark at <paramref name="price"/>, rounded exactly as live pools are.</summary>
    public readonly Amount ExcessAt(Price price)
    {
        Amount excess = Rest + LegAt(FirstQuantity, FirstCost, price);
        if (!SecondQuantity.IsZero) excess += LegAt(SecondQuantity, SecondCost, price);
        return Base is null ? excess : excess + CollateralMath.ValueDown(Spec, Base, BaseBalance, BaseIndexAt(price));
    }

    /// <summary>The predicate at <paramref name="price"/>.</summary>
    public readonly bool IsLiquidatableAt(Price price) =>
        PoolJudge.IsLiquidatable(ExcessAt(price), Amount.Zero, HasPosition, EqualityIsSafe);

    public readonly Price BaseIndexAt(Price price) => new(Math.Max(0, BaseIndex.Units + (price.Units - Mark.Units)));

    private static MovingPool Empty(VenueProfile profile, MarketId market, Price mark) => new()
    {
        Spec = profile[market],
        Mark = mark,
        ProfitShare = profile.ProfitShare,
        EqualityIsSafe = profile.Liquidation.EqualityIsSafe,
    };

    private void Add(Quantity quantity, Amount cost)
    {
        if (quantity.IsZero) return;
        if (FirstQuantity.IsZero)
        {
            FirstQuantity = quantity;
            FirstCost = cost;
        }
        else if (SecondQuantity.IsZero)
        {
            SecondQuantity = quantity;
            SecondCost = cost;
        }
        else
        {
            throw new InvariantViolation($"more than two legs in {Spec.Symbol}");
        }
    }

    private readonly Amount LegAt(Quantity quantity, Amount cost, Price price)
    {
        if (quantity.IsZero) return Amount.Zero;
        Amount value = Spec.Notional(price, quantity);
        return LegMath.CountedProfitDown(value - cost, ProfitShare) - Spec.Tiers.MaintenanceUp(value.Abs);
    }
}
