using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>Of what the candles are made.</summary>
public enum KlineSeries
{
    /// <summary>Trades in the book.</summary>
    Trades = 1,
    Mark = 2,
    Index = 3,
}

/// <summary>Binance's candle intervals. Weeks begin on Monday, months on their first day, all in UTC.</summary>
public enum KlineInterval
{
    OneMinute = 1,
    ThreeMinutes,
    FiveMinutes,
    FifteenMinutes,
    ThirtyMinutes,
    OneHour,
    TwoHours,
    FourHours,
    SixHours,
    EightHours,
    TwelveHours,
    OneDay,
    ThreeDays,
    OneWeek,
    OneMonth,
}

public static class KlineIntervals
{
    private const long Minute = 60_000;
    private const long Day = 24 * 60 * Minute;

    private static readonly (string Name, KlineInterval Interval, long Length)[] s_all =
    [
        ("1m", KlineInterval.OneMinute, Minute),
        ("3m", KlineInterval.ThreeMinutes, 3 * Minute),
        ("5m", KlineInterval.FiveMinutes, 5 * Minute),
        ("15m", KlineInterval.FifteenMinutes, 15 * Minute),
        ("30m", KlineInterval.ThirtyMinutes, 30 * Minute),
        ("1h", KlineInterval.OneHour, 60 * Minute),
        ("2h", KlineInterval.TwoHours, 120 * Minute),
        ("4h", KlineInterval.FourHours, 240 * Minute),
        ("6h", KlineInterval.SixHours, 360 * Minute),
        ("8h", KlineInterval.EightHours, 480 * Minute),
        ("12h", KlineInterval.TwelveHours, 720 * Minute),
        ("1d", KlineInterval.OneDay, Day),
        ("3d", KlineInterval.ThreeDays, 3 * Day),
        ("1w", KlineInterval.OneWeek, 7 * Day),
        ("1M", KlineInterval.OneMonth, 0),
    ];

    public static IReadOnlyList<KlineInterval> All { get; } = [.. s_all.Select(i => i.Interval)];

    /// <summary>Binance's text, case-sensitive: "1m" is a minute, "1M" a month.</summary>
    public static bool TryParse(string text, out KlineInterval interval)
    {
        foreach ((string name, KlineInterval known, _) in s_all)
        {
            if (name != text) continue;
            interval = known;
            return true;
        }

        interval = default;
        return false;
    }

    public static string Name(KlineInterval interval) => s_all[(int)interval - 1].Name;

    /// <summary>The open time of the candle that holds a time (≥ 0).</summary>
    public static Timestamp OpenOf(KlineInterval interval, Timestamp time)
    {
        if (interval == KlineInterval.OneMonth) return Month(time, 0);
        long length = s_all[(int)interval - 1].Length;

        // The epoch was a Thursday; the Monday before it began three days earlier.
        long shift = interval == KlineInterval.OneWeek ? 3 * Day : 0;
        return new Timestamp((time.Milliseconds + shift) / length * length - shift);
    }

    /// <summary>The open time of the next candle.</summary>
    public static Timestamp NextOpen(KlineInterval interval, Timestamp open) =>
        interval == KlineInterval.OneMonth ? Month(open, 1) : open.AddMilliseconds(s_all[(int)interval - 1].Length);

    private static Timestamp Month(Timestamp time, int after)
    {
        DateTimeOffset t = DateTimeOffset.FromUnixTimeMilliseconds(time.Milliseconds);
        return new Timestamp(new DateTimeOffset(t.Year, t.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(after).ToUnixTimeMilliseconds());
    }
}

/// <summary>One candle. Prices are none where there was never one.</summary>
/// <param name="Open">Its first price: for trades the first trade's, else the one it opened at.</param>
/// <param name="Quote">Σ price × quantity.</param>
/// <param name="TakerBuyVolume">Of trades whose taker bought.</param>
/// <param name="FirstTrade">0 without a trade, as the last one.</param>
public readonly record struct Kline(
    Timestamp OpenTime, Price Open, Price High, Price Low, Price Close, Quantity Volume, Amount Quote, long Trades, Quantity TakerBuyVolume,
    Amount TakerBuyQuote, long FirstTrade, long LastTrade);
