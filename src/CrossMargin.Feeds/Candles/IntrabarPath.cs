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

    // Noise in the middle of a leg, as a share of the bar's range: one standard deviation is 1/40.
    private const long NoiseDivisor = 40;

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
        long start = (lowFirst ? candle.Low : candle.High).Units;
        long end = (lowFirst ? candle.High : candle.Low).Units;
        (int first, int second) = Turns(random, draw, candle, start, end, ticks.Length - 1);
        ticks[0] = candle.Open.Units;
        ticks[first] = start;
        ticks[second] = end;
        ticks[^1] = candle.Close.Units;
        Leg(random, draw, candle, ticks, 0, first);
        Leg(random, draw, candle, ticks, first, second);
        Leg(random, draw, candle, ticks, second, ticks.Length - 1);
    }

    /// <summary>
    /// At which of <paramref name="last"/> steps the two extremes are met: in proportion to the way to each, give or take a tenth:
    /// because a long way in a single tick would be a jump that the market never made.
    /// </summary>
    private static (int First, int Second) Turns(CounterRandom random, ulong draw, in Candle candle, long start, long end, int last)
    {
        Int128 toFirst = Int128.Abs((Int128)start - candle.Open.Units);
        Int128 toSecond = toFirst + Int128.Abs((Int128)end - start);
        Int128 whole = toSecond + Int128.Abs((Int128)candle.Close.Units - end);
        long first = whole == 0 ? last / 3 : (long)(last * toFirst / whole);
        long second = whole == 0 ? last / 3 * 2 : (long)(last * toSecond / whole);
        first += random.Between(draw + DrawFirst, -last / 10, last / 10);
        second += random.Between(draw + DrawSecond, -last / 10, last / 10);
        int turn = (int)Math.Clamp(first, 1, last - 2);
        return (turn, (int)Math.Clamp(second, turn + 1, last - 1));
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
