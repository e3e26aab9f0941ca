using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds;

/// <summary>One price of a script: from this step on the market's index is this.</summary>
/// <param name="Step">Step ≥ 0 at which the price is given.</param>
/// <param name="Market">The market.</param>
/// <param name="Index">Index price in units, &gt; 0.</param>
/// <param name="DepthVolume">As in <see cref="IndexUpdate"/>; 0 is unknown.</param>
public readonly record struct ScriptedPrice(long Step, MarketId Market, Price Index, Quantity DepthVolume = default);

/// <summary>
/// Prices as written down: for scenarios with exact figures. Each market's price is repeated at every step until the script gives the
/// next, or, where the feed does not hold, given at its own step only, so that prices can go stale.
/// </summary>
public sealed class ScriptedFeed : LockStepFeed
{
    private readonly ScriptedPrice[][] _byMarket;
    private readonly bool _hold;

    /// <param name="start">Exchange time of step 0.</param>
    /// <param name="stepMilliseconds">Time between two steps, &gt; 0.</param>
    /// <param name="stepCount">Number of steps, ≥ 1.</param>
    /// <param name="prices">In any order; at most one a market and step, each before <paramref name="stepCount"/>.</param>
    /// <param name="funding">Recorded rates by time, then market.</param>
    /// <param name="hold">Whether a price is repeated at each step until the next.</param>
    public ScriptedFeed(
        Timestamp start, long stepMilliseconds, long stepCount,
        IReadOnlyList<ScriptedPrice> prices, IReadOnlyList<FundingUpdate>? funding = null, bool hold = true)
        : base(start, stepMilliseconds, stepCount, funding ?? [])
    {
        _hold = hold;
        ScriptedPrice[] sorted = [.. prices.OrderBy(p => p.Market).ThenBy(p => p.Step)];
        for (int i = 0; i < sorted.Length; i++)
        {
            ScriptedPrice p = sorted[i];
            bool twice = i > 0 && sorted[i - 1].Market == p.Market && sorted[i - 1].Step == p.Step;
            if (p.Step >= 0 && p.Step < stepCount && p.Index.Units > 0 && p.DepthVolume.Lots >= 0 && !twice) continue;
            throw new ArgumentException($"{p} is there twice or not a price of one of {stepCount} steps", nameof(prices));
        }

        MarketId[] markets = [.. sorted.Select(p => p.Market).Distinct()];
        _byMarket = [.. markets.Select(m => sorted.Where(p => p.Market == m).ToArray())];
    }

    protected override void Prices(long step, List<IndexUpdate> updates)
    {
        foreach (ScriptedPrice[] script in _byMarket)
        {
            int i = script.Length - 1;
            while (i >= 0 && script[i].Step > step) i--;
            if (i >= 0 && (_hold || script[i].Step == step)) updates.Add(new(script[i].Market, script[i].Index, script[i].DepthVolume));
        }
    }
}
