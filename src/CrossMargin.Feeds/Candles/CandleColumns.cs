namespace CrossMargin.Feeds.Candles;

/// <summary>Where the values of a row stand. Told from a file's first line.</summary>
/// <param name="Count">Columns of each row.</param>
/// <param name="Symbol">−1 when the file holds one symbol, named by the file.</param>
/// <param name="CloseTime">The bar's last moment; −1 when there is no such column.</param>
/// <param name="HasHeader">Whether the first line is a header and no data.</param>
internal sealed record CandleColumns(
    int Count, int Time, int Symbol, int Open, int High, int Low, int Close, int Volume, int CloseTime, bool HasHeader)
{
    private static readonly string[] Own = ["time", "symbol", "open", "high", "low", "close", "volume"];

    // Binance's names differ a little between its spot and futures files; the columns after the close time are not used.
    private static readonly string[][] Binance =
    [
        ["open_time"], ["open"], ["high"], ["low"], ["close"], ["volume"], ["close_time"],
        ["quote_volume", "quote_asset_volume"], ["count", "number_of_trades", "trades"],
        ["taker_buy_volume", "taker_buy_base_volume", "taker_buy_base_asset_volume"],
        ["taker_buy_quote_volume", "taker_buy_quote_asset_volume"], ["ignore"],
    ];

    /// <summary>The layout that a first line announces, or a sentence saying why it announces none.</summary>
    public static CandleColumns? Of(string firstLine, out string problem)
    {
        problem = "";
        string[] names = firstLine.Split(',');
        if (char.IsAsciiDigit(firstLine[0]))
        {
            if (names.Length == Binance.Length) return OfBinance(hasHeader: false);
            problem = $"no header, and {names.Length} columns where Binance's klines have {Binance.Length}";
            return null;
        }

        return names.Contains("open_time") ? OfBinanceHeader(names, out problem) : OfOwnHeader(names, out problem);
    }

    private static CandleColumns OfBinance(bool hasHeader) => new(Binance.Length, 0, -1, 1, 2, 3, 4, 5, 6, hasHeader);

    private static CandleColumns? OfBinanceHeader(string[] names, out string problem)
    {
        problem = "";
        for (int i = 0; i < names.Length; i++)
        {
            if (i < Binance.Length && Binance[i].Contains(names[i])) continue;
            problem = $"unknown column {FeedError.Show(names[i])} at place {i + 1}";
            return null;
        }

        if (names.Length == Binance.Length) return OfBinance(hasHeader: true);
        problem = $"column '{Binance[names.Length][0]}' is missing";
        return null;
    }

    private static CandleColumns? OfOwnHeader(string[] names, out string problem)
    {
        problem = "";
        var place = new int[Own.Length];
        Array.Fill(place, -1);
        for (int i = 0; i < names.Length; i++)
        {
            int known = Array.IndexOf(Own, names[i]);
            if (known < 0) problem = $"unknown column {FeedError.Show(names[i])}; known are {string.Join(',', Own)}";
            else if (place[known] >= 0) problem = $"column '{names[i]}' is there twice";
            if (problem.Length > 0) return null;
            place[known] = i;
        }

        int missing = Array.IndexOf(place, -1);
        if (missing < 0) return new(Own.Length, place[0], place[1], place[2], place[3], place[4], place[5], place[6], -1, true);
        problem = $"column '{Own[missing]}' is missing";
        return null;
    }
}
