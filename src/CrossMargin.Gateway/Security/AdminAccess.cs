using System.Globalization;
using CrossMargin.Gateway.Admin;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Security;

/// <summary>
/// Stands before every operation of the operator: the token first, then the operation, and whatever it throws becomes problem details.
/// </summary>
public sealed partial class AdminAccess(AdminToken token, FailedAttempts attempts, ILogger<AdminAccess> log) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        if (Refusal(http) is { } refused) return refused.ToResult();
        try
        {
            object? result = await next(context).ConfigureAwait(false);
            if (HttpMethods.IsGet(http.Request.Method)) return result;
            Done(log, http.Request.Method, Route(http));
            return result;
        }
        catch (Exception e) when (AdminProblem.Of(e) is { } problem)
        {
            return problem.ToResult();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Broke(log, e, http.Request.Method, Route(http));
            return new AdminProblem(StatusCodes.Status500InternalServerError, "broken", "the operation failed; the log says more").ToResult();
        }
    }

    /// <summary>Null, or why the request's token is not taken.</summary>
    public AdminProblem? Refusal(HttpContext http)
    {
        System.Net.IPAddress? address = http.Connection.RemoteIpAddress;
        if (attempts.Wait(address) is { } wait)
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return new AdminProblem(StatusCodes.Status429TooManyRequests, "too_many_attempts", "too many wrong tokens from this address; wait");
        }

        string given = http.Request.Headers.Authorization.ToString();
        if (given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && token.Matches(given[Scheme.Length..].Trim())) return null;
        if (given.Length > 0)
        {
            attempts.Failed(address);
            WrongToken(log, address?.ToString() ?? "unknown");
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return new AdminProblem(StatusCodes.Status401Unauthorized, "unauthorized", given.Length == 0
            ? "send the admin token as 'Authorization: Bearer …'"
            : "the admin token is wrong");
    }

    // The pattern, not the path: paths hold API keys.
    private static string Route(HttpContext http) =>
        (http.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText ?? "unknown";

    [LoggerMessage(3101, LogLevel.Information, "admin: {Method} {Route}")]
    private static partial void Done(ILogger logger, string method, string route);

    [LoggerMessage(3102, LogLevel.Warning, "wrong admin token from {Address}")]
    private static partial void WrongToken(ILogger logger, string address);

    [LoggerMessage(3103, LogLevel.Error, "admin: {Method} {Route} broke")]
    private static partial void Broke(ILogger logger, Exception exception, string method, string route);
}
