using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Model.Tests.Numbers;

/// <summary>Integer division against big integers, whose floor is computed here in the plainest way.</summary>
public sealed class RoundingTests
{
    // Plain int64s rarely lie near the edges where products pass 64 bits; these do.
    private static readonly Gen<long> s_any = Gen.Frequency(
        (3, ArbMap.Default.GeneratorFor<long>()),
        (2, Gen.Choose(-20, 20).Select(i => (long)i)),
        (1, Gen.Elements(long.MinValue, long.MinValue + 1, long.MaxValue, long.MaxValue - 1, 1L << 32, -(1L << 31), 100_000_000L)));

    private static readonly Gen<long> s_positive = s_any.Select(v => v > 0 ? v : v >= -1 ? 1 : -(v + 1));

    private static readonly Arbitrary<(long A, long B, long C)> s_triple =
        (from a in s_any from b in s_any from c in s_positive select (a, b, c)).ToArbitrary();

    [Fact]
    public void Prop_Div_FloorsAndCeils() => Prop.ForAll(s_triple, t =>
        Rounding.DivDown(t.A, t.C) == Floor(t.A, t.C) && Rounding.DivUp(t.A, t.C) == Ceiling(t.A, t.C)
        && Rounding.DivDown((Int128)t.A, t.C) == (Int128)Floor(t.A, t.C) && Rounding.DivUp((Int128)t.A, t.C) == (Int128)Ceiling(t.A, t.C))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Prop_MulDiv_IsExactOrThrows() => Prop.ForAll(s_triple, t =>
        Same(() => Rounding.MulDivDown(t.A, t.B, t.C), Floor((BigInteger)t.A * t.B, t.C))
        && Same(() => Rounding.MulDivUp(t.A, t.B, t.C), Ceiling((BigInteger)t.A * t.B, t.C))).QuickCheckThrowOnFailure();

    [Fact]
    public void Prop_WideDiv_FloorsAndCeils() => Prop.ForAll(s_triple, t =>
    {
        Int128 product = (Int128)t.A * t.B;
        return (BigInteger)Rounding.DivDown(product, t.C) == Floor((BigInteger)product, t.C)
            && (BigInteger)Rounding.DivUp(product, t.C) == Ceiling((BigInteger)product, t.C);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prop_DivHalfEven_IsNearestWithTiesToEven() => Prop.ForAll(s_triple, t =>
    {
        BigInteger q = (BigInteger)Rounding.DivHalfEven(t.A, t.C);
        BigInteger twice = BigInteger.Abs(2 * (t.A - q * t.C));
        return twice < t.C || (twice == t.C && q.IsEven);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(5, 2, 2)]
    [InlineData(7, 2, 4)]
    [InlineData(-5, 2, -2)]
    [InlineData(-7, 2, -4)]
    [InlineData(8, 3, 3)]
    [InlineData(0, 3, 0)]
    public void DivHalfEven_Tie_GoesToTheEvenNeighbour(int a, int b, int expected) =>
        Assert.Equal(expected, (int)Rounding.DivHalfEven(a, b));

    [Fact]
    public void MulDiv_ResultBeyond63Bits_Throws()
    {
        Assert.Throws<OverflowException>(() => Rounding.MulDivDown(long.MaxValue, 2, 1));
        Assert.Throws<OverflowException>(() => Rounding.MulDivUp(long.MinValue, 2, 1));
        Assert.Equal(long.MaxValue, Rounding.MulDivUp(long.MaxValue, 7, 7));
    }

    [Fact]
    public void Prop_RateOf_RoundsAgainstTheSide() => Prop.ForAll(s_triple, t =>
    {
        var amount = new Amount(Math.Abs(t.A / 4));
        var rate = new Rate(t.B % Rate.One);
        BigInteger product = (BigInteger)amount.E8 * rate.E8;
        return rate.OfUp(amount).E8 == Ceiling(product, Rate.One) && rate.OfDown(amount).E8 == Floor(product, Rate.One);
    }).QuickCheckThrowOnFailure();

    private static BigInteger Floor(BigInteger a, BigInteger b)
    {
        BigInteger r = ((a % b) + b) % b;
        return (a - r) / b;
    }

    private static BigInteger Ceiling(BigInteger a, BigInteger b) => -Floor(-a, b);

    private static bool Same(Func<long> result, BigInteger expected)
    {
        try
        {
            return result() == expected;
        }
        catch (OverflowException)
        {
            return expected < long.MinValue || expected > long.MaxValue;
        }
    }
}
