using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CrossMargin.Silo.Tests;

/// <summary>Sums of what the silo's instruments measure while this listens.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new();

    public Measurements()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "CrossMargin.Silo") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument, value));
        _listener.Start();
    }

    public IReadOnlyDictionary<string, double> Sums()
    {
        _listener.RecordObservableInstruments();
        return _sums;
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value) => _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
}
