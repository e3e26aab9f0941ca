using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>What every WebSocket endpoint asks before it opens.</summary>
internal static class SocketDoor
{
    /// <summary>A place for the connection; null where the request was answered with its refusal.</summary>
    public static async Task<IDisposable?> TryEnterAsync(HttpContext http, BinanceStreams streams)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "This is a WebSocket endpoint.").ConfigureAwait(false);
            return null;
        }

        IDisposable? place = streams.Connections.TryEnter(http.Connection.RemoteIpAddress, out string refusal);
        if (place is null) await RefuseAsync(http, StatusCodes.Status429TooManyRequests, refusal).ConfigureAwait(false);
        return place;
    }

    public static Task<WebSocket> OpenAsync(HttpContext http, StreamOptions options) => http.WebSockets.AcceptWebSocketAsync(
        new WebSocketAcceptContext { KeepAliveInterval = options.PingInterval, KeepAliveTimeout = options.PongTimeout });

    public static Task RefuseAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(StreamSession.Error(2, message, StreamRequest.NoId)).AsTask();
    }
}
