using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CrossMargin.Gateway.Binance;

/// <summary>HTTP in front of the operations: raw query and body, key header, limits, signature, status and headers. Thread-safe.</summary>
public sealed class RestTransport(OperationRunner runner, CallContextPool pool)
{
    public const int MaxBody = 64 * 1024;
    public const int MaxQuery = 16 * 1024;
    private const string KeyHeader = "X-MBX-APIKEY";
    private const string WeightHeader = "X-MBX-USED-WEIGHT-1M";
    private const string Orders10SecondsHeader = "X-MBX-ORDER-COUNT-10S";
    private const string OrdersMinuteHeader = "X-MBX-ORDER-COUNT-1M";

    private static readonly BinanceError s_queryTooLong = new(-1130, $"The query is longer than {MaxQuery} bytes.", 414);
    private static readonly BinanceError s_bodyTooLong = new(-1130, $"The body is longer than {MaxBody} bytes.", 413);
    private static readonly BinanceError s_badBody = new(-1100, "The request's body could not be read.");
    private static readonly BinanceError s_tooLongPath = new(-5000, "The path is too long.", 404);

    private readonly BinanceServices _services = runner.Services;

    public async Task HandleAsync(HttpContext http)
    {
        CallContext call = pool.Take();
        try
        {
            call.WallTime = _services.WallTime;
            call.Address = http.Connection.RemoteIpAddress;
            (Operation? operation, BinanceError? error) = await AdmitAsync(http, call);
            if (operation is not null) error = await runner.ExecuteAsync(operation, call);
            await http.Response.BodyWriter.WriteAsync(Answer(http.Response, call, error));
        }
        finally
        {
            pool.Return(call);
        }
    }

    /// <summary>What is to be executed, its parameters in the call; or why nothing is.</summary>
    private async ValueTask<(Operation? Operation, BinanceError? Error)> AdmitAsync(HttpContext http, CallContext call)
    {
        string query = http.Request.QueryString.Value ?? "";
        if (query.Length > MaxQuery) return (null, Charge(http, call, s_queryTooLong));

        // The query's bytes, then the body's: what is signed lies in one piece.
        bool hasBody = HasBody(http.Request);
        int bodyRoom = hasBody ? RoomFor(http.Request) : 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(query.Length) + bodyRoom);
        try
        {
            int queryLength = query.Length > 1 ? Encoding.UTF8.GetBytes(query.AsSpan(1), buffer) : 0;
            int bodyLength = 0;
            BinanceError? error = null;
            if (hasBody) (bodyLength, error) = await ReadBodyAsync(http.Request, buffer.AsMemory(queryLength, bodyRoom));
            if (error is not null) return (null, Charge(http, call, error));
            error = Admit(http, call, buffer.AsSpan(0, queryLength), buffer.AsSpan(queryLength, bodyLength), out Operation? operation);
            return (error is null ? operation : null, error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private BinanceError? Admit(HttpContext http, CallContext call, ReadOnlySpan<byte> query, ReadOnlySpan<byte> body, out Operation? operation)
    {
        string path = http.Request.Path.Value ?? "";
        operation = OperationTable.Find(http.Request.Method, path);
        if (operation is null)
        {
            return Charge(http, call, path.Length > 200 ? s_tooLongPath : BinanceError.UnknownPath(path, http.Request.Method));
        }

        BinanceError? error = FormText.Read(query, call.Parameters) ?? FormText.Read(body, call.Parameters);
        string? apiKey = operation.Security == CallSecurity.None ? null : http.Request.Headers[KeyHeader].ToString();
        LimitResult admitted = runner.Admit(operation, call, apiKey);
        http.Response.Headers[WeightHeader] = Text(admitted.UsedWeight);
        error = admitted.Error ?? error ?? call.Fault;
        if (error is not null) return error;
        if (operation.Security == CallSecurity.Signed)
        {
            error = CheckSigned(call, query, body);
            if (error is not null) return error;
        }

        if (operation.Orders == 0) return null;
        LimitResult orders = runner.AdmitOrders(operation, call);
        http.Response.Headers[Orders10SecondsHeader] = Text(orders.Orders10Seconds);
        http.Response.Headers[OrdersMinuteHeader] = Text(orders.OrdersMinute);
        return orders.Error;
    }

    private static BinanceError? CheckSigned(CallContext call, ReadOnlySpan<byte> query, ReadOnlySpan<byte> body)
    {
        if (!SignatureVerifier.HasSignature(query, body)) return call.Parameters.Has("timestamp")
            ? BinanceError.Missing("signature") : BinanceError.Missing("timestamp");
        BinanceError? error = TimeRule.Check(call.Parameters, call.WallTime);
        if (error is not null) return error;
        return SignatureVerifier.Verify(query, body, call.Grant!.Secret.Span) ? null : BinanceError.BadSignature;
    }

    /// <summary>What never becomes a call costs its address one unit.</summary>
    private BinanceError Charge(HttpContext http, CallContext call, BinanceError error)
    {
        LimitResult charged = _services.Limiter.Charge(call.Address, 1, false);
        http.Response.Headers[WeightHeader] = Text(charged.UsedWeight);
        return charged.Error ?? error;
    }

    /// <summary>Sets status and headers; gives the body.</summary>
    private static ReadOnlyMemory<byte> Answer(HttpResponse response, CallContext call, BinanceError? error)
    {
        if (error is not null)
        {
            response.StatusCode = error.Status;
            if (error.RetryAfterSeconds > 0) response.Headers.RetryAfter = Text(error.RetryAfterSeconds);
            ErrorJson.Write(call.Json, error);
        }

        ReadOnlyMemory<byte> output = call.Output;
        response.ContentType = "application/json";
        response.ContentLength = output.Length;
        return output;
    }

    private static bool HasBody(HttpRequest request) => request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0
        || (request.ContentLength is null && !HttpMethods.IsGet(request.Method));

    // Only a body that does not say how long it is may need all: large buffers are few in the pool.
    private static int RoomFor(HttpRequest request) => (int)Math.Min(request.ContentLength ?? MaxBody, MaxBody);

    private static async ValueTask<(int Length, BinanceError? Error)> ReadBodyAsync(HttpRequest request, Memory<byte> to)
    {
        if (request.ContentLength > MaxBody) return (0, s_bodyTooLong);
        try
        {
            PipeReader reader = request.BodyReader;
            int length = 0;
            while (true)
            {
                ReadResult result = await reader.ReadAsync();
                ReadOnlySequence<byte> read = result.Buffer;
                bool fits = length + read.Length <= to.Length;
                if (fits)
                {
                    read.CopyTo(to.Span[length..]);
                    length += (int)read.Length;
                }

                reader.AdvanceTo(read.End);
                if (!fits) return (0, s_bodyTooLong);
                if (result.IsCompleted) return (length, null);
            }
        }
        catch (IOException e)
        {
            // A chunk whose length is beyond all numbers is not even a bad request to the web server.
            int status = e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
            return (0, s_badBody with { Status = status });
        }
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
