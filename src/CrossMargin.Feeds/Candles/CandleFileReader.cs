using System.Diagnostics.CodeAnalysis;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Candles;

/// <summary>A bar and the row it came from.</summary>
internal readonly record struct RecordedCandle(Candle Candle, long Row);

/// <summary>
/// Reads one price file row by row and stops at the first fault. Every row of a wanted symbol is checked, also outside the wanted time.
/// </summary>
internal sealed class CandleFileReader
{
    private const int MostColumns = 16;

    private readonly PriceFile _file;
    private readonly CandleQuery _query;
    private readonly SymbolFilter _symbols;
    private readonly Timestamp[] _latest;
    private readonly SortedList<long, long> _distances = [];
    private CandleColumns? _columns;
    private int _onlySlot = -1;
    private Timestamp _time;
    private long _closeTimeLength;

    private CandleFileReader(PriceFile file, CandleQuery query, SymbolFilter symbols)
    {
        (_file, _query, _symbols) = (file, query, symbols);
        _latest = new Timestamp[query.Markets.Count];
        Rows = new List<RecordedCandle>[query.Markets.Count];
        for (int i = 0; i < Rows.Length; i++) Rows[i] = [];
    }

    public PriceFile File => _file;

    /// <summary>The wanted bars of each market of the query, by time.</summary>
    public List<RecordedCandle>[] Rows { get; }

    /// <summary>The most frequent distance between two bars of a symbol (of two as frequent the shorter); 0: it cannot be told.</summary>
    public long BarMilliseconds
    {
        get
        {
            (long length, long most) = (_closeTimeLength, 0);
            foreach ((long distance, long count) in _distances)
            {
                if (count > most) (length, most) = (distance, count);
            }

            return length;
        }
    }

    public static bool TryRead(
        PriceFile file, CandleQuery query, SymbolFilter symbols,
        [NotNullWhen(true)] out CandleFileReader? reader, [NotNullWhen(false)] out FeedError? error)
    {
        reader = new CandleFileReader(file, query, symbols);
        error = file.ReadLines(reader.Line);
        if (error is null && reader._time.Milliseconds == 0) error = new FeedError(file.Path, 1, "no rows follow the header");
        if (error is not null) reader = null;
        return error is null;
    }

    private FeedError? Line(string line, long row)
    {
        if (_columns is not null) return Row(line, row);
        _columns = CandleColumns.Of(line, out string problem);
        if (_columns is null) return new FeedError(_file.Path, row, problem);
        if (_columns.Symbol < 0)
        {
            string symbol = SymbolOf(_file.Path);
            if (!_symbols.TryFind(symbol, out _onlySlot))
            {
                return new FeedError(_file.Path, 0, $"symbol {FeedError.Show(symbol)} (the file's name up to its first '-') has no market");
            }
        }

        return _columns.HasHeader ? null : Row(line, row);
    }

    private FeedError? Row(ReadOnlySpan<char> line, long row)
    {
        CandleColumns columns = _columns!;
        Span<Range> cells = stackalloc Range[MostColumns];
        int count = line.Split(cells, ',');
        if (count != columns.Count) return Fault(row, $"{count} columns, not {columns.Count}: {FeedError.Show(line)}");
        if (!RecordedTime.TryParse(line[cells[columns.Time]], out Timestamp time, out string problem)) return Fault(row, problem);
        if (time < _time) return Fault(row, $"time {FeedError.Show(time)} goes back behind {FeedError.Show(_time)}");
        _time = time;
        int slot = _onlySlot;
        if (columns.Symbol >= 0 && !_symbols.TryFind(line[cells[columns.Symbol]], out slot))
        {
            return Fault(row, $"symbol {FeedError.Show(line[cells[columns.Symbol]])} has no market");
        }

        if (slot < 0) return null;
        MarketSpec market = _symbols.Market(slot);
        if (_latest[slot].Milliseconds > 0)
        {
            long distance = time - _latest[slot];
            if (distance == 0) return Fault(row, $"time {FeedError.Show(time)} is there twice for {market.Symbol}");
            _distances[distance] = _distances.GetValueOrDefault(distance) + 1;
        }

        _latest[slot] = time;
        if (columns.CloseTime >= 0 && _closeTimeLength == 0)
        {
            ReadOnlySpan<char> text = line[cells[columns.CloseTime]];
            if (!RecordedTime.TryParse(text, out Timestamp close, out problem)) return Fault(row, $"close {problem}");
            _closeTimeLength = Math.Max(0, close - time + 1);
        }

        if (!CandleRow.TryParse(line, cells, columns, market, time, out Candle candle, out problem)) return Fault(row, problem);
        bool wanted = !(time < _query.From) && !(time >= _query.To);
        if (wanted) Rows[slot].Add(new RecordedCandle(candle, row));
        return null;
    }

    private FeedError Fault(long row, string problem) => new(_file.Path, row, problem);

    private static string SymbolOf(string path)
    {
        string name = path[(path.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        int end = name.AsSpan().IndexOfAny('-', '.');
        return end < 0 ? name : name[..end];
    }
}
