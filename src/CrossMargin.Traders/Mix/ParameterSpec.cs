namespace CrossMargin.Traders;

/// <summary>What a parameter counts.</summary>
public enum ParameterUnit
{
    /// <summary>A whole number: steps, a leverage, a count, hours.</summary>
    Whole,

    /// <summary>A fraction counted in 1e-8 ("0.15" is 15 %).</summary>
    Fraction,
}

/// <summary>
/// One parameter of a strategy: its unit, the values the mix may give it, and the range it has when the mix does not name it. A range
/// is drawn from once a trader, so that no two traders of a strategy are alike. Raw values: whole numbers, or fractions in 1e-8.
/// </summary>
public sealed record ParameterSpec(string Name, ParameterUnit Unit, long Min, long Max, long DefaultLow, long DefaultHigh)
{
    /// <summary>A whole number between min and max, by default drawn from low to high.</summary>
    public static ParameterSpec Whole(string name, long min, long max, long low, long high) =>
        new(name, ParameterUnit.Whole, min, max, low, high);

    /// <summary>A fraction, all four numbers in millionths (0.15 is 150,000).</summary>
    public static ParameterSpec Fraction(string name, long min, long max, long low, long high) =>
        new(name, ParameterUnit.Fraction, min * 100, max * 100, low * 100, high * 100);

    public int Decimals => Unit == ParameterUnit.Fraction ? 8 : 0;
}
