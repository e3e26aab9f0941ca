using System.Diagnostics;
using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Security;

/// <summary>Around every request: measures it, and gives the operator's empty 400s a text.</summary>
public sealed class GatewayMiddleware(RequestDelegate next, GatewayMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            await next(context).ConfigureAwait(false);
            await ExplainAsync(context).ConfigureAwait(false);
        }
        finally
        {
            // A connection that became a WebSocket is no request: its length says nothing.
            if (!context.WebSockets.IsWebSocketRequest)
            {
                string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
                metrics.Request(route, context.Response.StatusCode, Stopwatch.GetElapsedTime(began));
            }
        }
    }

    // Parameters that cannot be read are refused before any filter runs.
    private static async Task ExplainAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        if (response.StatusCode != StatusCodes.Status400BadRequest || response.HasStarted || response.ContentLength > 0) return;
        if (!context.Request.Path.StartsWithSegments(AdminRoutes.Prefix)) return;
        var problem = new AdminProblem(response.StatusCode, "bad_value", "a parameter in the path or the query cannot be read");
        await problem.ToResult().ExecuteAsync(context).ConfigureAwait(false);
    }
}
