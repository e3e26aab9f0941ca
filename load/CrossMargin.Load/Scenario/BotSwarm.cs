using CrossMargin.Load.Generator;
using CrossMargin.Load.Measuring;
using CrossMargin.Load.Server;

namespace CrossMargin.Load.Scenario;

/// <summary>The bots of one scenario and what they found.</summary>
internal sealed class BotSwarm(Uri server, string adminToken, int accounts, double ordersPerSecond)
{
    private readonly SwarmFigures _figures = new();
    private TimeSpan _duration;

    /// <summary>Something other than a venue's refusal went wrong, or the server's request limits held the bots up.</summary>
    public bool Failed => _figures.Failures > 0 || _figures.Limited > 0;

    public async Task RunAsync(TimeSpan duration)
    {
        _duration = duration;
        using var admin = new AdminClient(server, adminToken);
        using var open = new TradingClient(server);
        IReadOnlyList<MarketTerms> markets = await MarketList.ReadAsync(open);
        var bots = new List<Bot>();
        for (int i = 0; i < accounts; i++)
        {
            ApiKey key = await admin.NewAccountAsync($"scenario {i + 1}", "100000");
            bots.Add(new Bot(server, key, markets[i / 2 % markets.Count], ordersPerSecond, seed: i + 1, _figures));
        }

        using var stop = new CancellationTokenSource(duration);
        await Task.WhenAll(bots.Select(b => b.RunAsync(stop.Token)));
    }

    public void Print(TextWriter output)
    {
        output.WriteLine($"{accounts} bots, {_duration.TotalSeconds:0} s against {server}");
        output.WriteLine($"orders and cancels answered: {_figures.Answers:N0} ({_figures.Answers / _duration.TotalSeconds:N1} a second)");
        output.WriteLine($"events on user streams: {_figures.Events:N0} ({_figures.Events / _duration.TotalSeconds:N1} a second), "
            + $"fills {_figures.Fills:N0}");
        LatencyHistogram latency = _figures.Latency;
        output.WriteLine($"answer: p50 {latency.At(0.5).TotalMilliseconds:N2} ms, p99 {latency.At(0.99).TotalMilliseconds:N2} ms, "
            + $"longest {latency.Max.TotalMilliseconds:N2} ms");
        if (_figures.Limited > 0) output.WriteLine($"{_figures.Limited:N0} answers were 429 or 418: {TradingClient.LimitAdvice}");
        foreach ((string what, long count) in _figures.Errors) output.WriteLine($"refused or failed: {what}: {count:N0}");
    }
}
