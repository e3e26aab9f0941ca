using System.Diagnostics.Metrics;

namespace CrossMargin.Gateway.Metrics;

/// <summary>
/// Every figure that the gateway measures, by name; all are instruments of the meter <see cref="MeterName"/>, which OpenTelemetry and
/// `dotnet-counters` read. Thread-safe.
/// </summary>
public sealed class GatewayMetrics : IDisposable
{
    public const string MeterName = "CrossMargin";

    private readonly Meter _meter;
    private readonly Counter<long> _orders;
    private readonly Counter<long> _fills;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _liquidations;
    private readonly Histogram<double> _requests;
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _alerts;

    public GatewayMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _orders = _meter.CreateCounter<long>("crossmargin.orders", "{order}", "Orders that accounts accepted, conditional ones included");
        _fills = _meter.CreateCounter<long>("crossmargin.fills", "{fill}", "Fills of accounts: each side of a trade is one");
        _refusals = _meter.CreateCounter<long>("crossmargin.refusals", "{command}", "Commands the exchange refused, by reason");
        _liquidations = _meter.CreateCounter<long>("crossmargin.liquidations", "{liquidation}", "Liquidations that began");
        _requests = _meter.CreateHistogram<double>("crossmargin.request.duration", "s", "HTTP requests from the first byte to the last, by route and status");
        _connections = _meter.CreateUpDownCounter<long>("crossmargin.ws.connections", "{connection}", "Open WebSocket connections, by kind");
        _dropped = _meter.CreateCounter<long>("crossmargin.ws.dropped", "{connection}", "WebSocket connections that were cut off, by reason");
        _webhooks = _meter.CreateCounter<long>("crossmargin.webhooks", "{delivery}", "Webhook deliveries, by outcome: delivered, failed, dropped");
        _alerts = _meter.CreateCounter<long>("crossmargin.alerts", "{alert}", "Alerts that fired, by kind");
    }

    /// <summary>A histogram of durations in seconds; the function records one.</summary>
    public Action<TimeSpan> Durations(string name, string description)
    {
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5] };
        Histogram<double> histogram = _meter.CreateHistogram(name, "s", description, tags: null, advice);
        return took => histogram.Record(took.TotalSeconds);
    }

    public void OrderAccepted() => _orders.Add(1);

    public void Filled() => _fills.Add(1);

    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void LiquidationStarted() => _liquidations.Add(1);

    /// <summary>Whether anybody listens to <see cref="Request"/>.</summary>
    public bool MeasuresRequests => _requests.Enabled;

    /// <param name="route">The pattern of the route, never the path that was asked for: paths can hold keys.</param>
    public void Request(string route, int status, TimeSpan duration)
    {
        if (!MeasuresRequests) return;
        _requests.Record(
            duration.TotalSeconds, new KeyValuePair<string, object?>("route", route), new KeyValuePair<string, object?>("status", status));
    }

    public void WebSocketOpened(string kind) => _connections.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void WebSocketClosed(string kind) => _connections.Add(-1, new KeyValuePair<string, object?>("kind", kind));

    public void WebSocketDropped(string reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Webhook(string outcome) => _webhooks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void AlertFired(string kind) => _alerts.Add(1, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>A figure that is asked for when somebody looks: the length of a queue, a lag.</summary>
    public void Observe(string name, string unit, string description, Func<double> value) =>
        _meter.CreateObservableGauge(name, value, unit, description);

    public void Dispose() => _meter.Dispose();
}
