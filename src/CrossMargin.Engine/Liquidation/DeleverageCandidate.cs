using CrossMargin.Model;

namespace CrossMargin.Engine.Liquidation;

/// <summary>An opposite holder whom a round asked, and what was answered.</summary>
internal struct DeleverageCandidate : IComparable<DeleverageCandidate>
{
    /// <summary>Bytes of one in a snapshot.</summary>
    public const int StateBytes = 4 + 1 + 4 * 1 + 3 * 8;

    public AccountId Account;
    public PositionSide Side;

    /// <summary>Asked in the second turn, among those not in profit.</summary>
    public bool IsSecond;
    public bool HasAnswered;
    public bool IsDeclined;

    /// <summary>The figures are of the leg's own pool.</summary>
    public bool IsIsolated;
    public Amount Wallet;
    public Amount Equity;
    public Amount Maintenance;
    public Int128 Score;

    /// <summary>Of the turn that runs; no part of the state.</summary>
    public RankChange Change;

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
        writer.WriteBool(IsIsolated);
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
        IsIsolated = reader.ReadBool(),
        Wallet = reader.ReadAmount(),
        Equity = reader.ReadAmount(),
        Maintenance = reader.ReadAmount(),
    };
}
