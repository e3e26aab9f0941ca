using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>Deposits less withdrawals by asset, as the events tell them; the fund's initial balance is a deposit.</summary>
public sealed class OutsideTotals
{
    private readonly Int128[] _net;

    public OutsideTotals(VenueProfile profile)
    {
        _net = new Int128[AssetCount(profile)];
        _net[0] = profile.Fund.InitialBalance.E8;
    }

    public Int128 Net(AssetId asset) => _net[asset.Value];

    public static int AssetCount(VenueProfile profile) => profile.Collateral.Assets.Select(a => a.Id.Value).DefaultIfEmpty(0).Max() + 1;

    public void Count(ReadOnlySpan<Event> events)
    {
        foreach (ref readonly Event e in events) Count(e);
    }

    private void Count(in Event e)
    {
        if (e.Kind == EventKind.BalanceChanged)
        {
            ref readonly BalanceChanged change = ref e.Body<BalanceChanged>();
            if (change.Reason is BalanceReason.Deposit or BalanceReason.Withdrawal) _net[change.Asset.Value] += change.Change.E8;
        }
        else if (e.Kind == EventKind.FundBalanceChanged)
        {
            ref readonly FundBalanceChanged change = ref e.Body<FundBalanceChanged>();
            if (change.Reason == FundReason.Deposit) _net[0] += change.Change.E8;
        }
    }
}
