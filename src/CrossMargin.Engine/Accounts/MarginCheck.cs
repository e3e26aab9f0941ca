using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>
/// May this order be placed at this price? Three questions in the order of the reject numbers: does the position stay inside what the
/// tiers allow at the leverage; is there margin for what it opens (initial margin, open loss, fee); and would a fill at its own limit
/// leave its pool sound. What does not depend on the price is worked out once.
/// </summary>
public readonly ref struct MarginCheck
{
    private readonly AccountState _state;
    private readonly ReadOnlySpan<Price> _marks;
    private readonly MarketSpec _spec;
    private readonly int _leg;
    private readonly Price _mark;
    private readonly Amount _tierLimit;
    private readonly Side _side;
    private readonly Quantity _quantity;
    private readonly Quantity _opening;
    private readonly Quantity _openingAlone;
    private readonly Amount _throughMark;
    private readonly Rate _fee;
    private readonly bool _reduceOnly;
    private readonly OrderId _replaces;
    private readonly Amount _available;
    private readonly Amount _ordersBefore;
    private readonly PoolFigures _pool;

    /// <param name="state">The account; its leg of the order exists.</param>
    /// <param name="prices">The prices to judge by.</param>
    /// <param name="leg">Index of the order's leg.</param>
    /// <param name="side">Side of the order.</param>
    /// <param name="quantity">Size that would be open, &gt; 0.</param>
    /// <param name="reduceOnly">Whether it can only close.</param>
    /// <param name="fee">The fee rate it would pay.</param>
    /// <param name="replaces">The open order it replaces (an amend), or none.</param>
    public MarginCheck(
        AccountState state, PriceTable prices, int leg, Side side, Quantity quantity, bool reduceOnly, Rate fee, OrderId replaces)
    {
        _state = state;
        _marks = prices.Marks;
        _leg = leg;
        ref readonly Leg position = ref state.Legs[leg];
        _spec = state.Profile[position.Market];
        _mark = prices.Mark(position.Market);
        _tierLimit = PositionTierLimit.LargestNotional(_spec.Tiers, prices.Brackets(position.Market), position.Leverage);
        _side = side;
        bool opposite = position.Quantity.Sign == (side == Side.Buy ? -1 : 1);
        Quantity closable = opposite ? position.Quantity.Abs : Quantity.Zero;
        _quantity = reduceOnly ? Quantity.Min(quantity, closable) : quantity;
        _openingAlone = Quantity.Max(Quantity.Zero, _quantity - closable);
        _opening = Quantity.Max(Quantity.Zero, _quantity - Quantity.Max(Quantity.Zero, closable - OthersOf(state, leg, side, replaces)));
        _fee = fee;
        _reduceOnly = reduceOnly;
        _replaces = replaces;
        AccountFigures figures = AccountMargin.Figures(state, prices);
        _ordersBefore = AccountMargin.LegOrdersUp(state, leg, _marks, default);
        _available = figures.Equity - figures.Initial - figures.Orders;
        _pool = position.Mode == MarginMode.Cross
            ? new PoolFigures(figures.Equity, figures.Maintenance, figures.HasPositions)
            : PoolJudge.Isolated(state.Profile, position, _mark);
        _throughMark = ThroughMark(state, leg, _marks, replaces);
    }

    /// <summary>The first reason against the order at a limit of <paramref name="price"/>.</summary>
    public Refusal At(Price price)
    {
        if (!_reduceOnly)
        {
            Refusal refusal = CheckTier(price);
            if (refusal.IsNone) refusal = CheckAvailable(price);
            if (!refusal.IsNone) return refusal;
        }

        return _quantity.IsZero ? Refusal.None : CheckSoundAfter(price);
    }

    /// <summary>The worst tick, no farther than <paramref name="far"/>, at which the order may be placed; refused if not even at the mark.</summary>
    public Refusal FindBound(Price far, out Price bound)
    {
        bound = far;
        if (At(bound).IsNone) return Refusal.None;
        Price near = _side == Side.Buy ? _spec.TickUp(_mark) : OrderShape.AtLeastOneTick(_spec, _spec.TickDown(_mark));
        Refusal refusal = At(near);
        if (!refusal.IsNone) return refusal;
        long sign = _side == Side.Buy ? _spec.TickUnits : -_spec.TickUnits;
        long good = 0;
        long bad = (bound.Units - near.Units) / sign;
        while (bad - good > 1)
        {
            long middle = (good + bad) / 2;
            if (At(new Price(near.Units + middle * sign)).IsNone) good = middle;
            else bad = middle;
        }

        bound = new Price(near.Units + good * sign);
        return Refusal.None;
    }

    private Refusal CheckTier(Price price)
    {
        ref readonly Leg position = ref _state.Legs[_leg];
        OrderLoad load = _state.Legs.OrdersAt(_leg).Load;
        Amount held = _spec.Notional(_mark, position.Quantity);
        Amount added = _spec.Notional(price, _quantity);
        Amount after = _side == Side.Buy ? held + load.Bids + added : load.Asks + added - held;
        Quantity total = (_side == Side.Buy ? load.BidQuantity : load.AskQuantity) + _quantity;
        if (!_replaces.IsNone)
        {
            ref readonly OpenOrder old = ref _state.Orders[_state.Orders.Find(_replaces)];
            after -= _spec.Notional(old.Price, old.Leaves);
            total -= old.Leaves;
        }

        foreach (PendingAmend a in _state.Amends ?? [])
        {
            if (a.Market != position.Market || a.PositionSide != position.Side || a.Side != _side || a.Order == _replaces) continue;
            after += _spec.Notional(a.Price, a.Leaves);
            total += a.Leaves;
        }

        bool opens = OrderMargin.Opens(position.Side, position.Quantity, _side, total);
        return opens && after > _tierLimit ? new Refusal(RejectReason.NotionalAboveTierLimit, _tierLimit.E8, after.E8) : Refusal.None;
    }

    private Refusal CheckAvailable(Price price)
    {
        var change = new OrderChange(_side, price, _quantity, _replaces);
        Amount needed = AccountMargin.LegOrdersUp(_state, _leg, _marks, change) - _ordersBefore;
        if (_opening.Lots > 0) needed += FeeUp(price, _opening);
        if (needed.E8 <= 0) return Refusal.None;
        return needed > _available
            ? new Refusal(RejectReason.MarginInsufficient, Math.Max(0, _available.E8), needed.E8)
            : Refusal.None;
    }

    /// <summary>
    /// The pool as a fill of this order alone, at its limit, would leave it; less what the pool's other orders through the mark would lose,
    /// because they may fill with it.
    /// </summary>
    private Refusal CheckSoundAfter(Price price)
    {
        ref readonly Leg position = ref _state.Legs[_leg];
        // A limit better than the mark is judged at the mark: the mark would have moved there before it could fill.
        Price at = _side == Side.Buy == price > _mark ? price : _mark;
        Quantity quantity = position.Quantity;
        Amount openCost = position.OpenCost;
        Rate share = _state.Profile.ProfitShare;
        Amount before = LegMath.CountedProfitDown(LegMath.UnrealizedProfit(_spec, quantity, openCost, _mark), share);
        Amount mmBefore = LegMath.MaintenanceUp(_spec, quantity, _mark);
        Amount realized = LegMath.ApplyFill(_spec, ref quantity, ref openCost, _side, _quantity, at);
        Amount after = LegMath.CountedProfitDown(LegMath.UnrealizedProfit(_spec, quantity, openCost, _mark), share);
        Amount mm = _pool.Maintenance - mmBefore + LegMath.MaintenanceUp(_spec, quantity, _mark);
        bool isolated = position.Mode == MarginMode.Isolated;
        bool flips = isolated && !_openingAlone.IsZero && !position.Quantity.IsZero && quantity.Sign != position.Quantity.Sign;
        Amount fee = FeeUp(at, _quantity);
        // What a flip closes goes back to the cross wallet; only a loss stays with the leg.
        Amount equity = flips
            ? Amount.Min(Amount.Zero, position.IsolatedWallet + realized - fee) + after
            : _pool.Equity - before + after + realized - fee;
        if (isolated) equity += AccountMargin.OpeningCostUp(_spec, _side, _openingAlone, at, _mark, position.Leverage);
        equity -= _throughMark;
        bool remains = isolated ? !quantity.IsZero : !mm.IsZero;
        bool unsound = remains ? equity <= mm || equity.IsNegative : equity.IsNegative;
        return unsound ? new Refusal(RejectReason.WouldLiquidate, mm.E8, equity.E8) : Refusal.None;
    }

    private static Quantity OthersOf(AccountState state, int leg, Side side, OrderId replaces)
    {
        OrderLoad load = state.Legs.OrdersAt(leg).Load;
        Quantity others = side == Side.Buy ? load.BidQuantity : load.AskQuantity;
        if (replaces.IsNone) return others;
        ref readonly OpenOrder old = ref state.Orders[state.Orders.Find(replaces)];
        return old.IsReduceOnly ? others : others - old.Leaves;
    }

    /// <summary>Open loss of the orders of the leg's pool that lie through their mark, closing and reduce-only ones included.</summary>
    private static Amount ThroughMark(AccountState state, int leg, ReadOnlySpan<Price> marks, OrderId replaces)
    {
        ref readonly Leg own = ref state.Legs[leg];
        Amount sum = Amount.Zero;
        foreach (ref readonly OpenOrder o in state.Orders.Orders)
        {
            Price mark = marks[o.Market.Value - 1];
            if (o.Side == Side.Buy ? o.Price <= mark : o.Price >= mark) continue;
            if (o.Id == replaces || !SharesPool(state, own, o)) continue;
            sum += OrderMargin.OpenLoss(state.Profile[o.Market], o.Side, o.Leaves, o.Price, mark);
        }

        return sum;
    }

    private static bool SharesPool(AccountState state, in Leg own, in OpenOrder order)
    {
        if (own.Mode == MarginMode.Isolated) return order.Market == own.Market && order.PositionSide == own.Side;
        int i = state.Legs.Find(order.Market, order.PositionSide);
        return state.Legs[i].Mode == MarginMode.Cross;
    }

    private Amount FeeUp(Price price, Quantity quantity) => _fee.E8 <= 0 ? Amount.Zero : _fee.OfUp(_spec.Notional(price, quantity));
}
