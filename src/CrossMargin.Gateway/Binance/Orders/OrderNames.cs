using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>How a client names an order: by id or by its own name.</summary>
internal readonly record struct OrderName(long Id, ClientOrderId ClientId)
{
    public static OrderName Read(CallParameters p, string id = "orderId", string clientId = "origClientOrderId")
    {
        long number = p.Whole(id, 0, 1, long.MaxValue);
        ClientOrderId name = number == 0 ? p.ClientId(clientId) : default;
        if (number == 0 && name.IsNone) p.Fail(BinanceError.MissingEither(id, clientId));
        return new OrderName(number, name);
    }

    public bool Fits(long id, in ClientOrderId clientId) => Id != 0 ? Id == id : clientId == ClientId && !clientId.IsNone;
}

/// <summary>Finds what a name means among the open orders: an order, or a conditional one of the classic path.</summary>
internal static class OpenOrders
{
    /// <summary>The open order of that name in the market, or null.</summary>
    public static OpenOrderSnapshot? Find(AccountSnapshot account, MarketId market, in OrderName name)
    {
        foreach (OpenOrderSnapshot order in account.Orders)
        {
            if (order.Market == market && name.Fits(OrderImage.ShownId(order.Flags, order.Id, order.Algo), order.ClientOrderId)) return order;
        }

        return null;
    }

    /// <summary>The conditional order of the classic path that waits, or null.</summary>
    public static OpenTriggerSnapshot? FindClassic(AccountSnapshot account, MarketId market, in OrderName name)
    {
        foreach (OpenTriggerSnapshot trigger in account.Triggers)
        {
            bool classic = (trigger.Flags & OrderFlags.ClassicTrigger) != 0;
            if (classic && trigger.Market == market && name.Fits(trigger.Id.Value, trigger.ClientOrderId)) return trigger;
        }

        return null;
    }

    /// <summary>An open order as it is shown; one that came from the classic path with what it was.</summary>
    public static async ValueTask<OrderImage> ImageAsync(CallContext call, OpenOrderSnapshot order)
    {
        OrderImage image = OrderImage.Of(call.Markets[order.Market], order);
        if (image.IsClassic) image.AddOrigin(await call.Services.History.TriggerAsync(call.Account, order.Algo, ""));
        return image;
    }
}
