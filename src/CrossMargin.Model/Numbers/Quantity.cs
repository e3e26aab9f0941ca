namespace CrossMargin.Model;

/// <summary>
/// A number of lots of one market (<see cref="MarketSpec.LotSize"/>). Order sizes are positive; a position's quantity is signed
/// (long positive, short negative). Arithmetic is checked.
/// </summary>
public readonly record struct Quantity(long Lots) : IComparable<Quantity>
{
    public static readonly Quantity Zero = default;

    public bool IsZero => Lots == 0;
    public int Sign => Math.Sign(Lots);
    public Quantity Abs => new(Math.Abs(Lots));

    public int CompareTo(Quantity other) => Lots.CompareTo(other.Lots);

    public static Quantity Min(Quantity a, Quantity b) => a.Lots <= b.Lots ? a : b;
    public static Quantity Max(Quantity a, Quantity b) => a.Lots >= b.Lots ? a : b;
    public static Quantity operator +(Quantity a, Quantity b) => new(a.Lots + b.Lots);
    public static Quantity operator -(Quantity a, Quantity b) => new(a.Lots - b.Lots);
    public static Quantity operator -(Quantity a) => new(-a.Lots);
    public static bool operator <(Quantity a, Quantity b) => a.Lots < b.Lots;
    public static bool operator >(Quantity a, Quantity b) => a.Lots > b.Lots;
    public static bool operator <=(Quantity a, Quantity b) => a.Lots <= b.Lots;
    public static bool operator >=(Quantity a, Quantity b) => a.Lots >= b.Lots;

    public override string ToString() => $"{Lots}l";
}
