using System.Globalization;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate;

/// <summary>Reads the values of options; what does not fit is a <see cref="BadInputException"/> that names the option and the value.</summary>
public static class OptionText
{
    private static readonly string[] s_times = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.fff"];

    public static long Whole(string option, string text, long min, long max)
    {
        bool ok = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value);
        return ok && value >= min && value <= max ? value : throw Wrong(option, text, $"a whole number from {min} to {max}");
    }

    /// <summary>Any 64-bit seed, without a sign.</summary>
    public static ulong Seed(string option, string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw Wrong(option, text, $"a whole number from 0 to {ulong.MaxValue}");

    /// <summary>A decimal number in 1e-6, from 0 to 1,000,000.</summary>
    public static long Micro(string option, string text)
    {
        bool ok = DecimalText.TryParse(text, 6, out long value);
        return ok && value is >= 0 and <= 1_000_000_000_000 ? value : throw Wrong(option, text, "a number from 0 to 1000000");
    }

    /// <summary>A day or moment in UTC ("2021-05-19", "2021-05-19T12:05"), or Unix milliseconds.</summary>
    public static Timestamp Time(string option, string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long ms) && ms is >= 946_684_800_000 and < 4_102_444_800_000)
        {
            return new Timestamp(ms);
        }

        string plain = text.EndsWith('Z') ? text[..^1] : text;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(plain, s_times, CultureInfo.InvariantCulture, Utc, out DateTimeOffset time) && time.Year is >= 2000 and < 2100)
        {
            return new Timestamp(time.ToUnixTimeMilliseconds());
        }

        throw Wrong(option, text, "a UTC time of the years 2000 to 2099 such as 2021-05-19 or 2021-05-19T12:05");
    }

    /// <summary>Names between commas, none empty and none twice, as they were given.</summary>
    public static string[] Names(string option, string text)
    {
        string[] names = text.Split(',', StringSplitOptions.TrimEntries);
        if (Array.Exists(names, n => n.Length == 0)) throw Wrong(option, text, "names between commas");
        for (int i = 0; i < names.Length; i++)
        {
            if (Array.IndexOf(names, names[i]) < i) throw new BadInputException($"{option}: '{names[i]}' is there twice");
        }

        return names;
    }

    public static string OneOf(string option, string text, params string[] known) =>
        Array.IndexOf(known, text) >= 0 ? text : throw Wrong(option, text, string.Join(", ", known[..^1]) + " or " + known[^1]);

    public static BadInputException Wrong(string option, string text, string expected) =>
        new($"{option}: '{Shown(text)}' is not {expected}");

    /// <summary>A value as it can stand in a message.</summary>
    public static string Shown(string text)
    {
        string line = string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
        return line.Length <= 60 ? line : line[..57] + "...";
    }
}
