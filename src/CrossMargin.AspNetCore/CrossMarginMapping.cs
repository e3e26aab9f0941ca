using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Binance;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Gateway.Binance.WsApi;
using CrossMargin.Gateway.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.AspNetCore;

public static class CrossMarginMapping
{
    /// <summary>
    /// Everything there is: Binance's dialect below /fapi, /sapi, /futures/data, /ws, /stream and /ws-fapi, the operator's interface below /admin,
    /// accounts' alerts and withdrawals below /account/v1, and /health. Opens the exchange.
    /// </summary>
    public static WebApplication MapCrossMargin(this WebApplication app)
    {
        app.Services.GetRequiredService<CrossMarginHost>();

        // What they need would cost every other request something.
        app.UseWhen(MayBecomeWebSocket, branch => branch.UseWebSockets());
        app.UseMiddleware<GatewayMiddleware>();
        app.MapCrossMarginAdmin();
        app.MapBinanceRest();
        app.MapBinanceStreams();
        app.MapBinanceWsApi();
        return app;
    }

    /// <summary>
    /// Bounds for a server that anybody may talk to: bodies, headers, connections, slow senders. TLS and addresses stay the application's
    /// (Kestrel's configuration).
    /// </summary>
    public static IWebHostBuilder UseCrossMarginLimits(this IWebHostBuilder host) => host.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = AdminJson.MaxBytes;
        limits.MaxRequestBufferSize = 2 * AdminJson.MaxBytes;
        limits.MaxRequestLineSize = 20 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxConcurrentConnections = 20_000;

        // Who comes when all places are taken is refused by the streams' own bound, in words; Kestrel's would be a fault.
        limits.MaxConcurrentUpgradedConnections = null;
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    });

    private static bool MayBecomeWebSocket(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
