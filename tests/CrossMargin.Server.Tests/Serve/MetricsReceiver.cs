using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Server.Tests.Serve;

/// <summary>A collector of OpenTelemetry metrics on the loopback (OTLP over HTTP); it keeps the bytes.</summary>
internal sealed class MetricsReceiver(WebApplication app, ConcurrentQueue<string> bodies) : IAsyncDisposable
{
    public string Address => app.Urls.First();

    public static async Task<MetricsReceiver> StartAsync()
    {
        var bodies = new ConcurrentQueue<string>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            bodies.Enqueue(Encoding.Latin1.GetString(bytes.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return new MetricsReceiver(app, bodies);
    }

    /// <summary>Whether a name came in any export: in the messages of the protocol names are plain text.</summary>
    public bool Has(string name) => bodies.Any(b => b.Contains(name, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
