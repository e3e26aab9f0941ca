using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Synthetic;

/// <summary>
/// A generated market that never ends: the jump process of <see cref="SyntheticSpec"/> without scripted moves, step by step, from given
/// prices on. Calm and agitated hours change by chance. A step's chance is a function of the seed and of the step's exchange time, its
/// prices of that and of the prices before; over steps that are left out prices stand still. Every market gets a price at every step.
/// </summary>
public sealed class SyntheticWalk : ILiveFeed
{
    public const long DefaultStepMilliseconds = 1_000;

    // Prices are kept finer than units, so that small moves of cheap markets are not lost.
    private const long Scale = 1_000_000;
    private const long Ppm = 1_000_000;
    private const long MostAgitation = 600_000;
    private const long WeatherMilliseconds = 1_800_000;

    private readonly SyntheticSpec _spec;
    private readonly SyntheticAsset[] _assets;
    private readonly MarketSpec[] _markets;
    private readonly Int128[] _prices;
    private readonly SyntheticNoise _noise;
    private long _next;

    /// <param name="spec">Its markets, seed, start, step and volatilities; moves and duration are not used.</param>
    /// <param name="present">Prices to go on from; a market without one begins at the price of <see cref="SyntheticAsset"/>.</param>
    public SyntheticWalk(SyntheticSpec spec, IReadOnlyList<IndexUpdate> present)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.StepMilliseconds, 1);
        _spec = spec;
        _noise = new SyntheticNoise(spec);
        _markets = [.. spec.Markets.OrderBy(m => m.Id)];
        _assets = [.. _markets.Select(m => SyntheticAsset.Of(m, SyntheticNoise.Assets(spec.Seed), spec.VolumeScale))];
        _prices = [.. _assets.Select(a => (Int128)a.Start.Units * Scale)];
        foreach (IndexUpdate price in present)
        {
            int i = Array.FindIndex(_markets, m => m.Id == price.Market);
            if (i >= 0 && !price.Index.IsNone) _prices[i] = (Int128)price.Index.Units * Scale;
        }
    }

    public Timestamp Start => _spec.Start;

    public long StepMilliseconds => _spec.StepMilliseconds;

    /// <summary>As many as there are.</summary>
    public long StepCount => (long.MaxValue - Start.Milliseconds) / StepMilliseconds;

    public void Step(long step, List<IndexUpdate> updates, List<FundingUpdate> funding)
    {
        if (step != _next) throw new InvalidOperationException($"step {step} was asked for, but the next is {_next}");
        Timestamp time = Start.AddMilliseconds(step * StepMilliseconds);
        long agitation = AgitationAt(time);
        if (step > 0) Move((ulong)(time.Milliseconds / StepMilliseconds), agitation);
        for (int i = 0; i < _markets.Length; i++)
        {
            var price = new Price((long)Int128.Max(1, Rounding.DivHalfEven(_prices[i], Scale)));
            updates.Add(new IndexUpdate(_markets[i].Id, price, _noise.Depth(_assets[i], _markets[i].Id, time.Milliseconds, agitation, price)));
        }

        _next++;
    }

    public void SkipTo(long step)
    {
        if (step < _next) throw new InvalidOperationException($"step {step} is behind the next one, {_next}");
        _next = step;
    }

    public void Write(StateWriter writer)
    {
        writer.WriteInt64(_next);
        writer.WriteInt32(_prices.Length);
        foreach (Int128 price in _prices) writer.WriteInt128(price);
    }

    public void Read(StateReader reader)
    {
        long next = reader.ReadInt64();
        int count = reader.ReadInt32();
        if (next < 0 || count != _prices.Length) throw reader.Fault($"step {next} and {count} markets are not of this feed");
        for (int i = 0; i < count; i++) _prices[i] = reader.ReadInt128();
        _next = next;
    }

    // Far from the price filters the walk is free; at their edges it stops, so that it can come back.
    private void Move(ulong draw, long agitation)
    {
        long common = _noise.Common(draw, agitation);
        for (int i = 0; i < _prices.Length; i++)
        {
            long change = _noise.Change(common, _assets[i].Beta, _markets[i].Id, draw, agitation);
            Int128 moved = _prices[i] + _prices[i] * change / SyntheticNoise.Whole;
            Int128 least = (Int128)Math.Max(1, _markets[i].MinPrice.Units) * Scale;
            _prices[i] = Int128.Clamp(moved, least, Int128.Max(least, (Int128)_markets[i].MaxPrice.Units / 2 * Scale));
        }
    }

    // Between two drawn levels in a straight line; low levels are much more frequent.
    private long AgitationAt(Timestamp time)
    {
        (long bucket, long rest) = Math.DivRem(time.Milliseconds, WeatherMilliseconds);
        long from = _noise.Weather((ulong)bucket);
        long to = _noise.Weather((ulong)bucket + 1);
        return (from + (to - from) * rest / WeatherMilliseconds) * MostAgitation / Ppm;
    }
}
