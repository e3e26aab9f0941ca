using System.Globalization;
using CrossMargin.Model;

namespace CrossMargin.Feeds;

/// <summary>Times of recorded files: Unix milliseconds, or microseconds (Binance's newer files), told apart by their size.</summary>
internal static class RecordedTime
{
    private static readonly Timestamp Earliest = new(946_684_800_000);
    private static readonly Timestamp Latest = new(4_102_444_800_000);

    // Milliseconds reach this in the year 5138, microseconds passed it in 1973.
    private const long SmallestMicroseconds = 100_000_000_000_000;

    /// <summary>
    /// Reads a time between the years 2000 and 2100; microseconds are cut to the millisecond. False, with a sentence, for anything else.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Timestamp time, out string problem)
    {
        time = default;
        problem = "";
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            problem = $"time {FeedError.Show(text)} is no whole number";
            return false;
        }

        time = new Timestamp(value >= SmallestMicroseconds ? value / 1_000 : value);
        if (time >= Earliest && time < Latest) return true;
        problem = $"time {FeedError.Show(text)} is not in milliseconds or microseconds of the years 2000 to 2099";
        return false;
    }
}
