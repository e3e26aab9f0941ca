using CrossMargin.Grains.Nodes;
using CrossMargin.Model;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrossMargin.Silo.Hosting;

/// <summary>Healthy when each market's prices are confirmed here; degraded with the names of those that are not.</summary>
internal sealed class SiloHealth(SiloNode node) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] paused = [.. node.Profile.Markets.Where(m => node.Watch.Prices.Pause(m.Id) != PauseReason.None)
            .Select(m => $"{m.Symbol} {node.Watch.Prices.Pause(m.Id)}")];
        string text = $"{node.ActorCount} actors, {node.Watch.BoxCount} pools watched";
        return Task.FromResult(paused.Length == 0 ? HealthCheckResult.Healthy(text) : HealthCheckResult.Degraded($"{text}; {string.Join(", ", paused)}"));
    }
}
