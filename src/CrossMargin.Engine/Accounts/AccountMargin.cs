using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Pricing;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>The cross pool's figures at one version of the prices, in the settlement asset.</summary>
/// <param name="Equity">Margin balance: collateral − isolated wallets + counted unrealized profit.</param>
/// <param name="Maintenance">Maintenance margin of the cross positions.</param>
/// <param name="Initial">Initial margin of the cross positions.</param>
/// <param name="Orders">Order margin of all legs, isolated ones too (theirs comes from the cross wallet), open loss included.</param>
/// <param name="HasPositions">Whether the cross pool holds a position.</param>
public readonly record struct AccountFigures(Amount Equity, Amount Maintenance, Amount Initial, Amount Orders, bool HasPositions)
{
    public Amount Available => PoolJudge.Available(Equity, Initial, Orders);
}

/// <summary>Sums up what an account has, needs and has reserved.</summary>
public static class AccountMargin
{
    public static AccountFigures Figures(AccountState state, PriceTable prices)
    {
        PoolFigures pool = state.CrossPool.Judge(state.Profile, prices.Marks, prices.Indexes);
        Amount initial = pool.HasPositions ? PoolJudge.CrossInitialUp(state.Profile, state.Legs.Legs, prices.Marks) : Amount.Zero;
        return new AccountFigures(pool.Equity, pool.Maintenance, initial, OrdersUp(state, prices.Marks), pool.HasPositions);
    }

    /// <summary>What may be withdrawn of the settlement asset, ≥ 0: never unrealized profit.</summary>
    public static Amount Withdrawable(AccountState state, PriceTable prices) => Transfers.Withdrawable(state, prices);

    /// <summary>Order margin of all legs with their open loss.</summary>
    public static Amount OrdersUp(AccountState state, ReadOnlySpan<Price> marks)
    {
        Amount sum = Amount.Zero;
        LegTable legs = state.Legs;
        for (int i = 0; i < legs.Count; i++)
        {
            if (legs.OrdersAt(i).Count > 0) sum += LegOrdersUp(state, i, marks, default);
        }

        return sum;
    }

    /// <summary>Order margin of one leg, pending amends included, changed as <paramref name="change"/> says.</summary>
    public static Amount LegOrdersUp(AccountState state, int leg, ReadOnlySpan<Price> marks, in OrderChange change)
    {
        ref readonly Leg position = ref state.Legs[leg];
        LegOrders orders = state.Legs.OrdersAt(leg);
        MarketSpec spec = state.Profile[position.Market];
        if (state.Amends is { Count: > 0 } amends)
        {
            foreach (PendingAmend a in amends)
            {
                if (a.Market == position.Market && a.PositionSide == position.Side) Add(ref orders, spec, a.Side, a.Price, a.Leaves);
            }
        }

        if (!change.Leaves.IsZero) Add(ref orders, spec, change.Side, change.Price, change.Leaves);
        if (!change.Without.IsNone) Remove(ref orders, spec, state.Orders[state.Orders.Find(change.Without)]);
        Price mark = marks[position.Market.Value - 1];
        return OrderMargin.InitialUp(spec, position, orders.Load, mark) + OpenLoss(state, spec, position, orders, mark, change);
    }

    /// <summary>What opening a size at a price costs at a leverage: initial margin plus open loss.</summary>
    public static Amount OpeningCostUp(MarketSpec spec, Side side, Quantity quantity, Price price, Price mark, int leverage) =>
        LegMath.InitialUp(spec.Notional(price, quantity), leverage) + OrderMargin.OpenLoss(spec, side, quantity, price, mark);

    private static Amount OpenLoss(
        AccountState state, MarketSpec spec, in Leg position, in LegOrders orders, Price mark, in OrderChange change)
    {
        bool bids = orders.HighestBid > mark && OrderMargin.Opens(position.Side, position.Quantity, Side.Buy, orders.Load.BidQuantity);
        bool asks = orders.LowestAsk < mark && OrderMargin.Opens(position.Side, position.Quantity, Side.Sell, orders.Load.AskQuantity);
        if (!bids && !asks) return Amount.Zero;
        Amount sum = Amount.Zero;
        foreach (ref readonly OpenOrder o in state.Orders.Orders)
        {
            if (o.Market != position.Market || o.PositionSide != position.Side || o.IsReduceOnly || o.Id == change.Without) continue;
            if (o.Side == Side.Buy ? bids : asks) sum += OrderMargin.OpenLoss(spec, o.Side, o.Leaves, o.Price, mark);
        }

        if (!change.Leaves.IsZero && (change.Side == Side.Buy ? bids : asks))
        {
            sum += OrderMargin.OpenLoss(spec, change.Side, change.Leaves, change.Price, mark);
        }

        if (state.Amends is not { Count: > 0 } amends) return sum;
        foreach (PendingAmend a in amends)
        {
            if (a.Market != position.Market || a.PositionSide != position.Side) continue;
            if (a.Side == Side.Buy ? bids : asks) sum += OrderMargin.OpenLoss(spec, a.Side, a.Leaves, a.Price, mark);
        }

        return sum;
    }

    private static void Add(ref LegOrders orders, MarketSpec spec, Side side, Price price, Quantity lots) =>
        AccountState.AddLots(ref orders, side, price, lots, spec.Notional(price, lots));

    private static void Remove(ref LegOrders orders, MarketSpec spec, in OpenOrder order)
    {
        if (order.IsReduceOnly) return;
        Amount value = spec.Notional(order.Price, order.Leaves);
        if (order.Side == Side.Buy)
        {
            orders.Load.Bids -= value;
            orders.Load.BidQuantity -= order.Leaves;
        }
        else
        {
            orders.Load.Asks -= value;
            orders.Load.AskQuantity -= order.Leaves;
        }
    }
}

/// <summary>A change of a leg's open orders that is being considered: one order added (leaves not zero) and one left out (not none).</summary>
public readonly record struct OrderChange(Side Side, Price Price, Quantity Leaves, OrderId Without);
