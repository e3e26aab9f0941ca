using System.Diagnostics.CodeAnalysis;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Feeds.Funding;

/// <summary>
/// Reads recorded funding rates: <c>time,symbol,funding_rate</c>, rows by time. Exchanges stamp settlements a few milliseconds late, so
/// times are rounded to the nearest minute. The rate is a fraction per interval, rounded to 1e-8 half to even.
/// </summary>
public static class FundingFile
{
    private const string Header = "time,symbol,funding_rate";
    private const long Minute = 60_000;

    /// <summary>
    /// Reads one file. Symbols without a market are an error unless <see cref="CandleQuery.Symbols"/> leaves them out; rates before
    /// <see cref="CandleQuery.From"/> or at or after <see cref="CandleQuery.To"/> are left out.
    /// </summary>
    public static bool TryRead(
        PriceFile file, Candles.CandleQuery query,
        [NotNullWhen(true)] out List<FundingUpdate>? rates, [NotNullWhen(false)] out FeedError? error)
    {
        var symbols = new SymbolFilter(query.Markets, query.Symbols);
        var reader = new Reader(file, query, symbols);
        error = symbols.Check() ?? file.ReadLines(reader.Line);
        rates = error is null ? reader.Rates : null;
        rates?.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Market.CompareTo(b.Market));
        return error is null;
    }

    private sealed class Reader(PriceFile file, Candles.CandleQuery query, SymbolFilter symbols)
    {
        private readonly Timestamp[] _latest = new Timestamp[query.Markets.Count];
        private Timestamp _time;

        public List<FundingUpdate> Rates { get; } = [];

        public FeedError? Line(string line, long row)
        {
            if (row > 1) return Row(line, row);
            return line == Header ? null : Fault(row, $"the header is {FeedError.Show(line)}, not '{Header}'");
        }

        private FeedError? Row(ReadOnlySpan<char> line, long row)
        {
            Span<Range> cells = stackalloc Range[4];
            int count = line.Split(cells, ',');
            if (count != 3) return Fault(row, $"{count} columns, not 3: {FeedError.Show(line)}");
            if (!RecordedTime.TryParse(line[cells[0]], out Timestamp exact, out string problem)) return Fault(row, problem);
            var time = new Timestamp((exact.Milliseconds + Minute / 2) / Minute * Minute);
            if (time < _time) return Fault(row, $"time {FeedError.Show(exact)} goes back behind {FeedError.Show(_time)}");
            _time = time;
            ReadOnlySpan<char> symbol = line[cells[1]];
            if (!symbols.TryFind(symbol, out int slot)) return Fault(row, $"symbol {FeedError.Show(symbol)} has no market");
            if (slot < 0) return null;
            if (time == _latest[slot]) return Fault(row, $"time {FeedError.Show(exact)} is there twice for {symbols.Market(slot).Symbol}");
            _latest[slot] = time;
            ReadOnlySpan<char> text = line[cells[2]];
            if (!DecimalText.TryParse(text, 8, DecimalRounding.HalfEven, out long rate))
            {
                return Fault(row, $"funding rate {FeedError.Show(text)} is no decimal number");
            }

            if (rate is <= -Rate.One or >= Rate.One) return Fault(row, $"funding rate {FeedError.Show(text)} is not between -1 and 1");
            if (time < query.From || time >= query.To) return null;
            Rates.Add(new FundingUpdate(symbols.Market(slot).Id, time, new Rate(rate)));
            return null;
        }

        private FeedError Fault(long row, string problem) => new(file.Path, row, problem);
    }
}
