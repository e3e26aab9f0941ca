using CrossMargin.Model;

namespace CrossMargin.Feeds.Candles;

/// <summary>What to read from price files.</summary>
public sealed record CandleQuery
{
    /// <summary>The markets of the exchange; each symbol of a file must name one, unless <see cref="Symbols"/> leaves it out.</summary>
    public required IReadOnlyList<MarketSpec> Markets { get; init; }

    /// <summary>Only bars that open at or after this moment.</summary>
    public Timestamp? From { get; init; }

    /// <summary>Only bars that open before this moment.</summary>
    public Timestamp? To { get; init; }

    /// <summary>Only these symbols, each of which must be in a file; null for all.</summary>
    public IReadOnlyList<string>? Symbols { get; init; }
}

/// <summary>The bars of one market, by time, without gaps filled; at least one.</summary>
public sealed record CandleSeries(MarketSpec Market, Candle[] Bars)
{
    /// <summary>The index of the last bar that opened at or before <paramref name="time"/>; −1 when the series begins later.</summary>
    public int IndexAt(Timestamp time)
    {
        int low = 0;
        int high = Bars.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Bars[middle].OpenTime <= time) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }
}

/// <summary>
/// Bars of one length for several markets, read and checked by <see cref="CandleFiles"/>. Immutable. A market may begin later or end
/// earlier than the others and may lack bars in between; every bar lies on the grid
/// <see cref="Start"/> + n × <see cref="BarMilliseconds"/>.
/// </summary>
public sealed class CandleSet
{
    internal CandleSet(long barMilliseconds, IReadOnlyList<CandleSeries> series, IReadOnlyList<PriceFile> files)
    {
        BarMilliseconds = barMilliseconds;
        Series = series;
        Files = files;
        Start = series.Min(s => s.Bars[0].OpenTime);
        BarCount = (series.Max(s => s.Bars[^1].OpenTime) - Start) / barMilliseconds + 1;
    }

    public long BarMilliseconds { get; }

    /// <summary>When the first bar of any market opens.</summary>
    public Timestamp Start { get; }

    /// <summary>Bars from the first to the last of any market, missing ones counted.</summary>
    public long BarCount { get; }

    /// <summary>In market id order; markets without a bar are left out.</summary>
    public IReadOnlyList<CandleSeries> Series { get; }

    /// <summary>The files in the order given, with their hashes.</summary>
    public IReadOnlyList<PriceFile> Files { get; }
}
