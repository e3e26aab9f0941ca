using CrossMargin.Model;

namespace CrossMargin.Engine.Markets;

/// <summary>
/// What a market knows of one leg: whose it is, how much, and what it cost. Fields, not properties: fills change them in place.
/// </summary>
public struct Holding : IComparable<Holding>
{
    public AccountId Account;
    public PositionSide Side;

    /// <summary>Signed: long positive, short negative.</summary>
    public Quantity Quantity;

    /// <summary>Signed sum of price × quantity of the fills that built the position; the account's own, to the last unit.</summary>
    public Amount OpenCost;

    /// <summary>By account id, then leg.</summary>
    public readonly int CompareTo(Holding other)
    {
        int c = Account.CompareTo(other.Account);
        return c != 0 ? c : Side.CompareTo(other.Side);
    }
}
