using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>
/// Drives the liquidations of an account: freeze, re-check, reduce in the book, fund, deleveraging, end. Every method is called from
/// inside one of the account's steps and leaves the case at a point where it waits for a message, or removes it.
/// </summary>
internal static class LiquidationRun
{
    /// <summary>Judges a pool by the one predicate. Sound: its box is renewed. Liquidatable: a liquidation starts, or waits for a price.</summary>
    public static void Judge(AccountState state, PoolId pool, StepContext context)
    {
        LiquidationCase? running = state.LiquidationOf(pool.Market, pool.Side);
        if (running is not null)
        {
            if (running.Waiting) Advance(state, running, context);
            return;
        }

        int leg = pool.IsCross ? -1 : state.Legs.Find(pool.Market, pool.Side);
        if (!pool.IsCross && (leg < 0 || state.Legs[leg].Mode != MarginMode.Isolated))
        {
            context.Monitor.Unwatch(pool);
            return;
        }

        if (pool.IsCross && CollateralSale.SellIfOwed(state, context) is { IsNone: false } valuing)
        {
            context.Monitor.WaitForResume(pool, valuing);
            return;
        }

        PoolView view = pool.IsCross ? state.CrossPool : state.IsolatedPool(leg);
        PoolFigures figures = view.Judge(state.Profile, context.Prices.Marks, context.Prices.Indexes);
        if (!figures.IsLiquidatable(state.Profile.Liquidation.EqualityIsSafe))
        {
            // Without a position a price still matters where a debt is covered by collateral alone.
            bool owes = pool.IsCross && state.Balances.Length > 1 && state.CrossWallet.IsNegative;
            if (figures.HasPositions || owes) context.Monitor.Watch(pool, view);
            else context.Monitor.Unwatch(pool);
            return;
        }

        if (PausedMarket(state, pool, context) is { IsNone: false } paused)
        {
            context.Monitor.WaitForResume(pool, paused);
            return;
        }

        context.Monitor.Unwatch(pool);
        Start(state, pool, figures, context);
    }

    public static void OnFence(AccountState state, in FenceReached fence, StepContext context)
    {
        LiquidationCase? c = Find(state, fence.Liquidation);
        if (c is null) return;
        MarketId market = fence.Market;
        c.Legs.RemoveAll(l => l.Market == market && l.Stage == LegStage.Freezing);
        if (!c.IsFreezing) Advance(state, c, context);
    }

    /// <summary>A fill of the account: if it belongs to a liquidation, its fee and volume are noted, and its order may be done.</summary>
    public static void OnFill(AccountState state, in Fill fill, StepContext context)
    {
        if (fill.Liquidation.IsNone) return;
        LiquidationCase? c = Find(state, fill.Liquidation);
        if (c is null) return;
        Amount notional = state.Profile[fill.Market].Notional(fill.Price, fill.Quantity);
        int i = c.Find(fill.Market, fill.PositionSide);
        InvariantViolation.Check(i >= 0, "a liquidation's fill belongs to one of its legs");
        LiquidationLeg leg = c.Legs[i];
        leg.Target = leg.Target.Sign > 0 ? leg.Target - fill.Quantity : leg.Target + fill.Quantity;
        c.Legs[i] = leg;
        c.LastClosedOutsideBook = fill.Type is FillKind.Takeover or FillKind.Deleverage;
        switch (fill.Type)
        {
            case FillKind.Takeover:
                c.FundNotional += notional;
                break;
            case FillKind.Deleverage:
                c.DeleveragedNotional += notional;
                break;
            default:
                c.BookNotional += notional;
                c.FeeDue += state.Profile[fill.Market].LiquidationFee.OfUp(notional);
                if (fill.Final) BookDone(state, c, i, context);
                break;
        }
    }

    public static void OnOrderEnded(AccountState state, OrderId order, StepContext context)
    {
        if (state.Liquidations is not null) OnLiquidationOrderEnded(state, state.Liquidations, order, context);
    }

    // Apart, because a lambda that captures would allocate at every call of its method.
    private static void OnLiquidationOrderEnded(AccountState state, List<LiquidationCase> cases, OrderId order, StepContext context)
    {
        foreach (LiquidationCase c in cases)
        {
            int i = c.Legs.FindIndex(l => l.Order == order && !order.IsNone);
            if (i < 0) continue;
            BookDone(state, c, i, context);
            return;
        }
    }

    public static void OnTakeoverRefused(AccountState state, in TakeoverRefused refused, StepContext context)
    {
        LiquidationCase c = Expect(state, refused.Liquidation);
        int i = c.Find(refused.Market, refused.PositionSide);
        InvariantViolation.Check(i >= 0 && c.Legs[i].Stage == LegStage.AtFund, "the fund answers what it was asked");
        LiquidationLeg leg = c.Legs[i];
        leg.Stage = LegStage.Deleveraging;
        c.Legs[i] = leg;
        EmitStep(state, c, leg, LiquidationStage.DeleverageAsked, context);
        context.Send(ActorId.Of(leg.Market), new StartDeleverage
        {
            Liquidation = c.Id,
            Quantity = leg.Target,
            Price = leg.BankruptcyPrice,
            PositionSide = leg.Side,
        });
    }

    /// <summary>
    /// A takeover or a deleveraging round is over. What a round left the fund must take; what a takeover left is judged again.
    /// </summary>
    public static void OnDeleverageDone(AccountState state, in DeleverageDone done, StepContext context)
    {
        LiquidationCase c = Expect(state, done.Liquidation);
        int i = c.Find(done.Market, done.PositionSide);
        InvariantViolation.Check(i >= 0 && c.Legs[i].Stage >= LegStage.AtFund, "a takeover or round ends for a leg that waits for it");
        LiquidationLeg leg = c.Legs[i];
        bool round = leg.Stage == LegStage.Deleveraging;
        if (!round || done.Leaves.IsZero)
        {
            EndStep(state, c, i, round ? LiquidationStage.DeleverageDone : LiquidationStage.FundTook, context);
            return;
        }

        EmitStep(state, c, leg, LiquidationStage.DeleverageDone, context);
        leg.Stage = LegStage.Forced;
        leg.Target = done.Leaves;
        c.Legs[i] = leg;
        AskFund(leg, c, forced: true, context);
    }

    public static void OnShortfallPaid(AccountState state, in ShortfallPaid paid, StepContext context)
    {
        LiquidationCase c = Expect(state, paid.Liquidation);
        state.AddToBalance(AssetId.Settlement, paid.Amount, context.Now);
        if (!c.IsCross)
        {
            int i = state.Legs.Find(c.Market, c.Side);
            state.Legs[i].IsolatedWallet += paid.Amount;
            state.Legs[i].UpdatedAt = context.Now;
        }

        c.Claimed = false;
        c.Shortfall += paid.Amount;
        c.FromDeficit += paid.FromDeficit;
        Transfers.EmitBalance(state, AssetId.Settlement, paid.Amount, BalanceReason.InsuranceClear, c.Id, context, c.Market, c.Side);
        Advance(state, c, context);
    }

    private static void Start(AccountState state, PoolId pool, PoolFigures figures, StepContext context)
    {
        var c = new LiquidationCase(new LiquidationId(state.TakeId()), pool.Market, pool.Side);
        (state.Liquidations ??= []).Add(c);
        Amount wallet = pool.IsCross ? state.CrossWallet : state.Legs[state.Legs.Find(pool.Market, pool.Side)].IsolatedWallet;
        int positions = 0;
        Amount notional = Amount.Zero;
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            if (leg.Quantity.IsZero || !IsInPool(c, leg)) continue;
            positions++;
            notional += LegMath.Notional(state.Profile[leg.Market], leg.Quantity, context.Prices.Mark(leg.Market));
            AddFreeze(c, leg.Market);
        }

        int orders = Freeze(state, c, context);
        context.Emit(state.Id, pool.Market, new LiquidationStarted
        {
            Liquidation = c.Id,
            Equity = figures.Equity,
            Maintenance = figures.Maintenance,
            Wallet = wallet,
            UnrealizedProfit = figures.Equity - wallet,
            Notional = notional,
            Positions = positions,
            OpenOrders = orders,
            PositionSide = pool.Side,
            Policy = state.Profile.Liquidation.Policy,
            Rule = figures.HasPositions ? LiquidationRule.EquityAtOrBelowMaintenance : LiquidationRule.NegativeWithoutPosition,
        });
        foreach (LiquidationLeg leg in c.Legs) context.Send(ActorId.Of(leg.Market), new Fence { Liquidation = c.Id });
        if (!c.IsFreezing) Advance(state, c, context);
    }

    /// <summary>
    /// Sends the cancels behind everything already sent. A cross liquidation also takes the orders that would open or add to an isolated
    /// position, because their margin comes from the cross wallet; closing orders of isolated legs stay.
    /// </summary>
    private static int Freeze(AccountState state, LiquidationCase c, StepContext context)
    {
        int count = 0;
        foreach (ref readonly OpenOrder order in state.Orders.Orders)
        {
            if (!IsFrozen(state, c, order.Market, order.PositionSide, order.Side, order.IsReduceOnly)) continue;
            OrderChanges.RequestCancelOf(order, CancelReason.Liquidation, context);
            AddFreeze(c, order.Market);
            count++;
        }

        if (state.Triggers is null) return count;
        foreach (OpenTrigger t in state.Triggers)
        {
            bool closes = (t.Flags & (OrderFlags.ReduceOnly | OrderFlags.ClosePosition)) != 0;
            if (!IsFrozen(state, c, t.Market, t.PositionSide, t.Side, closes)) continue;
            OrderChanges.RequestCancelOf(t, CancelReason.Liquidation, context);
            AddFreeze(c, t.Market);
            count++;
        }

        return count;
    }

    private static bool IsFrozen(AccountState state, LiquidationCase c, MarketId market, PositionSide side, Side orderSide, bool reduceOnly)
    {
        if (!c.IsCross) return market == c.Market && side == c.Side;
        int i = state.Legs.Find(market, side);
        if (i < 0 || state.Legs[i].Mode == MarginMode.Cross) return true;
        Quantity held = state.Legs[i].Quantity;
        bool opposite = held.Sign == (orderSide == Side.Buy ? -1 : 1);
        return !reduceOnly && !(opposite && OpenLots(state, market, side, orderSide) <= held.Abs);
    }

    /// <summary>All open lots of a leg's side, reduce-only ones included: they may fill first and turn the others into opening ones.</summary>
    private static Quantity OpenLots(AccountState state, MarketId market, PositionSide side, Side orderSide)
    {
        Quantity sum = Quantity.Zero;
        foreach (ref readonly OpenOrder order in state.Orders.Orders)
        {
            if (order.Market == market && order.PositionSide == side && order.Side == orderSide) sum += order.Leaves;
        }

        return sum;
    }

    private static void AddFreeze(LiquidationCase c, MarketId market)
    {
        if (!c.Legs.Exists(l => l.Market == market)) c.Legs.Add(new LiquidationLeg { Market = market, Stage = LegStage.Freezing });
    }

    // :: Step 8: what a liquidation does next
    private static void Advance(AccountState state, LiquidationCase c, StepContext context)
    {
        if (c.IsBusy || c.Claimed) return;
        bool waited = c.Waiting;
        c.Waiting = false;
        PoolFigures figures = Figures(state, c, context);
        var pool = new PoolId(state.Id, c.Market, c.Side);
        if (!figures.HasPositions)
        {
            MarketId valuing = LiquidationEnd.SellsCollateral(state, c) ? CollateralSale.PausedMarket(state, context.Prices) : MarketId.None;
            if (valuing.IsNone) LiquidationEnd.WithoutPositions(state, c, context);
            else Wait(state, c, pool, valuing, waited, context);
            return;
        }

        bool first = !c.Rechecked;
        c.Rechecked = true;
        if (first)
        {
            Amount none = Amount.Zero;
            EmitStep(state, c, default, LiquidationStage.Rechecked, context);
            if (!figures.IsLiquidatable(state.Profile.Liquidation.EqualityIsSafe))
            {
                LiquidationEnd.Finish(state, c, LiquidationOutcome.SoundAfterCancel, none, none, context);
                return;
            }
        }
        else if (IsSoundAfterFee(state, c, figures))
        {
            LiquidationEnd.WithPositions(state, c, context);
            return;
        }

        if (PausedMarket(state, pool, context) is { IsNone: false } paused)
        {
            Wait(state, c, pool, paused, waited, context);
            return;
        }

        Reduce(state, c, figures, context);
    }

    private static void Wait(AccountState state, LiquidationCase c, PoolId pool, MarketId paused, bool waited, StepContext context)
    {
        c.Waiting = true;
        if (!waited) EmitStep(state, c, default, LiquidationStage.Waiting, context);
        context.Monitor.WaitForResume(pool, paused);
    }

    /// <summary>Equity, the fee due taken off, reaches maintenance × (1 + buffer), and the predicate itself is false: the buffer may be 0.</summary>
    private static bool IsSoundAfterFee(AccountState state, LiquidationCase c, PoolFigures figures)
    {
        PoolFigures after = figures with { Equity = figures.Equity - c.FeeDue };
        return !after.IsLiquidatable(state.Profile.Liquidation.EqualityIsSafe)
            && after.Equity >= figures.Maintenance + state.Profile.Liquidation.Buffer.OfUp(figures.Maintenance);
    }

    private static void Reduce(AccountState state, LiquidationCase c, PoolFigures figures, StepContext context)
    {
        bool all = state.Profile.Liquidation.Policy == LiquidationPolicy.WholeAccount;
        do
        {
            int i = ReductionPlan.Next(
                state.Profile, state.Legs.Legs, context.Prices.Marks, figures, c.FeeDue,
                leg => IsInPool(c, leg) && c.Find(leg.Market, leg.Side) < 0, out Quantity lots);
            if (i < 0) return;
            SendReduction(state, c, i, lots, figures, context);
        }
        while (all);
    }

    private static void SendReduction(
        AccountState state, LiquidationCase c, int legIndex, Quantity lots, PoolFigures figures, StepContext context)
    {
        Leg leg = state.Legs[legIndex];
        MarketSpec spec = state.Profile[leg.Market];
        Price mark = context.Prices.Mark(leg.Market);
        Amount maintenance = LegMath.MaintenanceUp(spec, leg.Quantity, mark);
        Amount share = BankruptcyPrice.ShareDown(figures.Equity, maintenance, figures.Maintenance);
        Price bankruptcy = BankruptcyPrice.Of(spec, leg.Quantity, mark, share);
        Side side = leg.Quantity.Sign > 0 ? Side.Sell : Side.Buy;
        Price limit = Limit(state.Profile, spec, side, bankruptcy, mark);
        var order = new OpenOrder
        {
            Id = new OrderId(state.TakeId()),
            Price = limit,
            MarkAtPlacement = mark,
            Quantity = lots,
            Leaves = lots,
            Market = leg.Market,
            Flags = OrderFlags.ReduceOnly | OrderFlags.Liquidation,
            Side = side,
            PositionSide = leg.Side,
            TimeInForce = TimeInForce.Ioc,
            Type = OrderType.Limit,
        };
        c.Legs.Add(new LiquidationLeg
        {
            Market = leg.Market,
            Side = leg.Side,
            Stage = LegStage.InBook,
            Order = order.Id,
            BankruptcyPrice = bankruptcy,
            Target = leg.Quantity.Sign > 0 ? lots : -lots,
        });
        context.Emit(state.Id, leg.Market, new LiquidationOrdered
        {
            Liquidation = c.Id,
            Order = order.Id,
            Quantity = leg.Quantity.Sign > 0 ? lots : -lots,
            Position = leg.Quantity,
            BankruptcyPrice = bankruptcy,
            Limit = limit,
            Mark = mark,
            Equity = figures.Equity,
            Maintenance = figures.Maintenance,
            Share = share,
            PositionMaintenance = maintenance,
            Tier = spec.Tiers.IndexOf(LegMath.Notional(spec, leg.Quantity, mark)) + 1,
            PositionSide = leg.Side,
        });
        OrderEntry.Send(state, order, default, c.Id, context);
    }

    /// <summary>The order's limit: BP on the nearest tick that is no worse, or, where any price is allowed, the market's take bound.</summary>
    private static Price Limit(VenueProfile profile, MarketSpec spec, Side side, Price bankruptcy, Price mark)
    {
        if (profile.Liquidation.AnyPrice) return OrderShape.BoundTick(spec, side, mark, spec.TakeBound);
        return side == Side.Buy ? OrderShape.AtLeastOneTick(spec, spec.TickDown(bankruptcy)) : spec.TickUp(bankruptcy);
    }

    /// <summary>
    /// The reducing order is done. Filled whole, or the pool is sound now: go on. Otherwise the book did not take all, and the rest goes
    /// to the fund at a bankruptcy price worked out anew.
    /// </summary>
    private static void BookDone(AccountState state, LiquidationCase c, int index, StepContext context)
    {
        LiquidationLeg leg = c.Legs[index];
        leg.Order = OrderId.None;
        EmitStep(state, c, leg, LiquidationStage.BookTried, context);
        int i = state.Legs.Find(leg.Market, leg.Side);
        PoolFigures figures = Figures(state, c, context);
        bool gone = i < 0 || state.Legs[i].Quantity.Sign != leg.Target.Sign;
        if (leg.Target.IsZero || gone || IsSoundAfterFee(state, c, figures))
        {
            c.Legs.RemoveAt(index);
            Advance(state, c, context);
            return;
        }

        if (PausedMarket(state, new PoolId(state.Id, c.Market, c.Side), context) is { IsNone: false })
        {
            // No bankruptcy price can be trusted now; what is left is worked out anew when prices are back.
            c.Legs.RemoveAt(index);
            Advance(state, c, context);
            return;
        }

        ref readonly Leg position = ref state.Legs[i];
        if (leg.Target.Abs > position.Quantity.Abs) leg.Target = position.Quantity;
        MarketSpec spec = state.Profile[leg.Market];
        Price mark = context.Prices.Mark(leg.Market);
        Amount maintenance = LegMath.MaintenanceUp(spec, position.Quantity, mark);
        leg.BankruptcyPrice = BankruptcyPrice.Of(spec, position.Quantity, mark, figures.Equity, maintenance, figures.Maintenance);
        leg.Stage = LegStage.AtFund;
        c.Legs[index] = leg;
        EmitStep(state, c, leg, LiquidationStage.FundAsked, context);
        AskFund(leg, c, forced: false, context);
    }

    /// <summary>A leg's fund or deleveraging stage is over: judge again.</summary>
    private static void EndStep(AccountState state, LiquidationCase c, int index, LiquidationStage stage, StepContext context)
    {
        InvariantViolation.Check(c.Legs[index].Stage >= LegStage.AtFund, "a takeover ends a leg that waits for the fund");
        EmitStep(state, c, c.Legs[index], stage, context);
        c.Legs.RemoveAt(index);
        Advance(state, c, context);
    }

    private static void AskFund(in LiquidationLeg leg, LiquidationCase c, bool forced, StepContext context) =>
        context.Send(ActorId.Fund, new RequestTakeover
        {
            Liquidation = c.Id,
            Quantity = leg.Target,
            Price = leg.BankruptcyPrice,
            Mark = context.Prices.Mark(leg.Market),
            Market = leg.Market,
            PositionSide = leg.Side,
            Forced = forced,
        });

    public static PoolFigures Figures(AccountState state, LiquidationCase c, StepContext context)
    {
        int i = c.IsCross ? -1 : state.Legs.Find(c.Market, c.Side);
        InvariantViolation.Check(c.IsCross || i >= 0, "an isolated liquidation's leg exists until its end");
        PoolView view = c.IsCross ? state.CrossPool : state.IsolatedPool(i);
        return view.Judge(state.Profile, context.Prices.Marks, context.Prices.Indexes);
    }

    private static bool IsInPool(LiquidationCase c, in Leg leg) => c.IsCross
        ? leg.Mode == MarginMode.Cross
        : leg.Market == c.Market && leg.Side == c.Side;

    /// <summary>
    /// The first paused market that the pool has a position in (in id order), or whose price values its collateral; none if there is none.
    /// </summary>
    private static MarketId PausedMarket(AccountState state, PoolId pool, StepContext context)
    {
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            bool inPool = pool.IsCross ? leg.Mode == MarginMode.Cross : leg.Market == pool.Market && leg.Side == pool.Side;
            if (inPool && !leg.Quantity.IsZero && context.Prices.Pause(leg.Market) != PauseReason.None) return leg.Market;
        }

        return pool.IsCross ? CollateralSale.PausedMarket(state, context.Prices) : MarketId.None;
    }

    private static void EmitStep(AccountState state, LiquidationCase c, in LiquidationLeg leg, LiquidationStage stage, StepContext context)
    {
        PoolFigures figures = Figures(state, c, context);
        context.Emit(state.Id, leg.Market, new LiquidationStepped
        {
            Liquidation = c.Id,
            Equity = figures.Equity,
            Maintenance = figures.Maintenance,
            Position = leg.Target,
            Price = leg.BankruptcyPrice,
            PositionSide = leg.Side,
            Stage = stage,
        });
    }

    private static LiquidationCase? Find(AccountState state, LiquidationId id) => state.Liquidations?.Find(c => c.Id == id);

    private static LiquidationCase Expect(AccountState state, LiquidationId id) =>
        Find(state, id) ?? throw new InvariantViolation($"{state.Id} has no {id}");
}
