using CrossMargin.Gateway.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Admin;

/// <summary>Everything the operator has: <c>/admin/v1</c>, its OpenAPI document, the page to try it, and <c>/health</c>.</summary>
public static class AdminRoutes
{
    public const string Prefix = "/admin/v1";

    public static IEndpointRouteBuilder MapCrossMarginAdmin(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder admin = routes.MapGroup(Prefix).WithGroupName(AdminDocument.Name);
        admin.AddEndpointFilter<RouteGroupBuilder, AdminAccess>();
        admin.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized);
        AccountEndpoints.Map(admin);
        KeyEndpoints.Map(admin);
        StatementEndpoints.Map(admin);
        AlertEndpoints.Map(admin);
        MarketEndpoints.Map(admin);
        SimulatorEndpoints.Map(admin);
        admin.MapGet("/leaderboard", (Leaderboard board) => board.ReadAsync()).WithTags("Competition")
            .WithSummary("Accounts by return since their reset or creation");
        AdminDocument.Map(routes);
        AdminPage.Map(routes);
        HealthEndpoint.Map(routes);
        return routes;
    }
}
