using CrossMargin.Engine.Actors;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>Cancels, amends and the countdown: the account finds the order and, for an amend, the margin; the market decides.</summary>
internal static class OrderChanges
{
    /// <summary>One year of 366 days, in milliseconds.</summary>
    public const long LongestCountdown = 366L * 24 * 3_600_000;

    public static void Cancel(AccountState state, in CancelOrder cancel, StepContext context)
    {
        if (!state.Profile.Contains(cancel.Market))
        {
            RefuseUnknownMarket(state, cancel.Market, MessageKind.CancelOrder, context);
            return;
        }

        int i = Find(state, cancel.Order, cancel.ClientOrderId);
        if (i < 0 || state.Orders[i].Market != cancel.Market)
        {
            RefuseUnknown(state, cancel.Market, cancel.Order, cancel.ClientOrderId, MessageKind.CancelOrder, context);
            return;
        }

        RequestCancelOf(state.Orders[i], CancelReason.ByClient, context);
    }

    public static void CancelTrigger(AccountState state, in CancelTrigger cancel, StepContext context)
    {
        if (!state.Profile.Contains(cancel.Market))
        {
            RefuseUnknownMarket(state, cancel.Market, MessageKind.CancelTrigger, context);
            return;
        }

        AlgoId algo = cancel.Algo;
        ClientOrderId clientId = cancel.ClientOrderId;
        int i = state.Triggers?.FindIndex(t => algo.IsNone ? t.ClientOrderId == clientId && !clientId.IsNone : t.Id == algo) ?? -1;
        if (i < 0 || state.Triggers![i].Market != cancel.Market)
        {
            RefuseUnknown(state, cancel.Market, OrderId.None, clientId, MessageKind.CancelTrigger, context);
            return;
        }

        RequestCancelOf(state.Triggers[i], CancelReason.ByClient, context);
    }

    public static void CancelAll(AccountState state, in CancelAllOrders cancel, StepContext context)
    {
        if (!cancel.Market.IsNone && !state.Profile.Contains(cancel.Market))
        {
            RefuseUnknownMarket(state, cancel.Market, MessageKind.CancelAllOrders, context);
            return;
        }

        if ((cancel.Scope & CancelScope.Orders) != 0)
        {
            foreach (ref readonly OpenOrder order in state.Orders.Orders)
            {
                bool named = cancel.Market.IsNone || order.Market == cancel.Market;
                if (named && (order.Flags & OrderFlags.Liquidation) == 0) RequestCancelOf(order, CancelReason.ByClient, context);
            }
        }

        if ((cancel.Scope & CancelScope.Triggers) == 0 || state.Triggers is null) return;
        foreach (OpenTrigger trigger in state.Triggers)
        {
            if (cancel.Market.IsNone || trigger.Market == cancel.Market) RequestCancelOf(trigger, CancelReason.ByClient, context);
        }
    }

    public static void Amend(AccountState state, in AmendOrder amend, StepContext context)
    {
        if (!state.Profile.Contains(amend.Market))
        {
            RefuseUnknownMarket(state, amend.Market, MessageKind.AmendOrder, context);
            return;
        }

        int i = Find(state, amend.Order, amend.ClientOrderId);
        if (i < 0 || state.Orders[i].Market != amend.Market)
        {
            RefuseUnknown(state, amend.Market, amend.Order, amend.ClientOrderId, MessageKind.AmendOrder, context);
            return;
        }

        Refusal refusal = CheckAmend(state, i, amend, context);
        ref readonly OpenOrder order = ref state.Orders[i];
        if (!refusal.IsNone)
        {
            context.Emit(state.Id, amend.Market, new CommandRefused
            {
                Refusal = refusal,
                Order = order.Id,
                Command = MessageKind.AmendOrder,
                ClientOrderId = amend.ClientOrderId,
            });
            return;
        }

        Quantity leaves = Quantity.Max(Quantity.Zero, amend.Quantity - order.Filled);
        if (!order.IsReduceOnly)
        {
            (state.Amends ??= []).Add(new PendingAmend(order.Id, order.Market, order.PositionSide, order.Side, amend.Price, leaves));
        }

        context.Send(ActorId.Of(amend.Market), new RequestAmend
        {
            Order = order.Id,
            Quantity = amend.Quantity,
            Price = amend.Price,
            TakerFee = state.TakerFee,
        });
    }

    public static void Countdown(AccountState state, in SetCountdown countdown, StepContext context)
    {
        if (!state.Profile.Contains(countdown.Market))
        {
            RefuseUnknownMarket(state, countdown.Market, MessageKind.SetCountdown, context);
            return;
        }

        if (countdown.Milliseconds is < 0 or > LongestCountdown)
        {
            context.Emit(state.Id, countdown.Market, new CommandRefused
            {
                Refusal = new Refusal(RejectReason.InvalidAmount, LongestCountdown, countdown.Milliseconds),
                Command = MessageKind.SetCountdown,
            });
            return;
        }

        context.Send(ActorId.Of(countdown.Market), new RequestCountdown { Milliseconds = countdown.Milliseconds });
    }

    public static void RequestCancelOf(in OpenOrder order, CancelReason reason, StepContext context) =>
        context.Send(ActorId.Of(order.Market), new RequestCancel { Order = order.Id, Reason = reason });

    public static void RequestCancelOf(in OpenTrigger trigger, CancelReason reason, StepContext context) =>
        context.Send(ActorId.Of(trigger.Market), new RequestCancelTrigger { Algo = trigger.Id, Reason = reason });

    private static Refusal CheckAmend(AccountState state, int index, in AmendOrder amend, StepContext context)
    {
        ref readonly OpenOrder order = ref state.Orders[index];
        MarketSpec spec = state.Profile[amend.Market];
        bool otherSide = amend.Side != default && amend.Side != order.Side;
        if (otherSide) return new Refusal(RejectReason.InvalidSide, (long)order.Side, (long)amend.Side);
        if (order.Type != OrderType.Limit) return new Refusal(RejectReason.InvalidType, 0, (long)order.Type);
        if (amend.Quantity.Lots <= 0) return new Refusal(RejectReason.InvalidQuantity, 0, amend.Quantity.Lots);
        var replacement = new PlaceOrder
        {
            Market = amend.Market,
            Side = order.Side,
            Type = OrderType.Limit,
            Quantity = amend.Quantity,
            Price = amend.Price,
            Flags = order.Flags & OrderFlags.ReduceOnly,
        };
        if (amend.Price.Units <= 0) return new Refusal(RejectReason.InvalidPrice, 0, amend.Price.Units);
        if (context.Prices.Pause(amend.Market) == PauseReason.Halted) return Refusal.Because(RejectReason.MarketHalted);
        Refusal refusal = OrderFilters.Check(replacement, spec, context.Prices.Mark(amend.Market));
        if (refusal.IsNone) refusal = OrderEntry.CheckFrozen(state, amend.Market, order.PositionSide, order.IsReduceOnly);
        if (!refusal.IsNone) return refusal;
        OrderId id = order.Id;
        if (amend.Price == order.Price && amend.Quantity == order.Quantity) return Refusal.Because(RejectReason.NothingToChange);
        if (state.Amends?.Exists(a => a.Order == id) ?? false) return Refusal.Because(RejectReason.NothingToChange);
        refusal = AccountClosing.CheckFrozen(state, adds: !order.IsReduceOnly);
        if (!refusal.IsNone) return refusal;
        Quantity leaves = amend.Quantity - order.Filled;
        if (leaves.Lots <= 0) return Refusal.None;
        int leg = state.Legs.Find(order.Market, order.PositionSide);
        Rate fee = order.TimeInForce == TimeInForce.Gtx ? state.MakerFee : state.TakerFee;
        return new MarginCheck(state, context.Prices, leg, order.Side, leaves, order.IsReduceOnly, fee, id).At(amend.Price);
    }

    private static int Find(AccountState state, OrderId id, in ClientOrderId clientId) =>
        id.IsNone ? state.Orders.Find(clientId) : state.Orders.Find(id);

    private static void RefuseUnknown(
        AccountState state, MarketId market, OrderId order, in ClientOrderId clientId, MessageKind command, StepContext context) =>
        context.Emit(state.Id, market, new CommandRefused
        {
            Refusal = new Refusal(RejectReason.UnknownOrder, 0, order.Value),
            Order = order,
            Command = command,
            ClientOrderId = clientId,
        });

    private static void RefuseUnknownMarket(AccountState state, MarketId market, MessageKind command, StepContext context) =>
        context.Emit(state.Id, MarketId.None, new CommandRefused
        {
            Refusal = new Refusal(RejectReason.UnknownMarket, state.Profile.Markets.Count, market.Value),
            Command = command,
        });
}
