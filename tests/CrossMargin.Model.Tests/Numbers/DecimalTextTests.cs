using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Model.Tests.Numbers;

public sealed class DecimalTextTests
{
    private sealed record Written(string Text, BigInteger Digits, int Scale);

    /// <summary>A decimal as people and programs write it, with the number it means: digits / 10^scale.</summary>
    private static readonly Arbitrary<Written> s_written = (
        from digits in Gen.Frequency(
            (2, Gen.Choose(0, 999).Select(i => (long)i)), (2, ArbMap.Default.GeneratorFor<long>()), (1, Gen.Constant(long.MaxValue)))
        from extra in Gen.Choose(0, 3)
        from point in Gen.Choose(0, 24)
        from exponent in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(-12, 12)))
        from plus in Gen.Elements("", "+")
        select Write(digits, extra, point, exponent, plus)).ToArbitrary();

    [Fact]
    public void Prop_TryParse_EqualsTheNumberRoundedAsAsked() => Prop.ForAll(s_written, Gen.Choose(0, 18).ToArbitrary(), (w, decimals) =>
        Enum.GetValues<DecimalRounding>().All(rounding =>
        {
            BigInteger? expected = Round(w.Digits * BigInteger.Pow(10, decimals), w.Scale, rounding);
            if (expected < long.MinValue || expected > long.MaxValue) expected = null;
            bool ok = DecimalText.TryParse(w.Text, decimals, rounding, out long value);
            return ok == expected.HasValue && (!ok || value == expected);
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void Prop_TryParseUnits_CountsUnits() => Prop.ForAll(s_written, Gen.Choose(1, 5000).ToArbitrary(), (w, unit) =>
    {
        Int128 unitE18 = (Int128)unit * 1_000_000_000_000;
        BigInteger top = w.Digits * BigInteger.Pow(10, 18 + 40 - w.Scale);
        BigInteger bottom = (BigInteger)unitE18 * BigInteger.Pow(10, 40);
        BigInteger floor = BigInteger.Divide(top - (((top % bottom) + bottom) % bottom), bottom);
        bool fits = floor >= long.MinValue && floor <= long.MaxValue;
        bool down = DecimalText.TryParseUnits(w.Text, unitE18, DecimalRounding.Down, out long units);
        bool exact = DecimalText.TryParseUnits(w.Text, unitE18, DecimalRounding.Exact, out _);
        return down == fits && (!fits || units == floor) && exact == (fits && (top % bottom).IsZero);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prop_Format_ReadsBackTheSame() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), Gen.Choose(0, 18).ToArbitrary(), (value, decimals) =>
    {
        string text = DecimalText.Format(value, decimals);
        string whole = DecimalText.FormatFixed(value, decimals);
        return DecimalText.TryParse(text, decimals, out long back) && back == value
            && DecimalText.TryParse(whole, decimals, out long same) && same == value
            && (decimals == 0 || whole.Length - whole.IndexOf('.') - 1 == decimals)
            && (!text.Contains('.') || !text.EndsWith('0'));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("+-1")]
    [InlineData("--1")]
    [InlineData("1.2.3")]
    [InlineData("1..2")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e5.0")]
    [InlineData("1e41")]
    [InlineData("1e 5")]
    [InlineData("٣")]
    [InlineData("NaN")]
    [InlineData("1_000")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000001")]
    public void TryParse_Malformed_IsRefused(string text)
    {
        Assert.False(DecimalText.TryParse(text, 8, DecimalRounding.HalfEven, out _));
        Assert.False(DecimalText.TryParseUnits(text, 1, DecimalRounding.Down, out _));
        Assert.False(DecimalText.TryParseWide(text, 8, out _));
    }

    [Theory]
    [InlineData("92233720368.54775807", true)]
    [InlineData("92233720368.54775808", false)]
    [InlineData("-92233720368.54775808", true)]
    [InlineData("-92233720368.54775809", false)]
    [InlineData("1e30", false)]
    public void TryParse_AtTheEdgeOf63Bits_FitsOrIsRefused(string text, bool fits) =>
        Assert.Equal(fits, DecimalText.TryParse(text, 8, out _));

    [Theory]
    [InlineData("5e-05", 5, 5)]
    [InlineData(".5", 1, 5)]
    [InlineData("5.", 0, 5)]
    [InlineData("-0.0", 8, 0)]
    [InlineData("1.50", 1, 15)]
    public void TryParse_OddButPlain_IsRead(string text, int decimals, long expected)
    {
        Assert.True(DecimalText.TryParse(text, decimals, out long value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void TryParseWide_PastTheRangeOf63Bits_IsExact()
    {
        Assert.True(DecimalText.TryParseWide("1000000000000.000000000000000001", 18, out Int128 value));
        Assert.Equal(Int128.Parse("1000000000000000000000000000001", CultureInfo.InvariantCulture), value);
        Assert.False(DecimalText.TryParseWide("0.0000000000000000001", 18, out _));
        Assert.False(DecimalText.TryParseWide("1e40", 18, out _));
    }

    private static Written Write(long digits, int extra, int point, int exponent, string plus)
    {
        string text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture) + new string('7', extra);
        var magnitude = BigInteger.Parse(text, CultureInfo.InvariantCulture);
        int fraction = Math.Min(point, text.Length);
        string placed = fraction == 0 ? text : $"{text[..^fraction]}.{text[^fraction..]}";
        string sign = digits < 0 ? "-" : plus;
        string suffix = exponent == 0 ? "" : "e" + exponent.ToString(CultureInfo.InvariantCulture);
        return new Written(sign + placed + suffix, digits < 0 ? -magnitude : magnitude, fraction - exponent);
    }

    /// <summary>numerator / 10^scale, rounded; null when it must be exact and is not.</summary>
    private static BigInteger? Round(BigInteger numerator, int scale, DecimalRounding rounding)
    {
        if (scale < 0) return numerator * BigInteger.Pow(10, -scale);
        BigInteger bottom = BigInteger.Pow(10, scale);
        BigInteger rest = ((numerator % bottom) + bottom) % bottom;
        BigInteger floor = (numerator - rest) / bottom;
        if (rest.IsZero) return floor;
        return rounding switch
        {
            DecimalRounding.Exact => null,
            DecimalRounding.Down => floor,
            DecimalRounding.Up => floor + 1,
            _ => 2 * rest < bottom || (2 * rest == bottom && floor.IsEven) ? floor : floor + 1,
        };
    }
}
