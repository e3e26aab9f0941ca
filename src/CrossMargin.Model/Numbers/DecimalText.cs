using System.Globalization;
using System.Numerics;

namespace CrossMargin.Model;

/// <summary>
/// Exact conversion between decimal text and scaled integers; nothing ever goes through a binary float. Accepts an optional sign,
/// digits, one optional point and an optional exponent ("-12.50", "5e-05"); nothing else, no blanks, no thousands separators.
/// </summary>
public static class DecimalText
{
    /// <summary>The longest text that is read; longer input is refused before any arithmetic is done on it.</summary>
    public const int MaxLength = 64;

    /// <summary>Reads text × 10^<paramref name="decimals"/> as a whole number. False when malformed, not exact, or out of 63 bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, int decimals, out long value) =>
        TryParse(text, decimals, DecimalRounding.Exact, out value);

    /// <summary>Reads text × 10^<paramref name="decimals"/>, rounded as asked. False when malformed or out of 63 bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, int decimals, DecimalRounding rounding, out long value)
    {
        value = 0;
        if (!TryParseExact(text, out BigInteger digits, out int scale)) return false;
        if (!TryScale(digits, scale, BigInteger.Pow(10, decimals), rounding, out BigInteger scaled)) return false;
        if (scaled < long.MinValue || scaled > long.MaxValue) return false;
        value = (long)scaled;
        return true;
    }

    /// <summary>Reads text × 10^<paramref name="decimals"/> as a whole number. False when malformed, not exact, or out of 127 bits.</summary>
    public static bool TryParseWide(ReadOnlySpan<char> text, int decimals, out Int128 value)
    {
        value = 0;
        if (!TryParseExact(text, out BigInteger digits, out int scale)) return false;
        if (!TryScale(digits, scale, BigInteger.Pow(10, decimals), DecimalRounding.Exact, out BigInteger scaled)) return false;
        if (scaled < (BigInteger)Int128.MinValue || scaled > (BigInteger)Int128.MaxValue) return false;
        value = (Int128)scaled;
        return true;
    }

    /// <summary>Reads text as a count of <paramref name="unitE18"/> (a unit given in 1e-18), rounded as asked.</summary>
    public static bool TryParseUnits(ReadOnlySpan<char> text, Int128 unitE18, DecimalRounding rounding, out long units)
    {
        units = 0;
        if (!TryParseExact(text, out BigInteger digits, out int scale)) return false;
        BigInteger numerator = digits * BigInteger.Pow(10, 18);
        BigInteger denominator = (BigInteger)unitE18 * BigInteger.Pow(10, Math.Max(scale, 0));
        if (scale < 0) numerator *= BigInteger.Pow(10, -scale);
        if (!Divide(numerator, denominator, rounding, out BigInteger q) || q < long.MinValue || q > long.MaxValue) return false;
        units = (long)q;
        return true;
    }

    /// <summary>value / 10^decimals without trailing zeros.</summary>
    public static string Format(Int128 value, int decimals)
    {
        string digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        string whole = digits[..^decimals];
        string fraction = digits[^decimals..].TrimEnd('0');
        return (value < 0 ? "-" : "") + whole + (fraction.Length > 0 ? "." + fraction : "");
    }

    /// <summary>value / 10^decimals with exactly that many decimals ("1.50").</summary>
    public static string FormatFixed(Int128 value, int decimals)
    {
        string digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        string sign = value < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static bool TryParseExact(ReadOnlySpan<char> text, out BigInteger digits, out int scale)
    {
        digits = 0;
        scale = 0;
        if (text.IsEmpty || text.Length > MaxLength) return false;
        int exponent = 0;
        int e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return false;
            if (exponent is < -40 or > 40) return false;
            text = text[..e];
        }

        bool negative = false;
        if (text.Length > 0 && text[0] is '-' or '+')
        {
            negative = text[0] == '-';
            text = text[1..];
        }

        int point = text.IndexOf('.');
        int fraction = point < 0 ? 0 : text.Length - point - 1;
        if (text.Length - (point < 0 ? 0 : 1) == 0) return false;
        ulong small = 0;
        int count = 0;
        foreach (char c in text)
        {
            if (c == '.' && point >= 0)
            {
                if (count++ == point) continue;
                return false;
            }

            if (!char.IsAsciiDigit(c)) return false;
            count++;
            if (count <= 19) small = small * 10 + (ulong)(c - '0');
        }

        digits = count <= 19 ? small : BigInteger.Parse(point < 0 ? text : string.Concat(text[..point], text[(point + 1)..]), CultureInfo.InvariantCulture);
        if (negative) digits = -digits;
        scale = fraction - exponent;
        return true;
    }

    private static bool TryScale(BigInteger digits, int scale, BigInteger factor, DecimalRounding rounding, out BigInteger scaled)
    {
        BigInteger numerator = digits * factor;
        if (scale <= 0)
        {
            scaled = numerator * BigInteger.Pow(10, -scale);
            return true;
        }

        return Divide(numerator, BigInteger.Pow(10, scale), rounding, out scaled);
    }

    private static bool Divide(BigInteger numerator, BigInteger denominator, DecimalRounding rounding, out BigInteger q)
    {
        q = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        if (remainder.IsZero) return true;
        if (rounding == DecimalRounding.Exact) return false;
        if (remainder.Sign < 0)
        {
            q -= 1;
            remainder += denominator;
        }

        BigInteger twice = remainder * 2;
        bool up = rounding switch
        {
            DecimalRounding.Up => true,
            DecimalRounding.HalfEven => twice > denominator || (twice == denominator && !q.IsEven),
            _ => false,
        };
        if (up) q += 1;
        return true;
    }
}

/// <summary>What to do with decimals that do not fit: refuse, towards −∞, towards +∞, or to the nearest with ties to even.</summary>
public enum DecimalRounding
{
    Exact,
    Down,
    Up,
    HalfEven,
}
