using CrossMargin.Gateway.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace CrossMargin.Server.Serve;

/// <summary>
/// OpenTelemetry metrics, sent where the standard environment variables say (OTEL_EXPORTER_OTLP_ENDPOINT and its kin); without them none
/// are collected.
/// </summary>
internal static class Telemetry
{
    private static readonly string[] s_variables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Null where nothing is to be sent; disposing sends what is left.</summary>
    public static MeterProvider? Start()
    {
        if (!s_variables.Any(v => Environment.GetEnvironmentVariable(v) is { Length: > 0 })) return null;
        return Sdk.CreateMeterProviderBuilder()
            .AddMeter(GatewayMetrics.MeterName, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddOtlpExporter()
            .Build();
    }
}
