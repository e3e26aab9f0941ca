using CrossMargin.Model;

namespace CrossMargin.Server.Report.Recording;

/// <summary>Where the insurance fund's money came from and went, and how low its wallet fell.</summary>
public sealed class FundWatch(Amount initial)
{
    private const int Reasons = 16;
    private readonly Int128[] _sums = new Int128[Reasons];

    public Amount Lowest { get; private set; } = initial;

    public Amount Highest { get; private set; } = initial;

    /// <summary>All that ever left the wallet, ≥ 0: shortfalls, losses on what was taken over.</summary>
    public Int128 PaidOut { get; private set; }

    /// <summary>Sum of the wallet's changes for a reason; negative when the fund paid.</summary>
    public Int128 Sum(FundReason reason) => _sums[(int)reason];

    public void Count(in FundBalanceChanged change)
    {
        _sums[(int)change.Reason] += change.Change.E8;
        if (change.Change.IsNegative) PaidOut -= change.Change.E8;
        Lowest = Amount.Min(Lowest, change.WalletAfter);
        Highest = Amount.Max(Highest, change.WalletAfter);
    }

    public void Write(StateWriter writer)
    {
        foreach (Int128 sum in _sums) writer.WriteInt128(sum);
        writer.WriteInt128(PaidOut);
        writer.WriteAmount(Lowest);
        writer.WriteAmount(Highest);
    }

    public void Read(StateReader reader)
    {
        for (int i = 0; i < Reasons; i++) _sums[i] = reader.ReadInt128();
        PaidOut = reader.ReadInt128();
        (Lowest, Highest) = (reader.ReadAmount(), reader.ReadAmount());
    }
}
