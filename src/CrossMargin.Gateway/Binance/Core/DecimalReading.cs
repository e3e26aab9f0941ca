using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>How a decimal text reads against a number of decimals.</summary>
internal enum DecimalFault
{
    None,
    Malformed,

    /// <summary>More decimals than there are, not zeros.</summary>
    TooFine,

    /// <summary>Beyond 63 bits.</summary>
    TooLarge,
}

/// <summary>Reads decimal text as value × 10^decimals, exactly. Short plain texts take a path without big numbers.</summary>
internal static class DecimalReading
{
    private static readonly long[] s_powers = [.. Enumerable.Range(0, 19).Select(Power)];

    public static DecimalFault Read(ReadOnlySpan<char> text, int decimals, out long value)
    {
        value = 0;
        if (TryPlain(text, out long digits, out int scale) && scale <= decimals && decimals - scale < s_powers.Length)
        {
            Int128 scaled = (Int128)digits * s_powers[decimals - scale];
            if (scaled > long.MaxValue) return DecimalFault.TooLarge;
            value = (long)scaled;
            return DecimalFault.None;
        }

        if (DecimalText.TryParse(text, decimals, out value)) return DecimalFault.None;
        if (!IsDecimal(text)) return DecimalFault.Malformed;
        return DecimalText.TryParse(text, decimals, DecimalRounding.Down, out _) ? DecimalFault.TooFine : DecimalFault.TooLarge;
    }

    /// <summary>Digits with at most one point, at most 18 of them; no sign, no exponent.</summary>
    private static bool TryPlain(ReadOnlySpan<char> text, out long digits, out int scale)
    {
        digits = 0;
        scale = 0;
        if (text.Length is 0 or > 19) return false;
        int point = -1;
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '.')
            {
                if (point >= 0) return false;
                point = i;
                continue;
            }

            if (!char.IsAsciiDigit(c) || ++count > 18) return false;
            digits = digits * 10 + (c - '0');
        }

        if (point >= 0) scale = text.Length - point - 1;
        return count > 0;
    }

    /// <summary>A decimal of any size as far as it is read at all; the sizes that are not are bounded by its length.</summary>
    private static bool IsDecimal(ReadOnlySpan<char> text) =>
        DecimalText.TryParseWide(text, 0, out _) || DecimalText.TryParse(text, 0, DecimalRounding.Down, out _) || IsLongPlain(text);

    private static bool IsLongPlain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > DecimalText.MaxLength) return false;
        int points = 0;
        foreach (char c in text)
        {
            if (c == '.') points++;
            else if (!char.IsAsciiDigit(c)) return false;
        }

        return points <= 1 && text.Length > points;
    }

    private static long Power(int exponent)
    {
        long power = 1;
        for (int i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}
