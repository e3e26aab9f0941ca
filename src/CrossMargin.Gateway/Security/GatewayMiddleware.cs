using System.Diagnostics;
using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Security;

/// <summary>Around every request: measures it, and gives the operator's empty 400s a text.</summary>
public sealed class GatewayMiddleware(RequestDelegate next, GatewayMetrics metrics)
{
    /// <summary>Under this key of the context's items a WebSocket's end leaves why the server ended it; "" if it did not.</summary>
    public const string CloseReason = "crossmargin.ws.close";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest) return SocketAsync(context);

        // Of most requests nothing is wanted when they are done.
        return metrics.MeasuresRequests || IsAdmin(context) ? RequestAsync(context) : next(context);
    }

    // A connection that becomes a WebSocket is no request: its length says nothing.
    private async Task SocketAsync(HttpContext context)
    {
        string kind = Route(context);
        metrics.WebSocketOpened(kind);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            metrics.WebSocketClosed(kind);

            // Without the figures behind the colon: a label must not have endless values.
            if (context.Items[CloseReason] is string { Length: > 0 } reason) metrics.WebSocketDropped(reason.Split(':')[0]);
        }
    }

    private async Task RequestAsync(HttpContext context)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            await next(context).ConfigureAwait(false);
            await ExplainAsync(context).ConfigureAwait(false);
        }
        finally
        {
            metrics.Request(Route(context), context.Response.StatusCode, Stopwatch.GetElapsedTime(began));
        }
    }

    private static string Route(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";

    private static bool IsAdmin(HttpContext context) => context.Request.Path.StartsWithSegments(AdminRoutes.Prefix);

    // Parameters that cannot be read are refused before any filter runs.
    private static async Task ExplainAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        if (response.StatusCode != StatusCodes.Status400BadRequest || response.HasStarted || response.ContentLength > 0) return;
        if (!IsAdmin(context)) return;
        var problem = new AdminProblem(response.StatusCode, "bad_value", "a parameter in the path or the query cannot be read");
        await problem.ToResult().ExecuteAsync(context).ConfigureAwait(false);
    }
}
