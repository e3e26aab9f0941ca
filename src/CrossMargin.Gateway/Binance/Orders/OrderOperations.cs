using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Placing, changing and cancelling single orders.</summary>
internal static class OrderOperations
{
    private const string Group = "Orders";

    public static IReadOnlyList<Operation> All { get; } =
    [
        Trade("newOrder", "POST", "/fapi/v1/order", PlaceAsync) with
        {
            Weight = 0,
            Orders = 1,
            WebSocketMethods = ["order.place"],
            Note = "Conditional types as before December 2025, under one id for their whole life; priceMatch is resolved at arrival",
        },
        Trade("testOrder", "POST", "/fapi/v1/order/test", TestAsync) with
        {
            Note = "Checks parameters, filters and the account's position mode; margin is not tried",
        },
        Trade("amendOrder", "PUT", "/fapi/v1/order", AmendAsync) with { Weight = 0, Orders = 1, WebSocketMethods = ["order.modify"] },
        Trade("cancelOrder", "DELETE", "/fapi/v1/order", CancelAsync) with { WebSocketMethods = ["order.cancel"] },
        Trade("cancelAllOrders", "DELETE", "/fapi/v1/allOpenOrders", CancelAllAsync) with
        {
            Note = "Also the conditional orders that came by /fapi/v1/order",
        },
        Trade("countdownCancelAll", "POST", "/fapi/v1/countdownCancelAll", CountdownAsync) with { Weight = 10 },
    ];

    public static Operation Trade(string name, string method, string path, OperationHandler handler) => new()
    {
        Name = name,
        Group = Group,
        Method = method,
        Path = path,
        Security = CallSecurity.Signed,
        Scope = KeyScopes.Trade,
        Handler = handler,
    };

    private static async ValueTask<BinanceError?> PlaceAsync(CallContext call)
    {
        OrderDraft draft = OrderReader.Read(call.Markets, call.Parameters, algo: false, call.Now);
        if (call.Fault is { } fault) return fault;
        if (draft.Match != PriceMatch.None)
        {
            (draft, BinanceError? none) = await OrderPlacing.MatchPriceAsync(call, draft);
            if (none is not null) return none;
        }

        CommandAnswer answer = await call.SubmitAsync(draft.Command);
        return OrderPlacing.WriteAnswer(call, draft, answer, algo: false);
    }

    private static async ValueTask<BinanceError?> TestAsync(CallContext call)
    {
        OrderDraft draft = OrderReader.Read(call.Markets, call.Parameters, algo: false, call.Now);
        if (call.Fault is { } fault) return fault;
        Refusal refusal = OrderFilters.Check(draft.Command, draft.Market.Spec, Price.None);
        if (!refusal.IsNone) return RejectTable.Of(refusal, MessageKind.PlaceOrder, draft.Market);
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        if (account.IsHedge == (draft.Command.PositionSide == PositionSide.Both))
        {
            return RejectTable.Of(Refusal.Because(RejectReason.PositionSideMismatch), MessageKind.PlaceOrder, draft.Market);
        }

        OrderJson.Write(call.Json, OrderImage.Of(draft.Market, draft.Command, call.Now), withTime: false);
        return null;
    }

    private static async ValueTask<BinanceError?> AmendAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        OrderName name = OrderName.Read(call.Parameters);
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        (OrderChange change, BinanceError? error) = await OrderChanging.ReadAmendAsync(call, call.Parameters, account, market, name);
        if (error is not null) return error;
        CommandAnswer answer = (await call.Exchange.SubmitAsync([change.Command]))[0];
        return await OrderChanging.WriteAsync(call, change, answer);
    }

    private static async ValueTask<BinanceError?> CancelAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        OrderName name = OrderName.Read(call.Parameters);
        if (call.Fault is { } fault) return fault;
        CancelAttempt attempt = await call.Exchange.CancelOrderAsync(
            call.Account, market.Id, new OrderId(name.Id), name.ClientId, call.Services.CommandIds.Next());
        if (attempt.Canceled is { } canceled) return await OrderChanging.WriteAsync(call, canceled);
        return attempt.MayBeConditional ? await CancelConditionalAsync(call, market, name) : BinanceError.UnknownOrder;
    }

    // No plain order of that name is open: there is none, or it came from the classic path of conditional orders.
    private static async ValueTask<BinanceError?> CancelConditionalAsync(CallContext call, MarketFormat market, OrderName name)
    {
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        (OrderChange change, BinanceError? error) = await OrderChanging.FindCancelAsync(call, account, market, name);
        if (error is not null) return error;
        CommandAnswer answer = (await call.Exchange.SubmitAsync([change.Command]))[0];
        return await OrderChanging.WriteAsync(call, change, answer);
    }

    private static async ValueTask<BinanceError?> CancelAllAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        var commands = new List<Message> { call.Command(new CancelAllOrders { Market = market.Id, Scope = CancelScope.Orders }) };
        foreach (OpenTriggerSnapshot trigger in account.Triggers)
        {
            if (trigger.Market == market.Id && (trigger.Flags & OrderFlags.ClassicTrigger) != 0)
            {
                commands.Add(call.Command(new CancelTrigger { Market = market.Id, Algo = trigger.Id }));
            }
        }

        return Done(call, (await call.Exchange.SubmitAsync(commands))[0], market, MessageKind.CancelAllOrders);

        static BinanceError? Done(CallContext call, CommandAnswer answer, MarketFormat market, MessageKind kind)
        {
            BinanceError? error = Answers.ErrorOf(answer, kind, market);
            if (error is null) ErrorJson.WriteDone(call.Json, "The operation of cancel all open order is done.");
            return error;
        }
    }

    private static async ValueTask<BinanceError?> CountdownAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        long milliseconds = call.Parameters.RequiredWhole("countdownTime", 0, long.MaxValue);
        if (call.Fault is { } fault) return fault;
        CommandAnswer answer = await call.SubmitAsync(new SetCountdown { Market = market.Id, Milliseconds = milliseconds });
        BinanceError? error = Answers.ErrorOf(answer, MessageKind.SetCountdown, market);
        if (error is not null) return error;
        call.Json.WriteStartObject();
        call.Json.WriteString("symbol"u8, market.Symbol);
        call.Json.WriteString("countdownTime"u8, milliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        call.Json.WriteEndObject();
        return null;
    }
}
