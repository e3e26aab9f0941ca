using CrossMargin.Hosting;
using CrossMargin.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrossMargin.Gateway.Admin;

/// <param name="Status">"ready", "degraded" (it trades, but something needs the operator) or "unavailable".</param>
public sealed record HealthReport(string Status, IReadOnlyList<HealthItem> Checks);

/// <summary>For load balancers and people: 200 while orders can be taken, 503 otherwise. No token, no secrets, no account's figures.</summary>
internal static class HealthEndpoint
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/health", ReadAsync).ExcludeFromDescription();

    private static async Task<IResult> ReadAsync(IExchangeGateway gateway, IEnumerable<IHealthSource> sources)
    {
        bool available = gateway.Unavailable is null;
        var checks = new List<HealthItem> { new("exchange", available, gateway.Unavailable ?? "takes commands") };
        foreach (IHealthSource source in sources) checks.AddRange(source.Check());
        if (available) available = await PricesAsync(gateway, checks).ConfigureAwait(false);
        string status = !available ? "unavailable" : checks.TrueForAll(c => c.IsHealthy) ? "ready" : "degraded";
        return TypedResults.Json(
            new HealthReport(status, checks), statusCode: available ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    // Answers only once the sequencer and the journal have let the question through: a stuck one is seen as a timeout.
    private static async Task<bool> PricesAsync(IExchangeGateway gateway, List<HealthItem> checks)
    {
        try
        {
            IReadOnlyList<MarketSnapshot> markets = await gateway.ReadMarketsAsync().WaitAsync(s_patience).ConfigureAwait(false);
            int stale = markets.Count(m => m.Pause is PauseReason.Stale or PauseReason.NoPrice);
            checks.Add(new HealthItem("prices", stale == 0, $"{markets.Count - stale} of {markets.Count} markets have a fresh price"));
            return true;
        }
        catch (Exception e) when (e is TimeoutException or ExchangeUnavailableException)
        {
            checks.Add(new HealthItem("sequencer", false, e is TimeoutException ? $"no answer within {s_patience.TotalSeconds} s" : e.Message));
            return false;
        }
    }
}
