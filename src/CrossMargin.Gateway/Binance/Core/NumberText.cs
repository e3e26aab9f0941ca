using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Scaled integers as decimal text in JSON strings, without allocation and never through a binary float.</summary>
internal static class NumberText
{
    public const int MaxLength = 64;

    /// <summary>value / 10^decimals with exactly that many decimals; gives the length written. <paramref name="to"/> holds ≥ 64 bytes.</summary>
    public static int Fixed(Span<byte> to, Int128 value, int decimals)
    {
        int at = 0;
        if (value < 0)
        {
            to[at++] = (byte)'-';
            value = -value;
        }

        Span<byte> digits = stackalloc byte[48];
        int count = Digits(digits, value);
        for (; count <= decimals; count++) digits[count] = (byte)'0';
        for (int i = count - 1; i >= 0; i--)
        {
            to[at++] = digits[i];
            if (i == decimals && decimals > 0) to[at++] = (byte)'.';
        }

        return at;
    }

    /// <summary>As <see cref="Fixed"/>, with zeros at the end left out down to <paramref name="atLeast"/> decimals.</summary>
    public static int Short(Span<byte> to, Int128 value, int decimals, int atLeast)
    {
        int length = Fixed(to, value, decimals);
        int drop = Math.Max(0, decimals - atLeast);
        for (; drop > 0 && to[length - 1] == (byte)'0'; drop--) length--;
        return to[length - 1] == (byte)'.' ? length - 1 : length;
    }

    public static void WriteDecimal(this Utf8JsonWriter json, ReadOnlySpan<byte> name, Int128 value, int decimals, int atLeast)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        json.WriteString(name, text[..Short(text, value, decimals, atLeast)]);
    }

    public static void WriteDecimalValue(this Utf8JsonWriter json, Int128 value, int decimals, int atLeast)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        json.WriteStringValue(text[..Short(text, value, decimals, atLeast)]);
    }

    /// <summary>A JSON number, exact, in 1e-8.</summary>
    public static void WriteDecimalNumber(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long e8)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        json.WritePropertyName(name);
        json.WriteRawValue(text[..Short(text, e8, 8, 0)], skipInputValidation: true);
    }

    /// <summary>With eight decimals, as Binance writes money.</summary>
    public static void WriteAmount(this Utf8JsonWriter json, ReadOnlySpan<byte> name, Amount amount) => json.WriteDecimal(name, amount.E8, 8, 8);

    public static void WriteAmount(this Utf8JsonWriter json, ReadOnlySpan<byte> name, Int128 e8) => json.WriteDecimal(name, e8, 8, 8);

    public static void WriteRate(this Utf8JsonWriter json, ReadOnlySpan<byte> name, Rate rate, int atLeast = 8) =>
        json.WriteDecimal(name, rate.E8, 8, atLeast);

    public static void WriteClientId(this Utf8JsonWriter json, ReadOnlySpan<byte> name, in ClientOrderId id)
    {
        Span<byte> text = stackalloc byte[40];
        int length = 0;
        for (; length < 40; length++)
        {
            byte c = (byte)((id[length / 8] >> (length % 8 * 8)) & 0xFF);
            if (c == 0) break;
            text[length] = c;
        }

        json.WriteString(name, text[..length]);
    }

    private static int Digits(Span<byte> digits, Int128 value)
    {
        int count = 0;
        while (value > ulong.MaxValue)
        {
            Int128 q = value / 10;
            digits[count++] = (byte)('0' + (int)(value - q * 10));
            value = q;
        }

        ulong rest = (ulong)value;
        do
        {
            ulong q = rest / 10;
            digits[count++] = (byte)('0' + (int)(rest - q * 10));
            rest = q;
        }
        while (rest > 0);
        return count;
    }
}
