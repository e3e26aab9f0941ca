using CrossMargin.Embedded.Engine;
using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Views;

/// <summary>
/// Where a position stands among those of its direction by the score that deleveraging ranks by. The others' scores are those of a sample
/// of accounts, spread evenly over the ids (all of them up to <see cref="Sample"/>), taken anew at most each second, and at each command
/// while there are few accounts: looking at all would stop a large exchange.
/// </summary>
internal sealed class DeleverageQueue(ExchangeEngine engine)
{
    public const int Sample = 1_024;

    private const int Few = 32;
    private const long RefreshMilliseconds = 1_000;

    private readonly List<Place>[] _places = Lists(engine.Profile.Markets.Count * 2);
    private long _sampledAt = long.MinValue;
    private long _sampledSequence = -1;

    /// <summary>0 (last to be deleveraged) to 4 of an account's leg with a position.</summary>
    public int Quantile(AccountState state, int leg)
    {
        Refresh();
        Quantity quantity = state.Legs[leg].Quantity;
        var own = new Place(ScoreOf(state, leg), state.Id.Value);
        List<Place> places = _places[Index(state.Legs[leg].Market, quantity)];
        int others = 0;
        int ahead = 0;
        foreach (Place place in places)
        {
            if (place.Account == own.Account) continue;
            others++;
            if (place.Score > own.Score || (place.Score == own.Score && place.Account < own.Account)) ahead++;
        }

        return 4 - (5 * ahead / (others + 1));
    }

    private static int Index(MarketId market, Quantity quantity) => ((market.Value - 1) * 2) + (quantity.Sign > 0 ? 0 : 1);

    private static List<Place>[] Lists(int count)
    {
        var lists = new List<Place>[count];
        for (int i = 0; i < count; i++) lists[i] = [];
        return lists;
    }

    private void Refresh()
    {
        if (_sampledSequence == engine.Sequence) return;
        long now = Environment.TickCount64;
        if (_sampledSequence >= 0 && now - _sampledAt < RefreshMilliseconds && engine.AccountCount > Few) return;
        (_sampledAt, _sampledSequence) = (now, engine.Sequence);
        foreach (List<Place> places in _places) places.Clear();
        ReadOnlySpan<IActor> accounts = engine.Accounts;
        int step = Math.Max(1, (accounts.Length + Sample - 1) / Sample);
        for (int i = 0; i < accounts.Length; i += step)
        {
            if (accounts[i] is not AccountActor { State: { } state }) continue;
            for (int leg = 0; leg < state.Legs.Count; leg++)
            {
                Quantity quantity = state.Legs[leg].Quantity;
                if (quantity.IsZero) continue;
                _places[Index(state.Legs[leg].Market, quantity)].Add(new Place(ScoreOf(state, leg), state.Id.Value));
            }
        }
    }

    private Int128 ScoreOf(AccountState state, int i)
    {
        ref readonly Leg leg = ref state.Legs[i];
        bool cross = leg.Mode == MarginMode.Cross;
        MarketSpec spec = engine.Profile[leg.Market];
        Price mark = engine.Prices.Mark(leg.Market);
        Amount profit = LegMath.UnrealizedProfit(spec, leg.Quantity, leg.OpenCost, mark);
        if (!profit.IsPositive) return 0;
        PoolView pool = cross ? state.CrossPool : state.IsolatedPool(i);
        PoolFigures figures = pool.Judge(engine.Profile, engine.Prices.Marks, engine.Prices.Indexes);
        return DeleverageRanking.ScoreDown(
            engine.Profile.Liquidation.Score, profit, leg.OpenCost, LegMath.Notional(spec, leg.Quantity, mark),
            cross ? state.CrossWallet : leg.IsolatedWallet, figures.Equity, figures.Maintenance);
    }

    private readonly record struct Place(Int128 Score, int Account);
}
