using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>
/// What is judged together: an account's cross pool (<see cref="Market"/> none) or one isolated leg. Ordered by account, then the cross
/// pool, then market and side.
/// </summary>
public readonly record struct PoolId(AccountId Account, MarketId Market, PositionSide Side) : IComparable<PoolId>
{
    public static PoolId Cross(AccountId account) => new(account, MarketId.None, PositionSide.Both);

    public bool IsCross => Market.IsNone;

    public int CompareTo(PoolId other)
    {
        int c = Account.CompareTo(other.Account);
        if (c == 0) c = Market.CompareTo(other.Market);
        return c != 0 ? c : Side.CompareTo(other.Side);
    }
}
