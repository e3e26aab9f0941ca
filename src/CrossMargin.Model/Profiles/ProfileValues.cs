using System.Text.Json;

namespace CrossMargin.Model;

/// <summary>
/// Reads single JSON values of a profile. Decimals are strings: a JSON number would pass through binary floats in most tools.
/// </summary>
internal static class ProfileValues
{
    public static bool TryE8(JsonElement value, out long e8)
    {
        e8 = 0;
        return value.ValueKind == JsonValueKind.String && DecimalText.TryParse(value.GetString(), 8, out e8);
    }

    /// <summary>A decimal above 0 and at most 10^12, exact in 1e-18.</summary>
    public static bool TryPositiveE18(JsonElement value, out Int128 e18)
    {
        e18 = 0;
        return value.ValueKind == JsonValueKind.String && DecimalText.TryParseWide(value.GetString(), 18, out e18)
            && e18 > 0 && e18 <= PowerOfTen(30);
    }

    public static bool TryDuration(JsonElement value, out long milliseconds)
    {
        milliseconds = 0;
        if (value.ValueKind != JsonValueKind.String) return false;
        ReadOnlySpan<char> text = value.GetString();
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        if (digits is 0 or > 9) return false;
        long unit = text[digits..] switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, _ => 0 };
        milliseconds = long.Parse(text[..digits], System.Globalization.CultureInfo.InvariantCulture) * unit;
        return unit > 0;
    }

    public static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (int i = 0; i < exponent; i++) power *= 10;
        return power;
    }

    /// <summary>The decimals a value given in 1e-18 needs when written without trailing zeros.</summary>
    public static int DecimalsOf(Int128 e18)
    {
        int decimals = 18;
        while (decimals > 0 && e18 % 10 == 0)
        {
            e18 /= 10;
            decimals--;
        }

        return decimals;
    }
}
