using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Liquidation;
using CrossMargin.Model;

namespace CrossMargin.Engine.Accounts;

/// <summary>What markets answer about orders and conditional orders, other than fills.</summary>
internal static class MarketReplies
{
    public static void OnOrderUpdate(AccountState state, in OrderUpdate update, StepContext context)
    {
        int i = state.Orders.Find(update.Order);
        if (update.What is OrderUpdateKind.CancelRefused)
        {
            // The order ended before the cancel arrived; whatever ended it has been told already.
            if (context.Cause != CommandId.None) RefuseCommand(state, MessageKind.CancelOrder, update, context);
            return;
        }

        if (update.What is OrderUpdateKind.AmendRefused)
        {
            OrderId order = update.Order;
            state.Amends?.RemoveAll(a => a.Order == order);
            RefuseCommand(state, MessageKind.AmendOrder, update, context);
            return;
        }

        InvariantViolation.Check(i >= 0, "5: an update belongs to an open order");
        switch (update.What)
        {
            case OrderUpdateKind.Accepted:
                state.Orders[i].IsResting = true;
                break;
            case OrderUpdateKind.Reduced:
                Reduce(state, i, update, context);
                break;
            case OrderUpdateKind.Amended:
                Amend(state, i, update, context);
                break;
            case OrderUpdateKind.Refused or OrderUpdateKind.Ended:
                End(state, i, update, context);
                break;
            default:
                throw new InvariantViolation($"order update {update.What} is not known");
        }
    }

    public static void OnTriggerUpdate(AccountState state, in TriggerUpdate update, StepContext context)
    {
        if (update.Status == AlgoStatus.New) return;
        AlgoId algo = update.Algo;
        int i = state.Triggers?.FindIndex(t => t.Id == algo) ?? -1;
        if (i < 0)
        {
            Refusal refusal = update.Refusal;
            if (context.Cause != CommandId.None && !refusal.IsNone)
            {
                context.Emit(state.Id, update.Market, new CommandRefused { Refusal = refusal, Command = MessageKind.CancelTrigger });
            }

            return;
        }

        state.Triggers!.RemoveAt(i);
        context.Emit(state.Id, update.Market, new TriggerEnded
        {
            Algo = update.Algo,
            Refusal = update.Refusal,
            Status = update.Status,
            Reason = update.Reason,
        });
    }

    private static void Reduce(AccountState state, int i, in OrderUpdate update, StepContext context)
    {
        ref OpenOrder open = ref state.Orders[i];
        state.RemoveLots(open, update.Canceled);
        open.Leaves -= update.Canceled;
        open.Quantity -= update.Canceled;
        open.UpdatedAt = context.Now;
        InvariantViolation.Check(open.Leaves == update.Leaves && open.Leaves.Lots > 0, "5: filled + open + cancelled = size");
        context.Emit(state.Id, update.Market, new OrderReduced
        {
            Order = open.Id,
            Canceled = update.Canceled,
            Quantity = open.Quantity,
            Leaves = open.Leaves,
        });
    }

    private static void Amend(AccountState state, int i, in OrderUpdate update, StepContext context)
    {
        ref OpenOrder open = ref state.Orders[i];
        OrderId id = open.Id;
        state.Amends?.RemoveAll(a => a.Order == id);
        state.RemoveLots(open, open.Leaves);
        int leg = state.Legs.Find(open.Market, open.PositionSide);
        state.Legs.OrdersAt(leg).Count--;
        open.Price = update.Price;
        open.Quantity = update.Quantity;
        open.Leaves = update.Leaves;
        open.MarkAtPlacement = context.Prices.Mark(open.Market);
        open.UpdatedAt = context.Now;
        state.AddLoad(open);
        context.Emit(state.Id, open.Market, new OrderAmended
        {
            Order = open.Id,
            Quantity = open.Quantity,
            Leaves = open.Leaves,
            Price = open.Price,
        });
    }

    private static void End(AccountState state, int i, in OrderUpdate update, StepContext context)
    {
        ref OpenOrder open = ref state.Orders[i];
        InvariantViolation.Check(open.Leaves == update.Canceled, "5: filled + open + cancelled = size");
        context.Emit(state.Id, update.Market, new OrderEnded
        {
            Order = open.Id,
            Refusal = update.Refusal,
            Quantity = open.Quantity,
            Cumulative = open.Filled,
            Price = open.Price,
            Status = update.Status,
            Reason = update.Reason,
            Side = open.Side,
            PositionSide = open.PositionSide,
        });
        state.RemoveOrder(i);
        LiquidationRun.OnOrderEnded(state, update.Order, context);
    }

    private static void RefuseCommand(AccountState state, MessageKind command, in OrderUpdate update, StepContext context) =>
        context.Emit(state.Id, update.Market, new CommandRefused { Refusal = update.Refusal, Order = update.Order, Command = command });
}
