using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace CrossMargin.Gateway.Admin;

/// <summary>The OpenAPI document of the operator's operations; apart from documents of an application this is embedded in.</summary>
public static class AdminDocument
{
    internal const string Name = "crossmargin-admin";

    private const string SchemeName = "adminToken";

    public static IServiceCollection AddCrossMarginAdminDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.ShouldInclude = d => d.GroupName == Name;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "CrossMargin administration",
                Version = "v1",
                Description = "Money, prices, quantities and rates are decimal text; times are Unix milliseconds.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SchemeName, document)] = [] }];
            return Task.CompletedTask;
        });
    });

    // Made once: it never changes, and whoever asks for it needs no token.
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var text = new Lazy<Task<string>>(() => MakeAsync(routes.ServiceProvider));
        routes.MapGet(AdminRoutes.Prefix + "/openapi.json", (HttpContext context) => WriteAsync(context, text.Value)).ExcludeFromDescription();
    }

    private static async Task<string> MakeAsync(IServiceProvider services)
    {
        IOpenApiDocumentProvider provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
        OpenApiDocument document = await provider.GetOpenApiDocumentAsync(CancellationToken.None).ConfigureAwait(false);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, Task<string> text)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(await text.ConfigureAwait(false), context.RequestAborted).ConfigureAwait(false);
    }
}
