using CrossMargin.Gateway.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace CrossMargin.Server.Serve;

/// <summary>
/// OpenTelemetry metrics, sent where the standard environment variables say (OTEL_EXPORTER_OTLP_ENDPOINT and its kin); without them none
/// are collected.
/// </summary>
internal static class Telemetry
{
    private static readonly string[] s_variables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    public static void Add(IServiceCollection services)
    {
        if (!s_variables.Any(v => Environment.GetEnvironmentVariable(v) is { Length: > 0 })) return;
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(GatewayMetrics.MeterName, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddOtlpExporter());
    }
}
