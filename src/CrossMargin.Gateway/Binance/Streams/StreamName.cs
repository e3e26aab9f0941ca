using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

internal enum StreamKind
{
    AggregateTrade,
    Trade,
    Depth,
    PartialDepth,
    BookTicker,
    Ticker,
    MiniTicker,
    MarkPrice,
    Kline,
    ContinuousKline,
    Liquidation,
    ContractInfo,
}

/// <summary>What a stream's name means. <see cref="Market"/> none: the stream of all markets.</summary>
/// <param name="Milliseconds">How often it speaks, where the name may say it; 0: as things happen.</param>
/// <param name="Levels">Of partial depth: 5, 10 or 20.</param>
internal readonly record struct StreamName(StreamKind Kind, MarketId Market, int Milliseconds, int Levels, KlineInterval Interval)
{
    /// <summary>Reads Binance's names, lower-case symbol and all. False for a name or market that is not known.</summary>
    public static bool TryParse(string name, VenueProfile profile, out StreamName stream)
    {
        stream = default;
        if (name.Length is 0 or > 64) return false;
        if (name[0] == '!') return TryParseAll(name, out stream);
        int at = name.IndexOf('@');
        if (at <= 0) return false;
        string symbol = name[..at];
        string what = name[(at + 1)..];
        bool continuous = symbol.EndsWith("_perpetual", StringComparison.Ordinal);
        if (continuous) symbol = symbol[..^"_perpetual".Length];
        if (symbol.Any(char.IsAsciiLetterUpper) || !profile.TryFind(symbol.ToUpperInvariant(), out MarketSpec? spec)) return false;
        if (!(continuous ? TryParseContinuous(what, out stream) : TryParseOne(what, out stream))) return false;
        stream = stream with { Market = spec.Id };
        return true;
    }

    private static bool TryParseAll(string name, out StreamName stream)
    {
        (bool known, stream) = name switch
        {
            "!bookTicker" => (true, Of(StreamKind.BookTicker)),
            "!ticker@arr" => (true, Of(StreamKind.Ticker)),
            "!miniTicker@arr" => (true, Of(StreamKind.MiniTicker)),
            "!markPrice@arr" => (true, Of(StreamKind.MarkPrice, 3_000)),
            "!markPrice@arr@1s" => (true, Of(StreamKind.MarkPrice, 1_000)),
            "!forceOrder@arr" => (true, Of(StreamKind.Liquidation)),
            "!contractInfo" => (true, Of(StreamKind.ContractInfo)),
            _ => (false, default),
        };
        return known;
    }

    private static bool TryParseOne(string what, out StreamName stream)
    {
        (bool known, stream) = what switch
        {
            "aggTrade" => (true, Of(StreamKind.AggregateTrade)),
            "trade" => (true, Of(StreamKind.Trade)),
            "bookTicker" => (true, Of(StreamKind.BookTicker)),
            "ticker" => (true, Of(StreamKind.Ticker)),
            "miniTicker" => (true, Of(StreamKind.MiniTicker)),
            "markPrice" => (true, Of(StreamKind.MarkPrice, 3_000)),
            "markPrice@1s" => (true, Of(StreamKind.MarkPrice, 1_000)),
            "forceOrder" => (true, Of(StreamKind.Liquidation)),
            _ => (false, default),
        };
        if (known) return true;
        if (what.StartsWith("kline_", StringComparison.Ordinal)) return TryInterval(what[6..], StreamKind.Kline, out stream);
        return what.StartsWith("depth", StringComparison.Ordinal) && TryDepth(what[5..], out stream);
    }

    private static bool TryParseContinuous(string what, out StreamName stream)
    {
        stream = default;
        const string prefix = "continuousKline_";
        return what.StartsWith(prefix, StringComparison.Ordinal) && TryInterval(what[prefix.Length..], StreamKind.ContinuousKline,
            out stream);
    }

    private static bool TryInterval(string text, StreamKind kind, out StreamName stream)
    {
        bool known = KlineIntervals.TryParse(text, out KlineInterval interval);
        stream = Of(kind, 250) with { Interval = interval };
        return known;
    }

    private static bool TryDepth(string rest, out StreamName stream)
    {
        stream = default;
        int at = rest.IndexOf('@');
        string levels = at < 0 ? rest : rest[..at];
        int milliseconds = (at < 0 ? "" : rest[at..]) switch { "" or "@250ms" => 250, "@100ms" => 100, "@500ms" => 500, _ => 0 };
        if (milliseconds == 0 || levels is not ("" or "5" or "10" or "20")) return false;
        stream = Of(levels.Length == 0 ? StreamKind.Depth : StreamKind.PartialDepth, milliseconds);
        if (levels.Length > 0) stream = stream with { Levels = int.Parse(levels, System.Globalization.CultureInfo.InvariantCulture) };
        return true;
    }

    private static StreamName Of(StreamKind kind, int milliseconds = 0) => new(kind, MarketId.None, milliseconds, 0, default);
}
