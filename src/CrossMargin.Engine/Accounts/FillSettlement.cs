using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>
/// Settles fills: position, realized profit, fee, the margin that an isolated leg takes or returns, and the order's reservation. Value is
/// only moved between fields of the account, besides the trade itself and its fee.
/// </summary>
internal static class FillSettlement
{
    // :: Step 7: each side settles its fill and releases what it had reserved
    public static void Apply(AccountState state, in Fill fill, StepContext context)
    {
        MarketSpec spec = state.Profile[fill.Market];
        int order = fill.Order.IsNone ? -1 : state.Orders.Find(fill.Order);
        InvariantViolation.Check(fill.Order.IsNone == (order < 0), "5: a fill belongs to an open order, or to none");
        var filled = new OrderFilled
        {
            Order = fill.Order,
            Trade = fill.Trade,
            Liquidation = fill.Liquidation,
            Price = fill.Price,
            Quantity = fill.Quantity,
            Leaves = fill.Leaves,
            Fee = fill.Fee,
            Counterparty = fill.Counterparty,
            Side = fill.Side,
            PositionSide = fill.PositionSide,
            Type = fill.Type,
            IsMaker = fill.IsMaker,
            Status = fill.Leaves.IsZero ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
        };
        OpenOrder placed = order >= 0 ? state.Orders[order] : default;
        if (order >= 0) ReleaseOrder(state, order, fill, ref filled, context.Now);

        int i = state.Legs.FindOrAdd(fill.Market, fill.PositionSide);
        ref Leg leg = ref state.Legs[i];
        Quantity before = leg.Quantity;
        Amount walletBefore = leg.IsolatedWallet;
        filled.RealizedProfit = LegMath.ApplyFill(spec, ref leg.Quantity, ref leg.OpenCost, fill.Side, fill.Quantity, fill.Price);
        Amount change = filled.RealizedProfit - fill.Fee;
        leg.UpdatedAt = context.Now;
        state.AddToBalance(AssetId.Settlement, change, context.Now);
        if (leg.Mode == MarginMode.Isolated)
        {
            leg.IsolatedWallet += change;
            // A leg in liquidation keeps what a reduction releases; what still opened before its freeze brings its margin all the same.
            bool keeps = state.LiquidationOf(fill.Market, fill.PositionSide) is not null;
            Quantity opened = ReturnReleased(ref leg, before, keeps ? null : walletBefore, change, fill);
            if (!opened.IsZero) leg.IsolatedWallet += OpeningMargin(state, leg, opened, fill, placed, spec, context);
        }

        filled.PositionAfter = leg.Quantity;
        filled.OpenCostAfter = leg.OpenCost;
        filled.WalletAfter = state.Wallet;
        filled.IsolatedWalletAfter = leg.IsolatedWallet;
        context.Emit(state.Id, fill.Market, filled);
        PoolId pool = state.PoolOf(leg);
        if (order >= 0 && fill.Final) state.RemoveOrder(order);
        else state.Legs.Tidy(i);
        Watch(state, pool, context);
        LiquidationRun.OnFill(state, fill, context);
    }

    /// <summary>Asks for a judgement of a pool, and of the cross pool where an isolated one may have taken margin from it.</summary>
    public static void Watch(AccountState state, PoolId pool, StepContext context)
    {
        context.Monitor.RequestJudge(pool);
        if (!pool.IsCross) context.Monitor.RequestJudge(PoolId.Cross(state.Id));
    }

    private static void ReleaseOrder(AccountState state, int index, in Fill fill, ref OrderFilled filled, Timestamp now)
    {
        ref OpenOrder open = ref state.Orders[index];
        InvariantViolation.Check(fill.Quantity <= open.Leaves, "5: a fill is never larger than what is open");
        InvariantViolation.Check(
            open.Side == Side.Buy ? fill.Price <= open.Price : fill.Price >= open.Price, "5: no fill is worse than the order's limit");
        state.RemoveLots(open, fill.Quantity);
        open.Leaves -= fill.Quantity;
        open.FilledQuote += state.Profile[open.Market].Notional(fill.Price, fill.Quantity);
        open.UpdatedAt = now;
        InvariantViolation.Check(open.Leaves == fill.Leaves, "5: filled + open + cancelled = size");
        filled.Cumulative = open.Filled;
        filled.OrderQuantity = open.Quantity;
        filled.OrderPrice = open.Price;
    }

    /// <summary>
    /// A reduction returns the released share of the leg's wallet with what it realized, as far as that is positive.
    /// </summary>
    /// <param name="walletBefore">The wallet before the fill; null while the leg is in liquidation: then nothing is returned.</param>
    /// <returns>How much of the fill opened.</returns>
    private static Quantity ReturnReleased(ref Leg leg, Quantity before, Amount? walletBefore, Amount change, in Fill fill)
    {
        bool reduces = before.Sign != 0 && before.Sign != (fill.Side == Side.Buy ? 1 : -1);
        Quantity closed = reduces ? Quantity.Min(fill.Quantity, before.Abs) : Quantity.Zero;
        if (!closed.IsZero && walletBefore is { } held)
        {
            leg.IsolatedWallet -= LegMath.ReleasedWalletDown(held, before, closed, change);
        }

        return fill.Quantity - closed;
    }

    /// <summary>
    /// What opening moves from the cross wallet: initial margin plus open loss at the mark, at most what was reserved for the quantity at
    /// placement, and never so much that the cross pool would no longer be sound; nothing while the cross pool is in liquidation.
    /// </summary>
    private static Amount OpeningMargin(
        AccountState state, in Leg leg, Quantity opened, in Fill fill, in OpenOrder order, MarketSpec spec, StepContext context)
    {
        if (state.CrossLiquidation is not null) return Amount.Zero;
        Price mark = context.Prices.Mark(fill.Market);
        Amount cost = AccountMargin.OpeningCostUp(spec, fill.Side, opened, fill.Price, mark, leg.Leverage);
        if (!order.Id.IsNone)
        {
            cost = Amount.Min(cost, AccountMargin.OpeningCostUp(spec, fill.Side, opened, order.Price, order.MarkAtPlacement, leg.Leverage));
        }

        PoolFigures cross = state.CrossPool.Judge(state.Profile, context.Prices.Marks, context.Prices.Indexes);
        Amount free = cross.HasPositions ? cross.Excess - new Amount(1) : cross.Equity;
        return Amount.Max(Amount.Zero, Amount.Min(cost, free));
    }
}
