using CrossMargin.Model;

namespace CrossMargin.Embedded.Engine;

/// <summary>
/// What came in from outside and what went out, per asset, in 1e-8: the right-hand side of invariant 1. Counted from the events of the
/// commands that move money over the exchange's border; the fund's initial balance counts as a deposit.
/// </summary>
public sealed class ExternalFlow
{
    private readonly Int128[] _deposits;
    private readonly Int128[] _withdrawals;

    internal ExternalFlow(VenueProfile profile)
    {
        int assets = 1;
        foreach (CollateralAsset asset in profile.Collateral.Assets) assets = Math.Max(assets, asset.Id.Value + 1);
        _deposits = new Int128[assets];
        _withdrawals = new Int128[assets];
        _deposits[0] = profile.Fund.InitialBalance.E8;
    }

    public int AssetCount => _deposits.Length;

    public Int128 Deposits(AssetId asset) => _deposits[asset.Value];

    public Int128 Withdrawals(AssetId asset) => _withdrawals[asset.Value];

    internal static bool MovesMoney(MessageKind kind) => kind
        is MessageKind.Deposit or MessageKind.Withdraw or MessageKind.CloseAccount or MessageKind.DepositToFund;

    internal void Count(ReadOnlySpan<Event> events)
    {
        foreach (ref readonly Event e in events)
        {
            if (e.Kind == EventKind.BalanceChanged)
            {
                ref readonly BalanceChanged change = ref e.Body<BalanceChanged>();
                if (change.Reason == BalanceReason.Deposit) _deposits[change.Asset.Value] += change.Change.E8;
                else if (change.Reason == BalanceReason.Withdrawal) _withdrawals[change.Asset.Value] -= change.Change.E8;
            }
            else if (e.Kind == EventKind.FundBalanceChanged)
            {
                ref readonly FundBalanceChanged change = ref e.Body<FundBalanceChanged>();
                if (change.Reason == FundReason.Deposit) _deposits[0] += change.Change.E8;
            }
        }
    }

    internal void Write(StateWriter writer)
    {
        writer.WriteInt32(_deposits.Length);
        for (int i = 0; i < _deposits.Length; i++)
        {
            writer.WriteInt128(_deposits[i]);
            writer.WriteInt128(_withdrawals[i]);
        }
    }

    internal void Read(StateReader reader)
    {
        int count = reader.ReadCount(32);
        if (count != _deposits.Length) throw reader.Fault($"{count} assets, the profile has {_deposits.Length}");
        for (int i = 0; i < count; i++)
        {
            _deposits[i] = reader.ReadInt128();
            _withdrawals[i] = reader.ReadInt128();
        }
    }
}
