using System.Diagnostics.CodeAnalysis;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Candles;

/// <summary>
/// Reads recorded candles from one or more files. Two forms, told apart by the first line: <c>time,symbol,open,high,low,close,volume</c>
/// with several symbols a file, rows by time; and Binance's public klines (12 columns, with or without header), one symbol a file, named
/// by the file's name up to the first '-'. Times in milliseconds or microseconds. Nothing is repaired: the first fault ends the reading.
/// A missing bar is none: the replay holds the last close over it.
/// </summary>
public static class CandleFiles
{
    /// <summary>Reads the files of the given paths.</summary>
    public static bool TryRead(
        IReadOnlyList<string> paths, CandleQuery query, [NotNullWhen(true)] out CandleSet? set, [NotNullWhen(false)] out FeedError? error)
    {
        set = null;
        var files = new List<PriceFile>();
        foreach (string path in paths)
        {
            if (!PriceFile.TryLoad(path, out PriceFile? file, out error)) return false;
            files.Add(file);
        }

        return TryRead(files, query, out set, out error);
    }

    /// <summary>
    /// Combines loaded files: the same symbol may go on from file to file, in any order, but no two may overlap; all bars have one
    /// length and lie on one grid.
    /// </summary>
    public static bool TryRead(
        IReadOnlyList<PriceFile> files, CandleQuery query,
        [NotNullWhen(true)] out CandleSet? set, [NotNullWhen(false)] out FeedError? error)
    {
        set = null;
        var symbols = new SymbolFilter(query.Markets, query.Symbols);
        error = symbols.Check();
        if (error is not null) return false;
        var readers = new List<CandleFileReader>();
        foreach (PriceFile file in files)
        {
            if (!CandleFileReader.TryRead(file, query, symbols, out CandleFileReader? reader, out error)) return false;
            readers.Add(reader);
        }

        error = CheckGrid(readers, out long bar);
        if (error is not null) return false;
        var series = new List<CandleSeries>();
        for (int slot = 0; slot < query.Markets.Count; slot++)
        {
            if (!TryJoin(readers, slot, query.Markets[slot], out Candle[] bars, out error)) return false;
            if (bars.Length > 0) series.Add(new CandleSeries(query.Markets[slot], bars));
        }

        error = CheckSymbols(query, series);
        if (error is not null) return false;
        series.Sort((a, b) => a.Market.Id.CompareTo(b.Market.Id));
        set = new CandleSet(bar, series, files);
        return true;
    }

    /// <summary>One bar length in all files, and every bar a whole number of lengths from the first.</summary>
    private static FeedError? CheckGrid(List<CandleFileReader> readers, out long bar)
    {
        bar = 0;
        CandleFileReader? first = null;
        Timestamp? origin = null;
        foreach (CandleFileReader reader in readers)
        {
            if (reader.BarMilliseconds == 0) continue;
            first ??= reader;
            bar = first.BarMilliseconds;
            if (reader.BarMilliseconds != bar)
            {
                string problem = $"bars of {reader.BarMilliseconds} ms, but {first.File.Path} has bars of {bar} ms";
                return new FeedError(reader.File.Path, 0, problem);
            }
        }

        foreach (CandleFileReader reader in readers)
        {
            foreach (List<RecordedCandle> rows in reader.Rows)
            {
                foreach ((Candle candle, long row) in rows)
                {
                    if (bar == 0) return new FeedError(reader.File.Path, row, "the length of a bar cannot be told from single bars");
                    origin ??= candle.OpenTime;
                    if ((candle.OpenTime - origin.Value) % bar == 0) continue;
                    string problem = $"time {FeedError.Show(candle.OpenTime)} lies between two bars of {bar} ms";
                    return new FeedError(reader.File.Path, row, problem);
                }
            }
        }

        return origin is null ? new FeedError("", 0, "no bar of the price files lies in the time asked for") : null;
    }

    private static bool TryJoin(
        List<CandleFileReader> readers, int slot, MarketSpec market, out Candle[] bars, [NotNullWhen(false)] out FeedError? error)
    {
        List<CandleFileReader> parts = [.. readers.Where(r => r.Rows[slot].Count > 0).OrderBy(r => r.Rows[slot][0].Candle.OpenTime)];
        bars = new Candle[parts.Sum(p => p.Rows[slot].Count)];
        int at = 0;
        for (int i = 0; i < parts.Count; i++)
        {
            (Candle first, long row) = parts[i].Rows[slot][0];
            if (i > 0 && first.OpenTime <= bars[at - 1].OpenTime)
            {
                error = new FeedError(parts[i].File.Path, row, $"{market.Symbol} at {FeedError.Show(first.OpenTime)} overlaps with "
                    + $"{parts[i - 1].File.Path}, which ends at {FeedError.Show(bars[at - 1].OpenTime)}");
                return false;
            }

            foreach (RecordedCandle recorded in parts[i].Rows[slot]) bars[at++] = recorded.Candle;
        }

        error = null;
        return true;
    }

    private static FeedError? CheckSymbols(CandleQuery query, List<CandleSeries> series)
    {
        foreach (string symbol in query.Symbols ?? [])
        {
            if (series.TrueForAll(s => s.Market.Symbol != symbol))
            {
                return new FeedError("", 0, $"no price file has a bar of {FeedError.Show(symbol)} in the time asked for");
            }
        }

        return null;
    }
}
