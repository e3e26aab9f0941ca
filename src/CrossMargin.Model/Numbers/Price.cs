namespace CrossMargin.Model;

/// <summary>
/// A price of one market, counted in that market's price units (<see cref="MarketSpec.PriceUnit"/>). Orders lie on ticks (a whole
/// number of units); mark, index and bankruptcy prices lie on units. Zero means "no price". Units of two markets are not comparable:
/// only the market's spec turns a price into money. Range: 0 to 2^63-1; arithmetic is checked.
/// </summary>
public readonly record struct Price(long Units) : IComparable<Price>
{
    public static readonly Price None = default;

    public bool IsNone => Units == 0;

    public static Price Max(Price a, Price b) => a.Units >= b.Units ? a : b;

    public static Price Min(Price a, Price b) => a.Units <= b.Units ? a : b;

    public int CompareTo(Price other) => Units.CompareTo(other.Units);

    public static bool operator <(Price a, Price b) => a.Units < b.Units;
    public static bool operator >(Price a, Price b) => a.Units > b.Units;
    public static bool operator <=(Price a, Price b) => a.Units <= b.Units;
    public static bool operator >=(Price a, Price b) => a.Units >= b.Units;

    public override string ToString() => $"{Units}u";
}
