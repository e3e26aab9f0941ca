using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.Extensions.Hosting;

namespace CrossMargin.Gateway.Metrics;

/// <summary>Counts what happens in the exchange, whoever caused it: clients and simulated traders alike.</summary>
public sealed class EventCounters(IEventStream events, GatewayMetrics metrics) : IHostedService
{
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = events.Subscribe(Count);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    private void Count(EventBatch batch)
    {
        for (int i = 0; i < batch.Events.Count; i++)
        {
            Event e = batch.Events[i];
            switch (e.Kind)
            {
                case EventKind.OrderAccepted or EventKind.TriggerAccepted:
                    metrics.OrderAccepted();
                    break;
                case EventKind.OrderFilled:
                    metrics.Filled();
                    break;
                case EventKind.CommandRefused:
                    metrics.Refused(((Refusal)e.Body<CommandRefused>().Refusal).Reason.ToString());
                    break;
                case EventKind.MarketCommandRefused:
                    metrics.Refused(((Refusal)e.Body<MarketCommandRefused>().Refusal).Reason.ToString());
                    break;
                case EventKind.LiquidationStarted:
                    metrics.LiquidationStarted();
                    break;
            }
        }
    }
}
