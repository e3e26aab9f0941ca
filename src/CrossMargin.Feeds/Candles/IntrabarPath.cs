using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Candles;

/// <summary>
/// A candle as a path of index ticks that could have made it: the first tick is the open, the last the close, high and low are met at
/// ticks in between, and no tick leaves [low, high]. A function of (seed, market, the bar's opening time) and the candle.
/// </summary>
public static class IntrabarPath
{
    public const int FewestTicks = 4;
    public const int MostTicks = 1_000;

    // Room for all draws of a bar, so that no two bars share a counter.
    private const ulong DrawsPerBar = 1_024;
    private const ulong DrawOrder = 0;
    private const ulong DrawFirst = 1;
    private const ulong DrawSecond = 2;
    private const ulong DrawNoise = 16;

    // A bar that closed higher more often dipped first and peaked late, and the reverse.
    private const long UsualOrderPpm = 700_000;

    // Noise in the middle of a leg, as a share of the bar's range: one standard deviation is a sixteenth.
    private const long NoiseDivisor = 16;

    // The replay's draws, apart from those of other users of the same seed.
    private const ulong Stream = 0x43414E444C45 << 16;

    /// <summary>Fills <paramref name="ticks"/> (<see cref="FewestTicks"/> to <see cref="MostTicks"/>) with prices in units.</summary>
    public static void Fill(ulong seed, MarketId market, in Candle candle, Span<long> ticks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ticks.Length, FewestTicks);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ticks.Length, MostTicks);
        var random = new CounterRandom(seed, unchecked(Stream + (ulong)market.Value));
        ulong draw = unchecked((ulong)candle.OpenTime.Milliseconds * DrawsPerBar);
        bool rising = candle.Close >= candle.Open;
        bool usual = random.Chance(draw + DrawOrder, UsualOrderPpm);
        bool lowFirst = rising == usual;
        int inner = ticks.Length - 2;
        int first = (int)random.Between(draw + DrawFirst, 1, inner / 2);
        int second = (int)random.Between(draw + DrawSecond, inner / 2 + 1, inner);
        ticks[0] = candle.Open.Units;
        ticks[first] = (lowFirst ? candle.Low : candle.High).Units;
        ticks[second] = (lowFirst ? candle.High : candle.Low).Units;
        ticks[^1] = candle.Close.Units;
        Leg(random, draw, candle, ticks, 0, first);
        Leg(random, draw, candle, ticks, first, second);
        Leg(random, draw, candle, ticks, second, ticks.Length - 1);
    }

    /// <summary>The ticks between two fixed ones: a straight line with noise that is largest half-way and vanishes at both ends.</summary>
    private static void Leg(CounterRandom random, ulong draw, in Candle candle, Span<long> ticks, int start, int end)
    {
        long length = end - start;
        long range = candle.High.Units - candle.Low.Units;
        for (int i = start + 1; i < end; i++)
        {
            long done = i - start;
            Int128 line = ticks[start] + (Int128)(ticks[end] - ticks[start]) * done / length;
            Int128 bridge = 4 * done * (length - done);
            Int128 noise = random.Normal(draw + DrawNoise + (ulong)i) * bridge * range / (NoiseDivisor * 1_000_000 * length * length);
            ticks[i] = (long)Int128.Clamp(line + noise, candle.Low.Units, candle.High.Units);
        }
    }
}
