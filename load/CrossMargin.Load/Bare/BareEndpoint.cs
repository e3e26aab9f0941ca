using System.Buffers;
using System.Text;
using CrossMargin.AspNetCore;
using CrossMargin.Gateway.Binance;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Load.Bare;

/// <summary>
/// What the server is compared to: Kestrel with the server's settings and one delegate that reads the request as it is on the wire, checks
/// its signature with the gateway's own code and answers a fixed text of an order answer's size. No routing, no keys, no exchange.
/// </summary>
internal static class BareEndpoint
{
    public const string SecretVariable = "CROSSMARGIN_BARE_SECRET";

    private static ReadOnlySpan<byte> Answer => """
        {"orderId":1234567,"symbol":"BTCUSDT","status":"NEW","clientOrderId":"x-cvBPrNm90000000000000000","price":"60000.00",
        "avgPrice":"0.00","origQty":"0.010","executedQty":"0.000","cumQty":"0.000","cumQuote":"0.00000000","timeInForce":"GTC",
        "type":"LIMIT","reduceOnly":false,"closePosition":false,"side":"BUY","positionSide":"BOTH","stopPrice":"0",
        "workingType":"CONTRACT_PRICE","priceProtect":false,"origType":"LIMIT","priceMatch":"NONE",
        "selfTradePreventionMode":"EXPIRE_MAKER","goodTillDate":0,"updateTime":1700000000000}
        """u8;

    private static ReadOnlySpan<byte> Refusal => """{"code":-1022,"msg":"Signature for this request is not valid."}"""u8;

    /// <summary>Serves on a free loopback port, which it prints, until standard input ends.</summary>
    public static async Task<int> RunAsync(TextReader input, TextWriter output)
    {
        byte[] secret = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(SecretVariable) ?? "");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseCrossMarginLimits().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.Run(context => AnswerAsync(context, secret));
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        await output.WriteLineAsync(address);
        await output.FlushAsync();
        await input.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context, byte[] secret)
    {
        ReadOnlySequence<byte> body = default;
        if (context.Request.ContentLength > 0)
        {
            while (true)
            {
                System.IO.Pipelines.ReadResult read = await context.Request.BodyReader.ReadAsync();
                body = read.Buffer;
                if (read.IsCompleted) break;
                context.Request.BodyReader.AdvanceTo(body.Start, body.End);
            }
        }

        bool right = IsRight(context, body, secret);
        if (context.Request.ContentLength > 0) context.Request.BodyReader.AdvanceTo(body.End);
        context.Response.StatusCode = right ? 200 : 400;
        context.Response.ContentType = "application/json;charset=UTF-8";
        context.Response.ContentLength = right ? Answer.Length : Refusal.Length;
        context.Response.BodyWriter.Write(right ? Answer : Refusal);
        await context.Response.BodyWriter.FlushAsync();
    }

    private static bool IsRight(HttpContext context, in ReadOnlySequence<byte> body, byte[] secret)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int mark = target.IndexOf('?');
        Span<byte> query = stackalloc byte[2048];
        int length = mark < 0 ? 0 : Encoding.ASCII.GetBytes(target.AsSpan(mark + 1), query);
        ReadOnlySpan<byte> whole = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        return context.Request.Headers.ContainsKey("X-MBX-APIKEY") && SignatureVerifier.Verify(query[..length], whole, secret);
    }
}
