using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Admin;

/// <summary>The page to try the operations: one file, nothing from elsewhere, no script but its own.</summary>
internal static class AdminPage
{
    private const string NonceMark = "__NONCE__";

    private static readonly Lazy<string> s_html = new(Read);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/admin/", WriteAsync).ExcludeFromDescription();

    private static Task WriteAsync(HttpContext context)
    {
        // Routes take both forms for one; what the page asks for is relative to the longer.
        if (context.Request.Path.Value?.EndsWith('/') != true)
        {
            context.Response.Redirect("/admin/");
            return Task.CompletedTask;
        }

        string nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(s_html.Value.Replace(NonceMark, nonce, StringComparison.Ordinal), context.RequestAborted);
    }

    private static string Read()
    {
        using Stream stream = typeof(AdminPage).Assembly.GetManifestResourceStream("admin/admin.html")
            ?? throw new InvalidOperationException("the library was built without the admin page");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
