using CrossMargin.Grains;
using CrossMargin.Grains.Feeds;
using CrossMargin.Grains.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace CrossMargin.Silo.Hosting;

/// <summary>
/// One silo as a program. Everything about the cluster (clustering, grain storage, reminders, endpoints) is read by Orleans from the section
/// "Orleans" of the configuration, by provider name: no code here knows a provider.
/// </summary>
public static class SiloApplication
{
    /// <summary>The configuration, and nothing else yet. Its files lie beside the program, wherever it is started.</summary>
    public static WebApplicationBuilder Configure(string[] args) =>
        WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = Configure(args);
        SiloSettings settings = SiloSettings.Of(builder.Configuration);
        builder.Services.Configure<ClusterMembershipOptions>(builder.Configuration.GetSection("Orleans:Membership"));
        builder.UseOrleans(silo =>
        {
            silo.AddCrossMargin(settings.ApplyTo);
            if (settings.Dashboard) silo.AddDashboard();
        });
        if (settings.Feed == "synthetic")
            builder.Services.AddSingleton<IClusterFeed>(s => new SyntheticClusterFeed(s.GetRequiredService<CrossMarginSiloOptions>(), settings.Seed));
        builder.Services.AddSingleton<SiloMetrics>();
        builder.Services.AddHealthChecks().AddCheck<SiloHealth>("exchange");

        WebApplication app = builder.Build();
        AddTelemetry(app);
        app.Services.GetRequiredService<SiloMetrics>();
        if (settings.Dashboard) app.MapOrleansDashboard("/dashboard");
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync });
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static _ => false });
        return app;
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString(), detail = e.Value.Description, data = e.Value.Data }),
    });

    // Sent where the standard environment variables say; without them nothing is collected.
    private static void AddTelemetry(WebApplication app)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"))) return;
        MeterProvider metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeter(SiloMetrics.MeterName, "Microsoft.Orleans", "System.Runtime").AddOtlpExporter().Build();
        TracerProvider traces = Sdk.CreateTracerProviderBuilder()
            .AddSource("Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime").AddOtlpExporter().Build();
        app.Lifetime.ApplicationStopped.Register(() =>
        {
            metrics.Dispose();
            traces.Dispose();
        });
    }
}
