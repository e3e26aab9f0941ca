using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Conditional orders on Binance's path for them.</summary>
internal static class AlgoOperations
{
    private const string Group = "Conditional orders";
    private const long Week = 7L * 24 * 3_600_000;

    public static IReadOnlyList<Operation> All { get; } =
    [
        OrderOperations.Trade("newAlgoOrder", "POST", "/fapi/v1/algoOrder", PlaceAsync) with
        {
            Group = Group,
            Weight = 0,
            Orders = 1,
            WebSocketMethods = ["algoOrder.place"],
        },
        OrderOperations.Trade("cancelAlgoOrder", "DELETE", "/fapi/v1/algoOrder", CancelAsync) with
        {
            Group = Group,
            WebSocketMethods = ["algoOrder.cancel"],
        },
        OrderOperations.Trade("cancelAllAlgoOrders", "DELETE", "/fapi/v1/algoOpenOrders", CancelAllAsync) with
        {
            Group = Group,
            Note = "Orders of the classic path stay; DELETE /fapi/v1/allOpenOrders takes those",
        },
        OrderQueryOperations.Read("getAlgoOrder", "/fapi/v1/algoOrder", GetAsync, Group),
        OrderQueryOperations.Read("openAlgoOrders", "/fapi/v1/openAlgoOrders", ListOpenAsync, Group) with
        {
            WeightOf = c => c.Parameters.Has("symbol") ? 1 : 40,
        },
        OrderQueryOperations.Read("allAlgoOrders", "/fapi/v1/allAlgoOrders", ListAllAsync, Group) with { Weight = 5 },
    ];

    private static async ValueTask<BinanceError?> PlaceAsync(CallContext call)
    {
        OrderDraft draft = OrderReader.Read(call.Markets, call.Parameters, algo: true, call.Now);
        if (call.Fault is { } fault) return fault;
        CommandAnswer answer = await call.SubmitAsync(draft.Command);
        return OrderPlacing.WriteAnswer(call, draft, answer, algo: true);
    }

    private static async ValueTask<BinanceError?> CancelAsync(CallContext call)
    {
        OrderName name = OrderName.Read(call.Parameters, "algoId", "clientAlgoId");
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        OpenTriggerSnapshot? trigger = account is null ? null : Find(account, name);
        if (trigger is null) return BinanceError.UnknownOrder;
        CommandAnswer answer = await call.SubmitAsync(new CancelTrigger { Market = trigger.Market, Algo = trigger.Id });
        BinanceError? error = Answers.ErrorOf(answer, MessageKind.CancelTrigger, call.Markets[trigger.Market]);
        if (error is not null) return error;
        call.Json.WriteStartObject();
        call.Json.WriteNumber("algoId"u8, trigger.Id.Value);
        call.Json.WriteClientId("clientAlgoId"u8, trigger.ClientOrderId);
        call.Json.WriteString("code"u8, "200"u8);
        call.Json.WriteString("msg"u8, "success"u8);
        call.Json.WriteEndObject();
        return null;
    }

    private static async ValueTask<BinanceError?> CancelAllAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        var commands = new List<Message>();
        foreach (OpenTriggerSnapshot trigger in account.Triggers)
        {
            if (trigger.Market == market.Id && IsAlgo(trigger.Flags))
            {
                commands.Add(call.Command(new CancelTrigger { Market = market.Id, Algo = trigger.Id }));
            }
        }

        if (commands.Count > 0)
        {
            // One that triggered meanwhile is no failure of the whole.
            foreach (CommandAnswer answer in await call.Exchange.SubmitAsync(commands))
            {
                if (answer.Unavailable is not null) return BinanceError.Unavailable;
            }
        }

        ErrorJson.WriteDone(call.Json, "The operation of cancel all open order is done.");
        return null;
    }

    private static async ValueTask<BinanceError?> GetAsync(CallContext call)
    {
        OrderName name = OrderName.Read(call.Parameters, "algoId", "clientAlgoId");
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is not null && Find(account, name) is { } open)
        {
            AlgoJson.Write(call.Json, AlgoImage.Of(call.Markets[open.Market], open));
            return null;
        }

        TriggerRecord? trigger = await call.Services.History.TriggerAsync(
            call.Account, new AlgoId(name.Id), name.Id == 0 ? name.ClientId.ToString() : "");
        if (trigger is null || !IsAlgo(trigger.Flags)) return BinanceError.NoSuchOrder;
        AlgoJson.Write(call.Json, await ImageAsync(call, trigger));
        return null;
    }

    private static async ValueTask<BinanceError?> ListOpenAsync(CallContext call)
    {
        MarketFormat? market = call.Parameters.OptionalMarket(call.Markets);
        long id = call.Parameters.Whole("algoId", 0, 1, long.MaxValue);
        string type = call.Parameters.TextOr("algoType", "CONDITIONAL");
        if (type != "CONDITIONAL") call.Parameters.Fail(BinanceError.InvalidBecause("algoType", "only CONDITIONAL is supported."));
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        call.Json.WriteStartArray();
        foreach (OpenTriggerSnapshot trigger in account.Triggers)
        {
            bool wanted = (market is null || trigger.Market == market.Id) && (id == 0 || trigger.Id.Value == id);
            if (wanted && IsAlgo(trigger.Flags)) AlgoJson.Write(call.Json, AlgoImage.Of(call.Markets[trigger.Market], trigger));
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static async ValueTask<BinanceError?> ListAllAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        long from = call.Parameters.Whole("algoId", 0, 0, long.MaxValue);
        (long start, long end) = call.Parameters.Times(Week);
        int limit = call.Parameters.Limit(500, 1000);
        if (call.Fault is { } fault) return fault;
        IReadOnlyList<TriggerRecord> triggers =
            await call.Services.History.TriggersAsync(call.Account, market.Id, Pages.Of(start, end, from, limit));
        var images = new List<AlgoImage>(triggers.Count);
        foreach (TriggerRecord trigger in triggers)
        {
            if (IsAlgo(trigger.Flags)) images.Add(await ImageAsync(call, trigger));
        }

        call.Json.WriteStartArray();
        foreach (AlgoImage image in images) AlgoJson.Write(call.Json, image);
        call.Json.WriteEndArray();
        return null;
    }

    private static async ValueTask<AlgoImage> ImageAsync(CallContext call, TriggerRecord trigger)
    {
        OrderRecord? actual = trigger.Order.IsNone
            ? null
            : await call.Services.History.OrderAsync(call.Account, trigger.Order, AlgoId.None, "");
        return AlgoImage.Of(call.Markets[trigger.Market], trigger, actual);
    }

    private static OpenTriggerSnapshot? Find(AccountSnapshot account, in OrderName name)
    {
        foreach (OpenTriggerSnapshot trigger in account.Triggers)
        {
            if (IsAlgo(trigger.Flags) && name.Fits(trigger.Id.Value, trigger.ClientOrderId)) return trigger;
        }

        return null;
    }

    /// <summary>Orders of the classic path are seen there alone.</summary>
    private static bool IsAlgo(OrderFlags flags) => (flags & OrderFlags.ClassicTrigger) == 0;
}
