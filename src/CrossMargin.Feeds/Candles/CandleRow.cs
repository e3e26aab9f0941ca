using CrossMargin.Model;

namespace CrossMargin.Feeds.Candles;

/// <summary>The numbers of one row as a <see cref="Candle"/> of its market, or a sentence saying which of them cannot be.</summary>
internal static class CandleRow
{
    public static bool TryParse(
        ReadOnlySpan<char> line, ReadOnlySpan<Range> cells, CandleColumns columns, MarketSpec market, Timestamp time,
        out Candle candle, out string problem)
    {
        candle = default;
        if (!TryPrice(line[cells[columns.Open]], market, "open", out Price open, out problem)
            || !TryPrice(line[cells[columns.High]], market, "high", out Price high, out problem)
            || !TryPrice(line[cells[columns.Low]], market, "low", out Price low, out problem)
            || !TryPrice(line[cells[columns.Close]], market, "close", out Price close, out problem)
            || !TryVolume(line[cells[columns.Volume]], market, out Quantity volume, out problem))
        {
            return false;
        }

        if (low > open) problem = $"low {market.Format(low)} is above open {market.Format(open)}";
        else if (low > close) problem = $"low {market.Format(low)} is above close {market.Format(close)}";
        else if (high < open) problem = $"high {market.Format(high)} is below open {market.Format(open)}";
        else if (high < close) problem = $"high {market.Format(high)} is below close {market.Format(close)}";
        candle = new Candle(time, open, high, low, close, volume);
        return problem.Length == 0;
    }

    private static bool TryPrice(ReadOnlySpan<char> text, MarketSpec market, string name, out Price price, out string problem)
    {
        string fault = "";
        if (!market.TryParsePrice(text, DecimalRounding.HalfEven, out price)) fault = "is no decimal number";
        else if (price.Units < 0 || text[0] == '-') fault = "is negative";
        else if (price.IsNone) fault = $"is zero in the price units of {market.Symbol}";
        else if (price > market.MaxPrice) fault = $"is above the highest price of {market.Symbol}, {market.Format(market.MaxPrice)}";
        problem = fault.Length == 0 ? "" : $"{name} {FeedError.Show(text)} {fault}";
        return fault.Length == 0;
    }

    private static bool TryVolume(ReadOnlySpan<char> text, MarketSpec market, out Quantity volume, out string problem)
    {
        string fault = "";
        if (!market.TryParseQuantity(text, DecimalRounding.Down, out volume)) fault = "is no decimal number";
        else if (volume.Sign < 0) fault = "is negative";
        problem = fault.Length == 0 ? "" : $"volume {FeedError.Show(text)} {fault}";
        return fault.Length == 0;
    }
}
