using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>An opposite holder whom a round asked, and what was answered.</summary>
internal struct DeleverageCandidate : IComparable<DeleverageCandidate>
{
    public AccountId Account;
    public PositionSide Side;

    /// <summary>Asked in the second turn, among those not in profit.</summary>
    public bool IsSecond;
    public bool HasAnswered;
    public bool IsDeclined;
    public Amount Wallet;
    public Amount Equity;
    public Amount Maintenance;
    public Int128 Score;

    public readonly bool IsAvailable => HasAnswered && !IsDeclined;

    /// <summary>The highest score first, then the lowest account id.</summary>
    public readonly int CompareTo(DeleverageCandidate other)
    {
        int c = other.Score.CompareTo(Score);
        if (c == 0) c = Account.CompareTo(other.Account);
        return c != 0 ? c : Side.CompareTo(other.Side);
    }

    public readonly void Write(StateWriter writer)
    {
        writer.WriteInt32(Account.Value);
        writer.WriteByte((byte)Side);
        writer.WriteBool(IsSecond);
        writer.WriteBool(HasAnswered);
        writer.WriteBool(IsDeclined);
        writer.WriteAmount(Wallet);
        writer.WriteAmount(Equity);
        writer.WriteAmount(Maintenance);
    }

    public static DeleverageCandidate Read(StateReader reader) => new()
    {
        Account = new AccountId(reader.ReadInt32()),
        Side = (PositionSide)reader.ReadByte(),
        IsSecond = reader.ReadBool(),
        HasAnswered = reader.ReadBool(),
        IsDeclined = reader.ReadBool(),
        Wallet = reader.ReadAmount(),
        Equity = reader.ReadAmount(),
        Maintenance = reader.ReadAmount(),
    };
}
