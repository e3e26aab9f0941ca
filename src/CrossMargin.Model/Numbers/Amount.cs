namespace CrossMargin.Model;

/// <summary>
/// A signed amount of an asset, counted in 1e-8 of it. Range about ±92 billion whole units; arithmetic is checked, sums over
/// accounts use <see cref="Int128"/>.
/// </summary>
public readonly record struct Amount(long E8) : IComparable<Amount>
{
    /// <summary>How many <see cref="E8"/> make one whole unit of an asset.</summary>
    public const long One = 100_000_000;

    public static readonly Amount Zero = default;

    public bool IsZero => E8 == 0;
    public bool IsNegative => E8 < 0;
    public bool IsPositive => E8 > 0;
    public Amount Abs => new(Math.Abs(E8));

    public int CompareTo(Amount other) => E8.CompareTo(other.E8);

    public static Amount FromWhole(long whole) => new(whole * One);
    public static Amount Min(Amount a, Amount b) => a.E8 <= b.E8 ? a : b;
    public static Amount Max(Amount a, Amount b) => a.E8 >= b.E8 ? a : b;
    public static Amount operator +(Amount a, Amount b) => new(a.E8 + b.E8);
    public static Amount operator -(Amount a, Amount b) => new(a.E8 - b.E8);
    public static Amount operator -(Amount a) => new(-a.E8);
    public static bool operator <(Amount a, Amount b) => a.E8 < b.E8;
    public static bool operator >(Amount a, Amount b) => a.E8 > b.E8;
    public static bool operator <=(Amount a, Amount b) => a.E8 <= b.E8;
    public static bool operator >=(Amount a, Amount b) => a.E8 >= b.E8;

    /// <summary>The exact decimal text, without trailing zeros ("0.5", "-12", "0").</summary>
    public override string ToString() => DecimalText.Format(E8, 8);
}
