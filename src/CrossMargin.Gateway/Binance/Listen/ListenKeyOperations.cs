using CrossMargin.Hosting;

namespace CrossMargin.Gateway.Binance;

/// <summary>Listen keys for the user data stream.</summary>
internal static class ListenKeyOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        Key("startUserDataStream", "POST", OpenAsync) with { WebSocketMethods = ["userDataStream.start"] },
        Key("keepaliveUserDataStream", "PUT", ExtendAsync) with { WebSocketMethods = ["userDataStream.ping"] },
        Key("closeUserDataStream", "DELETE", CloseAsync) with { WebSocketMethods = ["userDataStream.stop"] },
    ];

    private static Operation Key(string name, string method, OperationHandler handler) => new()
    {
        Name = name,
        Group = "User data stream",
        Method = method,
        Path = "/fapi/v1/listenKey",
        Security = CallSecurity.Key,
        Scope = KeyScopes.Read,
        Handler = handler,
    };

    private static ValueTask<BinanceError?> OpenAsync(CallContext call)
    {
        Write(call, call.Services.ListenKeys.Open(call.Grant!.Account, call.Grant.Key.ApiKey));
        return default;
    }

    private static ValueTask<BinanceError?> ExtendAsync(CallContext call)
    {
        ListenKey? key = call.Services.ListenKeys.Extend(call.Grant!.Account, call.Grant.Key.ApiKey);
        if (key is null) return new(BinanceError.NoListenKey);
        Write(call, key);
        return default;
    }

    private static ValueTask<BinanceError?> CloseAsync(CallContext call)
    {
        if (!call.Services.ListenKeys.Close(call.Grant!.Account)) return new(BinanceError.NoListenKey);
        call.Json.WriteStartObject();
        call.Json.WriteEndObject();
        return default;
    }

    private static void Write(CallContext call, ListenKey key)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("listenKey"u8, key.Text);
        call.Json.WriteEndObject();
    }
}
