using System.Runtime.CompilerServices;

namespace CrossMargin.Model;

/// <summary>
/// Division and multiply-divide on integers with the rounding direction in the name: Up is towards +∞, Down towards −∞ (not towards
/// zero), HalfEven to the nearest and ties to even. Divisors must be positive. Results that do not fit 63 bits throw
/// <see cref="OverflowException"/>: corrupt money is worse than a stopped actor.
/// </summary>
public static class Rounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long DivDown(long a, long b)
    {
        long q = a / b;
        return a % b < 0 ? q - 1 : q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long DivUp(long a, long b)
    {
        long q = a / b;
        return a % b > 0 ? q + 1 : q;
    }

    /// <summary>a × b / c towards −∞, with a 128-bit product; c &gt; 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MulDivDown(long a, long b, long c)
    {
        long high = Math.BigMul(a, b, out long low);
        return high == low >> 63 ? DivDown(low, c) : checked((long)DivDown((Int128)a * b, c));
    }

    /// <summary>a × b / c towards +∞, with a 128-bit product; c &gt; 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MulDivUp(long a, long b, long c)
    {
        long high = Math.BigMul(a, b, out long low);
        return high == low >> 63 ? DivUp(low, c) : checked((long)DivUp((Int128)a * b, c));
    }

    public static Int128 DivDown(Int128 a, Int128 b)
    {
        Int128 q = a / b;
        return a - q * b < 0 ? q - 1 : q;
    }

    public static Int128 DivUp(Int128 a, Int128 b)
    {
        Int128 q = a / b;
        return a - q * b > 0 ? q + 1 : q;
    }

    /// <summary>a / b to the nearest, ties to the even quotient; b &gt; 0.</summary>
    public static Int128 DivHalfEven(Int128 a, Int128 b)
    {
        Int128 q = DivDown(a, b);
        Int128 twice = 2 * (a - q * b);
        return twice > b || (twice == b && (q & 1) != 0) ? q + 1 : q;
    }
}
