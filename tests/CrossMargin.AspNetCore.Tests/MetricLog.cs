using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.AspNetCore.Tests;

/// <summary>Adds up what one application measures, by instrument and tag: `crossmargin.webhooks outcome=failed`.</summary>
internal sealed class MetricLog : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);

    public MetricLog(TestApp app)
    {
        var factory = app.App.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IEnumerable<string> Names => _sums.Keys.Order(StringComparer.Ordinal);

    /// <summary>0 for what was never measured; of gauges the last value.</summary>
    public double this[string name] => _sums.GetValueOrDefault(name);

    /// <summary>Asks the gauges.</summary>
    public MetricLog Ask()
    {
        _listener.RecordObservableInstruments();
        return this;
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = instrument.Name;
        foreach ((string tag, object? of) in tags) name += string.Create(CultureInfo.InvariantCulture, $" {tag}={of}");
        _sums.AddOrUpdate(name, value, (_, sum) => instrument.IsObservable ? value : sum + value);
    }
}
