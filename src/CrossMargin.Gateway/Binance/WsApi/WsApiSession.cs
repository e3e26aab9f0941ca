using System.Net;
using System.Text.Json;
using CrossMargin.Gateway.Binance.Streams;

namespace CrossMargin.Gateway.Binance.WsApi;

/// <summary>One client's requests, answered in the order in which they came. Called by one thread at a time.</summary>
/// <param name="withLimits">Whether answers show the limits unless their request says otherwise.</param>
internal sealed class WsApiSession(
    StreamConnection connection, OperationRunner runner, CallContextPool pool, IPAddress? address, bool withLimits)
{
    private static readonly BinanceError s_logon = new(
        -1130,
        "session.logon is not supported by this exchange: it needs Ed25519 keys, and keys here are HMAC. Sign each request instead.");

    public async ValueTask HandleAsync(ReadOnlyMemory<byte> message)
    {
        CallContext call = pool.Take();
        try
        {
            call.WallTime = runner.Services.WallTime;
            call.Address = address;
            WsApiRequest request = WsApiRequest.Read(message, call.Parameters);
            (BinanceError? error, LimitResult admitted, LimitResult? orders) = await RunAsync(request, call).ConfigureAwait(false);
            connection.Enqueue(Encode(request, call, error, admitted, orders));
        }
        finally
        {
            pool.Return(call);
        }
    }

    private async ValueTask<(BinanceError? Error, LimitResult Admitted, LimitResult? Orders)> RunAsync(WsApiRequest request,
        CallContext call)
    {
        Operation? operation = request.Fault is null ? OperationTable.FindWebSocket(request.Method) : null;
        if (operation is null)
        {
            LimitResult charged = runner.Services.Limiter.Charge(address, 1, false);
            return (charged.Error ?? request.Fault ?? Unknown(request.Method), charged, null);
        }

        string? key = null;
        if (operation.Security != CallSecurity.None) key = call.Parameters.TryGet("apiKey", out ReadOnlySpan<char> text)
            ? text.ToString() : "";
        LimitResult admitted = runner.Admit(operation, call, key);
        BinanceError? error = admitted.Error ?? call.Fault;
        if (error is null && operation.Security == CallSecurity.Signed) error = CheckSigned(call);
        if (error is not null) return (error, admitted, null);
        LimitResult? orders = operation.Orders > 0 ? runner.AdmitOrders(operation, call) : null;
        error = orders?.Error ?? await runner.ExecuteAsync(operation, call).ConfigureAwait(false);
        return (error, admitted, orders);
    }

    private static BinanceError? CheckSigned(CallContext call)
    {
        if (!call.Parameters.Has("signature")) return BinanceError.Missing("signature");
        BinanceError? error = TimeRule.Check(call.Parameters, call.WallTime);
        if (error is not null) return error;
        return SortedSignature.Verify(call.Parameters, call.Grant!.Secret.Span) ? null : BinanceError.BadSignature;
    }

    private static BinanceError Unknown(string method) => method.StartsWith("session.", StringComparison.Ordinal)
        ? s_logon
        : new BinanceError(-5000, $"Method {StreamRequest.Shorten(method)} is invalid");

    private byte[] Encode(WsApiRequest request, CallContext call, BinanceError? error, in LimitResult admitted, in LimitResult? orders)
    {
        Utf8JsonWriter json = EventJson.Begin();
        json.WriteStartObject();
        json.WritePropertyName("id"u8);
        json.WriteRawValue(request.Id, skipInputValidation: true);
        json.WriteNumber("status"u8, error?.Status ?? 200);
        if (error is null)
        {
            json.WritePropertyName("result"u8);
            ReadOnlyMemory<byte> output = call.Output;
            json.WriteRawValue(output.IsEmpty ? "{}"u8 : output.Span, skipInputValidation: true);
        }
        else
        {
            json.WritePropertyName("error"u8);
            ErrorJson.Write(json, error);
        }

        if (request.WithLimits ?? withLimits) WriteLimits(json, admitted, orders);
        json.WriteEndObject();
        return EventJson.End();
    }

    private void WriteLimits(Utf8JsonWriter json, in LimitResult admitted, in LimitResult? orders)
    {
        BinanceOptions options = runner.Services.Options;
        json.WriteStartArray("rateLimits"u8);
        RateLimitJson.Write(json, "REQUEST_WEIGHT", "MINUTE", 1, options.WeightPerMinute, admitted.UsedWeight);
        if (orders is { } used)
        {
            RateLimitJson.Write(json, "ORDERS", "SECOND", 10, options.OrdersPer10Seconds, used.Orders10Seconds);
            RateLimitJson.Write(json, "ORDERS", "MINUTE", 1, options.OrdersPerMinute, used.OrdersMinute);
        }

        json.WriteEndArray();
    }
}
