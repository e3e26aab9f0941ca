using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>Placing orders: the checks in order of precedence, the reservation, and the message to the market.</summary>
internal static class OrderEntry
{
    // :: Step 3 of docs/ARCHITECTURE.md: the account checks shape, filters, state and margin
    public static void Place(AccountState state, in PlaceOrder order, StepContext context)
    {
        Refusal refusal = Check(state, order, context);
        if (!refusal.IsNone)
        {
            Refuse(state, refusal, order, context);
            return;
        }

        if (order.Type.IsConditional())
        {
            SendTrigger(state, order, context);
            return;
        }

        MarketSpec spec = state.Profile[order.Market];
        var draft = new Draft
        {
            Spec = spec,
            Side = order.Side,
            PositionSide = order.PositionSide,
            Type = order.Type,
            TimeInForce = order.Type == OrderType.Market && order.TimeInForce == TimeInForce.Gtc ? TimeInForce.Ioc : order.TimeInForce,
            SelfTradePrevention = order.SelfTradePrevention,
            Flags = order.Flags | (order.Type == OrderType.Market ? OrderFlags.Market : 0),
            Quantity = order.Quantity,
            Price = order.Price,
            GoodTill = order.GoodTill,
            ClientOrderId = order.ClientOrderId,
        };
        refusal = Submit(state, draft, context, out _);
        if (!refusal.IsNone) Refuse(state, refusal, order, context);
    }

    /// <summary>
    /// A conditional order's price was reached. It is checked like a new order, without the filters it passed when it was placed, and
    /// becomes an order; or it is refused, and that ends it.
    /// </summary>
    public static void Fire(AccountState state, in TriggerFired fired, StepContext context)
    {
        AlgoId algo = fired.Algo;
        int at = state.Triggers?.FindIndex(t => t.Id == algo) ?? -1;
        if (at < 0) return; // cancelled by a freeze while the firing was on its way
        ClientOrderId clientId = state.Triggers![at].ClientOrderId;
        state.Triggers.RemoveAt(at);
        bool marketType = fired.Type.IsMarketType();
        bool closes = (fired.Flags & OrderFlags.ClosePosition) != 0;
        var draft = new Draft
        {
            Spec = state.Profile[fired.Market],
            Algo = fired.Algo,
            Side = fired.Side,
            PositionSide = fired.PositionSide,
            Type = marketType ? OrderType.Market : OrderType.Limit,
            TimeInForce = marketType ? TimeInForce.Ioc : fired.TimeInForce,
            SelfTradePrevention = fired.SelfTradePrevention,
            Flags = (fired.Flags & ~(OrderFlags.ClosePosition | OrderFlags.PriceProtect)) | OrderFlags.FromTrigger
                | (marketType ? OrderFlags.Market : 0) | (closes ? OrderFlags.ReduceOnly : 0),
            Quantity = closes ? fired.PositionQuantity.Abs : fired.Quantity,
            Price = marketType ? Price.None : fired.Price,
            GoodTill = fired.GoodTill,
            ClientOrderId = clientId,
        };
        Refusal refusal = marketType ? CheckPriced(fired.Market, context.Prices) : Refusal.None;
        if (refusal.IsNone) refusal = CheckState(state, fired.Market, fired.Side, fired.PositionSide, draft.Flags, context);
        if (refusal.IsNone) refusal = CheckReduceOnly(state, fired.Market, fired.Side, fired.PositionSide, draft.Flags);
        if (refusal.IsNone) refusal = CheckAdds(state, fired.Side, fired.PositionSide, draft.Flags);
        if (refusal.IsNone && draft.Quantity.IsZero) refusal = Refusal.Because(RejectReason.ReduceOnlyWithoutPosition);
        OrderId id = OrderId.None;
        if (refusal.IsNone) refusal = Submit(state, draft, context, out id);
        context.Emit(state.Id, fired.Market, new TriggerEnded
        {
            Algo = fired.Algo,
            Order = id,
            Refusal = refusal,
            Status = refusal.IsNone ? AlgoStatus.Triggered : AlgoStatus.Rejected,
            Reason = refusal.Reason is >= RejectReason.NotionalAboveTierLimit and < RejectReason.WouldImmediatelyTrigger
                ? CancelReason.MarginShort : CancelReason.None,
        });
    }

    /// <summary>What forbids any new order on a leg: its pool is in liquidation, or the market holds the account for a round.</summary>
    public static Refusal CheckFrozen(AccountState state, MarketId market, PositionSide side, bool reduceOnly)
    {
        if (state.Liquidations is { Count: > 0 })
        {
            int i = state.Legs.Find(market, side);
            bool isolated = i >= 0 && state.Legs[i].Mode == MarginMode.Isolated;
            bool frozen = isolated
                ? state.LiquidationOf(market, side) is not null || (!reduceOnly && state.CrossLiquidation is not null)
                : state.CrossLiquidation is not null;
            if (frozen) return Refusal.Because(RejectReason.InLiquidation);
        }

        return state.HeldByRound != 0 && state.HeldByMarket == market
            ? Refusal.Because(RejectReason.HeldForDeleveraging)
            : Refusal.None;
    }

    private static Refusal Check(AccountState state, in PlaceOrder order, StepContext context)
    {
        if (!state.Profile.Contains(order.Market)) return new Refusal(RejectReason.UnknownMarket, state.Profile.Markets.Count, order.Market.Value);
        Refusal refusal = OrderShape.CheckShape(order, context.Now);
        if (!refusal.IsNone) return refusal;
        MarketSpec spec = state.Profile[order.Market];
        PriceTable prices = context.Prices;
        if (prices.Pause(order.Market) == PauseReason.Halted) return Refusal.Because(RejectReason.MarketHalted);
        refusal = OrderFilters.Check(order, spec, prices.Mark(order.Market));
        if (!refusal.IsNone) return refusal;
        bool conditional = order.Type.IsConditional();
        int open = conditional ? state.CountTriggers(order.Market) : state.CountOrders(order.Market);
        int max = conditional ? spec.MaxOpenTriggers : spec.MaxOpenOrders;
        if (open >= max)
        {
            return new Refusal(conditional ? RejectReason.TooManyOpenTriggers : RejectReason.TooManyOpenOrders, max, open);
        }

        if (order.Type == OrderType.Market || prices.Mark(order.Market).IsNone) refusal = CheckPriced(order.Market, prices);
        if (refusal.IsNone) refusal = CheckState(state, order.Market, order.Side, order.PositionSide, order.Flags, context);
        if (refusal.IsNone && IsDuplicate(state, order.ClientOrderId)) refusal = Refusal.Because(RejectReason.DuplicateClientOrderId);
        if (refusal.IsNone && !conditional) refusal = CheckReduceOnly(state, order.Market, order.Side, order.PositionSide, order.Flags);
        return refusal.IsNone ? CheckAdds(state, order.Side, order.PositionSide, order.Flags) : refusal;
    }

    private static Refusal CheckPriced(MarketId market, PriceTable prices) => prices.Pause(market) == PauseReason.None
        ? Refusal.None
        : new Refusal(RejectReason.PriceUnavailable, 0, (long)prices.Pause(market));

    private static Refusal CheckState(
        AccountState state, MarketId market, Side side, PositionSide positionSide, OrderFlags flags, StepContext context)
    {
        bool closes = Closes(side, positionSide) || (flags & (OrderFlags.ReduceOnly | OrderFlags.ClosePosition)) != 0;
        // A stop that closes is not lost to a round: the market reads the holding again before the round closes it.
        bool fromTrigger = (flags & OrderFlags.FromTrigger) != 0;
        Refusal refusal = CheckFrozen(state, market, positionSide, closes);
        if (refusal.Reason == RejectReason.HeldForDeleveraging && closes && fromTrigger) refusal = Refusal.None;
        if (!refusal.IsNone) return refusal;
        return state.IsHedge == (positionSide == PositionSide.Both)
            ? new Refusal(RejectReason.PositionSideMismatch, state.IsHedge ? 1 : 0, (long)positionSide)
            : Refusal.None;
    }

    private static Refusal CheckReduceOnly(AccountState state, MarketId market, Side side, PositionSide positionSide, OrderFlags flags)
    {
        if ((flags & OrderFlags.ReduceOnly) == 0 && !Closes(side, positionSide)) return Refusal.None;
        int i = state.Legs.Find(market, positionSide);
        long held = i < 0 ? 0 : state.Legs[i].Quantity.Lots;
        bool nothingToClose = side == Side.Buy ? held >= 0 : held <= 0;
        return nothingToClose
            ? new Refusal(RejectReason.ReduceOnlyWithoutPosition, 0, held)
            : Refusal.None;
    }

    private static Refusal CheckAdds(AccountState state, Side side, PositionSide positionSide, OrderFlags flags)
    {
        bool closes = (flags & (OrderFlags.ReduceOnly | OrderFlags.ClosePosition)) != 0 || Closes(side, positionSide);
        return AccountClosing.CheckFrozen(state, adds: !closes);
    }

    /// <summary>In hedge mode a sell on the long leg and a buy on the short one can only close.</summary>
    private static bool Closes(Side side, PositionSide positionSide) =>
        (positionSide == PositionSide.Long && side == Side.Sell) || (positionSide == PositionSide.Short && side == Side.Buy);

    private static bool IsDuplicate(AccountState state, in ClientOrderId id)
    {
        if (id.IsNone) return false;
        return state.Orders.Find(id) >= 0 || IsTriggerName(state, id);
    }

    // Apart, because a lambda that captures would allocate at every call of its method.
    private static bool IsTriggerName(AccountState state, ClientOrderId id) =>
        state.Triggers?.Exists(t => t.ClientOrderId == id) ?? false;

    // :: Step 4: reserve, then hand the order to its market
    private static Refusal Submit(AccountState state, in Draft draft, StepContext context, out OrderId id)
    {
        id = OrderId.None;
        bool reduceOnly = (draft.Flags & OrderFlags.ReduceOnly) != 0 || Closes(draft.Side, draft.PositionSide);
        int leg = state.Legs.FindOrAdd(draft.Spec.Id, draft.PositionSide);
        Rate fee = draft.TimeInForce == TimeInForce.Gtx ? state.MakerFee : state.TakerFee;
        var check = new MarginCheck(state, context.Prices, leg, draft.Side, draft.Quantity, reduceOnly, fee, OrderId.None);
        Price mark = context.Prices.Mark(draft.Spec.Id);
        Price price = draft.Price;
        Refusal refusal = draft.Type == OrderType.Market
            ? check.FindBound(OrderShape.BoundTick(draft.Spec, draft.Side, mark, draft.Spec.TakeBound), out price)
            : check.At(price);
        if (!refusal.IsNone)
        {
            state.Legs.Tidy(leg);
            return refusal;
        }

        id = new OrderId(state.TakeId());
        var order = new OpenOrder
        {
            Id = id,
            Algo = draft.Algo,
            Price = price,
            MarkAtPlacement = mark,
            Quantity = draft.Quantity,
            Leaves = draft.Quantity,
            Market = draft.Spec.Id,
            Flags = reduceOnly ? draft.Flags | OrderFlags.ReduceOnly : draft.Flags,
            Side = draft.Side,
            PositionSide = draft.PositionSide,
            TimeInForce = draft.TimeInForce,
            Type = draft.Type,
            GoodTill = draft.GoodTill,
            SelfTradePrevention = draft.SelfTradePrevention,
        };
        Send(state, order, draft.ClientOrderId, LiquidationId.None, context);
        return Refusal.None;
    }

    /// <summary>Reserves for an order that has passed its checks, announces it and sends it off.</summary>
    public static void Send(
        AccountState state, OpenOrder order, in ClientOrderId clientId, LiquidationId liquidation, StepContext context)
    {
        order.CreatedAt = order.UpdatedAt = context.Now;
        state.Orders.Add(order, clientId);
        state.AddLoad(order);
        context.Emit(state.Id, order.Market, new OrderAccepted
        {
            Order = order.Id,
            Algo = order.Algo,
            Quantity = order.Quantity,
            Price = order.Price,
            GoodTill = order.GoodTill,
            Liquidation = liquidation,
            Flags = order.Flags,
            Side = order.Side,
            PositionSide = order.PositionSide,
            TimeInForce = order.TimeInForce,
            Type = order.Type,
            SelfTradePrevention = order.SelfTradePrevention,
            ClientOrderId = clientId,
        });
        context.Send(ActorId.Of(order.Market), new SubmitOrder
        {
            Order = order.Id,
            Algo = order.Algo,
            Liquidation = liquidation,
            Price = order.Price,
            Quantity = order.Quantity,
            GoodTill = order.GoodTill,
            MakerFee = state.MakerFee,
            TakerFee = state.TakerFee,
            Flags = order.Flags,
            Side = order.Side,
            PositionSide = order.PositionSide,
            TimeInForce = order.TimeInForce,
            SelfTradePrevention = order.SelfTradePrevention,
        });
    }

    private static void SendTrigger(AccountState state, in PlaceOrder order, StepContext context)
    {
        var id = new AlgoId(state.TakeId());
        (state.Triggers ??= []).Add(new OpenTrigger
        {
            Id = id,
            Quantity = order.Quantity,
            Price = order.Price,
            TriggerPrice = order.TriggerPrice,
            ActivationPrice = order.ActivationPrice,
            CallbackRate = order.CallbackRate,
            GoodTill = order.GoodTill,
            CreatedAt = context.Now,
            Market = order.Market,
            Flags = order.Flags,
            Side = order.Side,
            PositionSide = order.PositionSide,
            Type = order.Type,
            TimeInForce = order.TimeInForce,
            SelfTradePrevention = order.SelfTradePrevention,
            TriggerSource = order.TriggerSource,
            ClientOrderId = order.ClientOrderId,
        });
        context.Emit(state.Id, order.Market, new TriggerAccepted
        {
            Algo = id,
            Quantity = order.Quantity,
            Price = order.Price,
            TriggerPrice = order.TriggerPrice,
            ActivationPrice = order.ActivationPrice,
            CallbackRate = order.CallbackRate,
            GoodTill = order.GoodTill,
            Flags = order.Flags,
            Side = order.Side,
            PositionSide = order.PositionSide,
            Type = order.Type,
            TimeInForce = order.TimeInForce,
            TriggerSource = order.TriggerSource,
            ClientOrderId = order.ClientOrderId,
        });
        context.Send(ActorId.Of(order.Market), new SubmitTrigger
        {
            Algo = id,
            Quantity = order.Quantity,
            Price = order.Price,
            TriggerPrice = order.TriggerPrice,
            ActivationPrice = order.ActivationPrice,
            CallbackRate = order.CallbackRate,
            GoodTill = order.GoodTill,
            Flags = order.Flags,
            Side = order.Side,
            PositionSide = order.PositionSide,
            Type = order.Type,
            TimeInForce = order.TimeInForce,
            SelfTradePrevention = order.SelfTradePrevention,
            TriggerSource = order.TriggerSource,
        });
    }

    private static void Refuse(AccountState state, Refusal refusal, in PlaceOrder order, StepContext context) =>
        context.Emit(state.Id, order.Market, new CommandRefused
        {
            Refusal = refusal,
            Command = MessageKind.PlaceOrder,
            ClientOrderId = order.ClientOrderId,
        });

    /// <summary>An order that has passed all checks but margin.</summary>
    private struct Draft
    {
        public MarketSpec Spec;
        public AlgoId Algo;
        public Quantity Quantity;
        public Price Price;
        public Timestamp GoodTill;
        public OrderFlags Flags;
        public Side Side;
        public PositionSide PositionSide;
        public OrderType Type;
        public TimeInForce TimeInForce;
        public SelfTradePrevention SelfTradePrevention;
        public ClientOrderId ClientOrderId;
    }
}
