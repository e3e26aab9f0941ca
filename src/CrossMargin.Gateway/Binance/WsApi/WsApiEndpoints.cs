using System.Net.WebSockets;
using CrossMargin.Gateway.Binance.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.Gateway.Binance.WsApi;

/// <summary>The order API over WebSocket, on the same operations as REST.</summary>
public static class WsApiEndpoints
{
    /// <summary>Maps /ws-fapi/v1. Needs the services of REST and of the streams; the app must use WebSockets.</summary>
    public static IEndpointConventionBuilder MapBinanceWsApi(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder group = endpoints.MapGroup("");
        group.Map("/ws-fapi/v1", (RequestDelegate)AcceptAsync).ExcludeFromDescription();
        return group;
    }

    private static async Task AcceptAsync(HttpContext http)
    {
        BinanceStreams streams = http.RequestServices.GetRequiredService<BinanceStreams>();
        using IDisposable? place = await SocketDoor.TryEnterAsync(http, streams).ConfigureAwait(false);
        if (place is null) return;
        var connection = new StreamConnection(streams.Options, streams.Time);
        var session = new WsApiSession(
            connection,
            http.RequestServices.GetRequiredService<OperationRunner>(),
            http.RequestServices.GetRequiredService<CallContextPool>(),
            http.Connection.RemoteIpAddress,
            withLimits: http.Request.Query["returnRateLimits"] != "false");
        try
        {
            using WebSocket socket = await SocketDoor.OpenAsync(http, streams.Options).ConfigureAwait(false);
            connection.Open(socket);
            var reader = new MessageReader(connection, streams.Options, streams.Options.ApiMessagesPerSecond, streams.Time);
            await reader.RunAsync(session.HandleAsync).ConfigureAwait(false);
        }
        finally
        {
            http.Items[Security.GatewayMiddleware.CloseReason] = connection.CloseReason;
            connection.Over();
        }
    }
}
