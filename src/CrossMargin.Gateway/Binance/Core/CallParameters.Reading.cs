using System.Globalization;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

public sealed partial class CallParameters
{
    private const string WholeNumber = "^[0-9]{1,20}$";

    /// <summary>A whole number within bounds; the default where it was not sent.</summary>
    public long Whole(string name, long absent, long min, long max)
    {
        if (!TryGet(name, out ReadOnlySpan<char> text)) return absent;
        return ReadWhole(name, text, min, max);
    }

    /// <summary>A whole number within bounds that must be sent.</summary>
    public long RequiredWhole(string name, long min, long max)
    {
        if (TryGet(name, out ReadOnlySpan<char> text)) return ReadWhole(name, text, min, max);
        Fail(BinanceError.Missing(name));
        return 0;
    }

    /// <summary>A number of rows; more than the largest is refused, as at Binance.</summary>
    public int Limit(int absent, int max)
    {
        if (!TryGet("limit", out ReadOnlySpan<char> text)) return absent;
        return (int)ReadWhole("limit", text, 1, max);
    }

    /// <summary>true or false in any letter case; the default where it was not sent.</summary>
    public bool Bool(string name, bool absent)
    {
        if (!TryGet(name, out ReadOnlySpan<char> text)) return absent;
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase)) return true;
        if (text.Equals("false", StringComparison.OrdinalIgnoreCase)) return false;
        Fail(BinanceError.Invalid(name));
        return absent;
    }

    public bool RequiredBool(string name)
    {
        if (Has(name)) return Bool(name, false);
        Fail(BinanceError.Missing(name));
        return false;
    }

    /// <summary>Text that must be sent.</summary>
    public string Text(string name)
    {
        if (TryGet(name, out ReadOnlySpan<char> text)) return text.ToString();
        Fail(BinanceError.Missing(name));
        return "";
    }

    public string TextOr(string name, string absent) => TryGet(name, out ReadOnlySpan<char> text) ? text.ToString() : absent;

    /// <summary>The market that must be named.</summary>
    public MarketFormat Market(MarketFormats markets, string name = "symbol")
    {
        if (!Has(name)) Fail(BinanceError.Missing(name));
        return OptionalMarket(markets, name) ?? markets.First;
    }

    /// <summary>The market named, or null where none is.</summary>
    public MarketFormat? OptionalMarket(MarketFormats markets, string name = "symbol")
    {
        if (!TryGet(name, out ReadOnlySpan<char> symbol)) return null;
        if (markets.TryFind(symbol, out MarketFormat? market) || TryFindUpper(markets, symbol, out market)) return market;
        Fail(BinanceError.UnknownSymbol);
        return null;
    }

    /// <summary>A client's name for an order; none where it was not sent.</summary>
    public ClientOrderId ClientId(string name)
    {
        if (!TryGet(name, out ReadOnlySpan<char> text)) return default;
        if (!ClientOrderId.TryParse(text, out ClientOrderId id)) Fail(new BinanceError(-4015, "Client order id is not valid."));
        return id;
    }

    /// <summary>Times inclusive, in milliseconds; the start must not lie behind the end.</summary>
    public (long Start, long End) Times(long longest = long.MaxValue)
    {
        long start = Whole("startTime", -1, 0, long.MaxValue);
        long end = Whole("endTime", -1, 0, long.MaxValue);
        if (start >= 0 && end >= 0 && start > end) Fail(BinanceError.StartBehindEnd);
        if (start >= 0 && end >= 0 && end - start > longest)
        {
            Fail(new BinanceError(-4165, $"Maximum time interval is {longest / (24 * 3_600_000)} days."));
        }

        return (start, end);
    }

    // Binance takes a symbol in lower case too, and answers with it in upper case.
    private static bool TryFindUpper(MarketFormats markets, ReadOnlySpan<char> symbol, out MarketFormat? market)
    {
        Span<char> upper = stackalloc char[32];
        market = null;
        return symbol.Length <= upper.Length && markets.TryFind(upper[..symbol.ToUpperInvariant(upper)], out market);
    }

    private long ReadWhole(string name, ReadOnlySpan<char> text, long min, long max)
    {
        if (text.Length > 20 || !IsDigits(text))
        {
            Fail(BinanceError.Illegal(name, WholeNumber));
            return min;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= min && value <= max) return value;
        Fail(BinanceError.Invalid(name));
        return min;
    }

    private static bool IsDigits(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
        }

        return !text.IsEmpty;
    }
}
