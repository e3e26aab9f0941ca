namespace CrossMargin.Model;

/// <summary>
/// A dimensionless signed fraction counted in 1e-8 (1 % = 1,000,000; 0.0001 = 10,000). Fee, margin, funding and haircut rates.
/// </summary>
public readonly record struct Rate(long E8) : IComparable<Rate>
{
    public const long One = 100_000_000;

    public static readonly Rate Zero = default;
    public static readonly Rate Whole = new(One);

    /// <summary>|amount| × rate rounded towards +∞, then the sign rule of the caller applies: <paramref name="amount"/> must be ≥ 0.</summary>
    public Amount OfUp(Amount amount)
    {
        // Whole units times the rate need no division; only the fraction below 1 is rounded. Exact; larger rates take the long way.
        if (E8 is < -One or > One) return new(Rounding.MulDivUp(amount.E8, E8, One));
        long whole = amount.E8 / One;
        return new(whole * E8 + Rounding.DivUp((amount.E8 - whole * One) * E8, One));
    }

    /// <summary>amount × rate rounded towards −∞.</summary>
    public Amount OfDown(Amount amount)
    {
        if (E8 is < -One or > One) return new(Rounding.MulDivDown(amount.E8, E8, One));
        long whole = amount.E8 / One;
        return new(whole * E8 + Rounding.DivDown((amount.E8 - whole * One) * E8, One));
    }

    public int CompareTo(Rate other) => E8.CompareTo(other.E8);

    public static Rate operator +(Rate a, Rate b) => new(a.E8 + b.E8);
    public static Rate operator -(Rate a, Rate b) => new(a.E8 - b.E8);
    public static Rate operator -(Rate a) => new(-a.E8);
    public static bool operator <(Rate a, Rate b) => a.E8 < b.E8;
    public static bool operator >(Rate a, Rate b) => a.E8 > b.E8;
    public static bool operator <=(Rate a, Rate b) => a.E8 <= b.E8;
    public static bool operator >=(Rate a, Rate b) => a.E8 >= b.E8;

    /// <summary>The exact decimal text of the fraction ("0.0005").</summary>
    public override string ToString() => DecimalText.Format(E8, 8);
}
