using System.Globalization;
using CrossMargin.Grains.Nodes;
using CrossMargin.Model;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrossMargin.Silo.Hosting;

/// <summary>
/// Healthy when each market's prices are confirmed here; degraded with the names of those that are not. "silos" counts those of the
/// cluster that this one takes for active, itself included. Holders of a market here whom no silo watches are being woken; how many there
/// are is not known until the market has looked.
/// </summary>
internal sealed class SiloHealth(SiloNode node, ISiloStatusOracle cluster) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] paused = [.. node.Profile.Markets.Where(m => node.Watch.Prices.Pause(m.Id) != PauseReason.None)
            .Select(m => $"{m.Symbol} {node.Watch.Prices.Pause(m.Id)}")];
        (int markets, int? unwatched) = node.MarketsHere;
        string text = $"{node.ActorCount} actors, {node.Watch.BoxCount} pools watched, {markets} markets with "
            + $"{unwatched?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} unwatched holders";
        var data = new Dictionary<string, object>
        {
            ["silos"] = cluster.GetApproximateSiloStatuses(onlyActive: true).Count,
            ["silo"] = node.Silo.ToString(),
            ["actors"] = node.ActorCount,
            ["watched"] = node.Watch.BoxCount,
            ["markets"] = markets,
            ["unwatchedHolders"] = unwatched ?? -1,
        };
        return Task.FromResult(paused.Length == 0
            ? HealthCheckResult.Healthy(text, data)
            : HealthCheckResult.Degraded($"{text}; {string.Join(", ", paused)}", data: data));
    }
}
