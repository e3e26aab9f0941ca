using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Up to five (for cancels ten) at once: what is wrong with one is answered in its place, the others go on.</summary>
internal static class BatchOperations
{
    private const int MaxOrders = 5;
    private const int MaxCancels = 10;
    private static readonly BinanceError s_size = new(-4082, "Invalid number of batch place orders.");
    private static readonly BinanceError s_cancels = new(-4032, "Exceed maximum cancel order size.");

    public static IReadOnlyList<Operation> All { get; } =
    [
        OrderOperations.Trade("batchOrders", "POST", "/fapi/v1/batchOrders", PlaceAsync) with { Weight = 5, Orders = 5 },
        OrderOperations.Trade("amendBatchOrders", "PUT", "/fapi/v1/batchOrders", AmendAsync) with { Weight = 5, Orders = 5 },
        OrderOperations.Trade("cancelBatchOrders", "DELETE", "/fapi/v1/batchOrders", CancelAsync),
    ];

    private static async ValueTask<BinanceError?> PlaceAsync(CallContext call)
    {
        List<CallParameters>? members = Members(call, out BinanceError? error);
        if (members is null) return error;
        var drafts = new OrderDraft[members.Count];
        var errors = new BinanceError?[members.Count];
        var commands = new List<Message>(members.Count);
        for (int i = 0; i < members.Count; i++)
        {
            drafts[i] = OrderReader.Read(call.Markets, members[i], algo: false, call.Now);
            errors[i] = members[i].Error;
            if (errors[i] is null && drafts[i].Match != PriceMatch.None)
            {
                (drafts[i], errors[i]) = await OrderPlacing.MatchPriceAsync(call, drafts[i]);
            }

            if (errors[i] is null) commands.Add(call.Command(drafts[i].Command));
        }

        IReadOnlyList<CommandAnswer> answers = commands.Count == 0 ? [] : await call.Exchange.SubmitAsync(commands);
        call.Json.WriteStartArray();
        int next = 0;
        for (int i = 0; i < drafts.Length; i++)
        {
            BinanceError? failed = errors[i] ?? OrderPlacing.WriteAnswer(call, drafts[i], answers[next++], algo: false);
            if (failed is not null) ErrorJson.Write(call.Json, failed);
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static async ValueTask<BinanceError?> AmendAsync(CallContext call)
    {
        List<CallParameters>? members = Members(call, out BinanceError? error);
        if (members is null) return error;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        var changes = new OrderChange[members.Count];
        var errors = new BinanceError?[members.Count];
        for (int i = 0; i < members.Count; i++)
        {
            MarketFormat market = members[i].Market(call.Markets);
            OrderName name = OrderName.Read(members[i]);
            errors[i] = members[i].Error;
            if (errors[i] is not null) continue;
            (changes[i], errors[i]) = await OrderChanging.ReadAmendAsync(call, members[i], account, market, name);
        }

        await SubmitAsync(call, changes, errors);
        return null;
    }

    private static async ValueTask<BinanceError?> CancelAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        if (call.Fault is { } fault) return fault;
        List<OrderName>? names = Names(call.Parameters);
        if (names is null) return call.Fault ?? BinanceError.MissingEither("orderIdList", "origClientOrderIdList");
        if (names.Count is 0 or > MaxCancels) return s_cancels;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        var changes = new OrderChange[names.Count];
        var errors = new BinanceError?[names.Count];
        for (int i = 0; i < names.Count; i++)
        {
            (changes[i], errors[i]) = await OrderChanging.FindCancelAsync(call, account, market, names[i]);
        }

        await SubmitAsync(call, changes, errors);
        return null;
    }

    private static async ValueTask SubmitAsync(CallContext call, OrderChange[] changes, BinanceError?[] errors)
    {
        var commands = new List<Message>(changes.Length);
        for (int i = 0; i < changes.Length; i++)
        {
            if (errors[i] is null) commands.Add(changes[i].Command);
        }

        IReadOnlyList<CommandAnswer> answers = commands.Count == 0 ? [] : await call.Exchange.SubmitAsync(commands);
        call.Json.WriteStartArray();
        int next = 0;
        for (int i = 0; i < changes.Length; i++)
        {
            BinanceError? failed = errors[i] ?? await OrderChanging.WriteAsync(call, changes[i], answers[next++]);
            if (failed is not null) ErrorJson.Write(call.Json, failed);
        }

        call.Json.WriteEndArray();
    }

    /// <summary>The members of batchOrders, each as parameters of its own.</summary>
    private static List<CallParameters>? Members(CallContext call, out BinanceError? error)
    {
        error = null;
        if (!call.Parameters.TryGet("batchOrders", out ReadOnlySpan<char> text))
        {
            error = BinanceError.Missing("batchOrders");
            return null;
        }

        List<CallParameters>? members = JsonParameters.ReadArray(text, MaxOrders + 1);
        if (members is null) error = BinanceError.Invalid("batchOrders");
        else if (members.Count is 0 or > MaxOrders) error = s_size;
        return error is null ? members : null;
    }

    /// <summary>Both spellings that clients use; null where neither list can be read.</summary>
    private static List<OrderName>? Names(CallParameters p)
    {
        foreach (string list in (ReadOnlySpan<string>)["orderIdList", "orderidlist", "origClientOrderIdList", "origclientorderidlist"])
        {
            if (!p.TryGet(list, out ReadOnlySpan<char> text)) continue;
            List<string>? values = JsonParameters.ReadValues(text, MaxCancels + 1);
            if (values is null)
            {
                p.Fail(BinanceError.Invalid(list));
                return null;
            }

            bool byId = list[1] == 'r' && list[2] == 'd';
            var names = new List<OrderName>(values.Count);
            foreach (string value in values)
            {
                bool good = TryName(value, byId, out OrderName name);
                if (!good)
                {
                    p.Fail(BinanceError.Invalid(list));
                    return null;
                }

                names.Add(name);
            }

            return names;
        }

        return null;
    }

    private static bool TryName(string value, bool byId, out OrderName name)
    {
        name = default;
        if (byId)
        {
            bool read = long.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long id);
            name = new OrderName(id, default);
            return read && id > 0;
        }

        bool good = ClientOrderId.TryParse(value, out ClientOrderId clientId);
        name = new OrderName(0, clientId);
        return good;
    }
}
