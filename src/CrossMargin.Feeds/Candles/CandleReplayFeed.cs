using System.Diagnostics.CodeAnalysis;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Candles;

/// <summary>
/// Replays recorded candles as index ticks: each bar becomes equally many, the k-th at opening time + k × bar / ticks, along
/// <see cref="IntrabarPath"/>. Each tick carries the volume of its whole bar. A market gives no price before its first bar; over a
/// missing bar and after its last it holds the last close, with volume 0.
/// </summary>
public sealed class CandleReplayFeed : LockStepFeed
{
    public const int DefaultTicksPerBar = 20;

    private readonly CandleSet _set;
    private readonly ulong _seed;
    private readonly int _ticksPerBar;
    private readonly long[][] _path;
    private readonly Quantity[] _volume;
    private readonly int[] _index;
    private long _bar = -1;

    private CandleReplayFeed(CandleSet set, ulong seed, int ticksPerBar, IReadOnlyList<FundingUpdate> funding)
        : base(set.Start, set.BarMilliseconds / ticksPerBar, set.BarCount * ticksPerBar, funding)
    {
        (_set, _seed, _ticksPerBar) = (set, seed, ticksPerBar);
        _path = new long[set.Series.Count][];
        for (int i = 0; i < _path.Length; i++) _path[i] = new long[ticksPerBar];
        _volume = new Quantity[set.Series.Count];
        _index = new int[set.Series.Count];
    }

    /// <summary>
    /// <paramref name="ticksPerBar"/> must be 4 to 1,000 and divide the bar into whole milliseconds. <paramref name="funding"/>: recorded
    /// rates by time, then market (<see cref="Funding.FundingFile"/>), or none; those of markets without candles are left out.
    /// </summary>
    public static bool TryCreate(
        CandleSet set, ulong seed, int ticksPerBar, IReadOnlyList<FundingUpdate> funding,
        [NotNullWhen(true)] out CandleReplayFeed? feed, [NotNullWhen(false)] out FeedError? error)
    {
        (feed, error) = (null, null);
        if (ticksPerBar is < IntrabarPath.FewestTicks or > IntrabarPath.MostTicks)
        {
            string range = $"{IntrabarPath.FewestTicks} and {IntrabarPath.MostTicks}";
            error = new FeedError("", 0, $"{ticksPerBar} ticks a bar are not between {range}");
        }
        else if (set.BarMilliseconds % ticksPerBar != 0)
        {
            error = new FeedError("", 0, $"{ticksPerBar} ticks do not divide a bar of {set.BarMilliseconds} ms into whole milliseconds");
        }
        else
        {
            List<FundingUpdate> priced = [.. funding.Where(f => set.Series.Any(s => s.Market.Id == f.Market))];
            feed = new CandleReplayFeed(set, seed, ticksPerBar, priced);
        }

        return feed is not null;
    }

    protected override void Prices(long step, List<IndexUpdate> updates)
    {
        (long bar, long tick) = Math.DivRem(step, _ticksPerBar);
        if (bar != _bar) Prepare(bar);
        for (int i = 0; i < _path.Length; i++)
        {
            if (_index[i] >= 0) updates.Add(new IndexUpdate(_set.Series[i].Market.Id, new Price(_path[i][tick]), _volume[i]));
        }
    }

    private void Prepare(long bar)
    {
        Timestamp open = Start.AddMilliseconds(bar * _set.BarMilliseconds);
        for (int i = 0; i < _path.Length; i++)
        {
            CandleSeries series = _set.Series[i];
            _index[i] = series.IndexAt(open);
            if (_index[i] < 0) continue;
            ref readonly Candle candle = ref series.Bars[_index[i]];
            bool missing = candle.OpenTime != open;
            _volume[i] = missing ? Quantity.Zero : candle.Volume;
            if (missing) Array.Fill(_path[i], candle.Close.Units);
            else IntrabarPath.Fill(_seed, series.Market.Id, candle, _path[i]);
        }

        _bar = bar;
    }
}
