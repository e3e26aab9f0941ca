using CrossMargin.Model;
using CrossMargin.Simulator.Audit;
using CrossMargin.Simulator.World;

namespace CrossMargin.Simulator;

/// <summary>
/// One run: faults for a while; then none, and everything must come to rest within a bounded time and be right; then again while steps are
/// left. A function of its options.
/// </summary>
public sealed class Simulation
{
    private const long LongestFaults = 15_000; // steps
    private const long WatchedWithin = 26_000; // milliseconds: a round of the slow sweep, and some
    private const long RestsWithin = 120_000;
    private const long NoticesSettle = 3_000;

    private readonly Universe _world;
    private readonly RestAudit _rest;

    private Simulation(SimulationOptions options)
    {
        _world = new Universe(options);
        _rest = new RestAudit(_world);
    }

    public static SimulationResult Run(SimulationOptions options)
    {
        var simulation = new Simulation(options);
        string? failure = null;
        try
        {
            simulation.Run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failure = e is InvariantViolation ? e.Message : e.ToString();
        }

        Universe world = simulation._world;
        return new SimulationResult(
            options, failure, world.Steps, world.Now.Milliseconds - 1_700_000_000_000, world.Hash, world.Tally.Counts, world.Plan.Counts);
    }

    private void Run()
    {
        long steps = _world.Options.Steps;
        long faults = Math.Min(LongestFaults, steps * 7 / 10);
        do
        {
            long end = _world.Steps + faults;
            while (_world.Steps < end) _world.Step();
            ComeToRest();
        }
        while (steps - _world.Steps > faults / 2);
    }

    private void ComeToRest()
    {
        _world.Trace("faults end");
        if (_world.Plan.EndsInPowerCut(_world.Random)) _world.Cluster.CutPower();
        _world.Plan.IsOn = false;
        _world.Gateway.IsOn = false;
        _world.Feed.IsCalm = true;
        _world.Cluster.Mend();
        Within(WatchedWithin, () => _rest.Unwatched(), least: 8_000);
        ResumeMarkets();
        _world.Feed.Shock();
        Within(RestsWithin, _rest.Unfinished, least: 3_000);
        _world.Feed.IsOn = false;
        Within(RestsWithin, () => _rest.Unfinished() ?? _rest.InFlight(), NoticesSettle);
        _world.Audit.Recompute(_world.Store, _world.Delivery);
        _rest.Check();
        if (_world.Audit.CheckHistories(_world.Store, _world.Delivery) > 0) _world.Tally.Count("history full");
        _world.Plan.IsOn = _world.Gateway.IsOn = _world.Feed.IsOn = true;
        _world.Feed.IsCalm = false;
        _world.Tally.Count("rest");
    }

    private void ResumeMarkets()
    {
        foreach (MarketSpec spec in _world.Profile.Markets)
        {
            _world.Gateway.Issue(Message.Of(
                ActorId.Client, ActorId.Of(spec.Id), CommandId.None, new SetMarketStatus { Market = spec.Id, Status = MarketStatus.Trading }));
        }
    }

    /// <summary>Goes on until nothing is left to wait for, at least and at most for so many simulated milliseconds.</summary>
    private void Within(long most, Func<string?> waitsFor, long least)
    {
        Timestamp start = _world.Now;
        string? left = "";
        for (long n = 1; left is not null; n++)
        {
            _world.Step();
            if (n % 32 != 0 || _world.Now - start < least) continue;
            left = waitsFor();
            if (left is not null && _world.Now - start > most) throw new InvariantViolation($"{left} ({most} ms after faults ended)");
        }
    }
}
