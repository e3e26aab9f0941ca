using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>From a draft to the answer: the order's fate is read from the events of its own command alone.</summary>
internal static class OrderPlacing
{
    /// <summary>Sets the price that priceMatch asks for; an error where the book has no such level.</summary>
    public static async ValueTask<(OrderDraft Draft, BinanceError? Error)> MatchPriceAsync(CallContext call, OrderDraft draft)
    {
        if (draft.Match == PriceMatch.None) return (draft, null);
        draft.Command.Price = await PriceMatches.PriceAsync(call.Exchange, draft.Market.Id, draft.Command.Side, draft.Match);
        return (draft, draft.Command.Price.IsNone ? PriceMatches.NoDepth : null);
    }

    /// <summary>Writes the order as it stands after its command; null, or why it was refused.</summary>
    public static BinanceError? WriteAnswer(CallContext call, in OrderDraft draft, CommandAnswer answer, bool algo)
    {
        if (answer.Unavailable is not null) return BinanceError.Unavailable;
        var image = OrderImage.Of(draft.Market, draft.Command, answer.Time);
        image.PriceMatch = draft.Match;
        OrderId order = OrderId.None;
        AlgoId trigger = AlgoId.None;
        for (int i = 0; i < answer.Events.Count; i++)
        {
            Event e = answer.Events[i];
            BinanceError? refused = RefusalOf(e, order, trigger, draft.Market);
            if (refused is not null) return refused;
            if (e.Kind == EventKind.OrderAccepted && order.IsNone)
            {
                order = e.Body<OrderAccepted>().Order;
                image.Id = order.Value;
                image.Flags |= e.Body<OrderAccepted>().Flags & OrderFlags.ReduceOnly;
            }
            else if (e.Kind == EventKind.TriggerAccepted && trigger.IsNone)
            {
                trigger = e.Body<TriggerAccepted>().Algo;
                image.Id = trigger.Value;
            }
            else if (draft.WithResult)
            {
                image.Apply(e, order);
            }
        }

        if (order.IsNone && trigger.IsNone) return BinanceError.Unavailable;
        if (algo) AlgoJson.Write(call.Json, AlgoImage.Of(image));
        else OrderJson.Write(call.Json, image, withTime: false);
        return null;
    }

    private static BinanceError? RefusalOf(in Event e, OrderId order, AlgoId trigger, MarketFormat market)
    {
        switch (e.Kind)
        {
            case EventKind.CommandRefused:
                return RejectTable.Of(e.Body<CommandRefused>().Refusal, MessageKind.PlaceOrder, market);
            case EventKind.OrderEnded when e.Body<OrderEnded>().Order == order:
                Refusal refusal = e.Body<OrderEnded>().Refusal;
                return refusal.IsNone ? null : RejectTable.Of(refusal, MessageKind.PlaceOrder, market);
            case EventKind.TriggerEnded when e.Body<TriggerEnded>().Algo == trigger:
                Refusal atOnce = e.Body<TriggerEnded>().Refusal;
                return atOnce.IsNone ? null : RejectTable.Of(atOnce, MessageKind.PlaceOrder, market);
            default:
                return null;
        }
    }
}
