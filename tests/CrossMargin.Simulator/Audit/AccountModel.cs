using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.Simulator.Audit;

/// <summary>
/// A second, simple model of one account: wallets and positions, by fills, payments and transfers alone. It knows no margin, no order and
/// no liquidation, and must agree with the account to the last unit whenever the account is written.
/// </summary>
internal sealed class AccountModel(VenueProfile profile, int assets)
{
    private readonly Int128[] _wallets = new Int128[assets];
    private readonly SortedDictionary<(int Market, PositionSide Side), (Int128 Lots, Int128 Cost)> _positions = [];

    /// <summary>A message that the account has applied.</summary>
    public void Receive(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Fill:
                Fill(message.Body<Fill>());
                break;
            case MessageKind.FundingPayment:
                _wallets[0] += message.Body<FundingPayment>().Amount.E8;
                break;
            case MessageKind.ShortfallPaid:
                _wallets[0] += message.Body<ShortfallPaid>().Amount.E8;
                break;
        }
    }

    /// <summary>A message that the account has sent.</summary>
    public void Send(in Message message)
    {
        if (message.Kind == MessageKind.LiquidationProceeds)
        {
            ref readonly LiquidationProceeds proceeds = ref message.Body<LiquidationProceeds>();
            _wallets[0] -= (Int128)proceeds.Fee.E8 + proceeds.Leftover.E8;
        }
        else if (message.Kind == MessageKind.CollateralSold)
        {
            ref readonly CollateralSold sold = ref message.Body<CollateralSold>();
            _wallets[sold.Asset.Value] -= sold.Sold.E8;
            _wallets[0] += sold.Proceeds.E8;
        }
    }

    /// <summary>A deposit or (negative) a withdrawal.</summary>
    public void Transfer(AssetId asset, Amount change) => _wallets[asset.Value] += change.E8;

    public void Check(AccountState state)
    {
        for (int i = 0; i < _wallets.Length; i++)
        {
            long has = state.Balance(new AssetId(i)).E8;
            if (has != _wallets[i])
                throw new InvariantViolation($"1: {state.Id} has {has} of asset {i}; by its fills, payments and transfers {_wallets[i]}");
        }

        int open = 0;
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            (Int128 lots, Int128 cost) = _positions.GetValueOrDefault((leg.Market.Value, leg.Side));
            if (leg.Quantity.Lots != lots || leg.OpenCost.E8 != cost)
                throw new InvariantViolation($"2: {state.Id} holds {leg.Quantity} for {leg.OpenCost} in {leg.Market}; by its fills {lots} for {cost}");
            open += lots != 0 ? 1 : 0;
        }

        foreach ((Int128 lots, _) in _positions.Values) open -= lots != 0 ? 1 : 0;
        if (open != 0) throw new InvariantViolation($"2: {state.Id} lacks {-open} positions that its fills made");
    }

    private void Fill(in Fill fill)
    {
        (int, PositionSide) key = (fill.Market.Value, fill.PositionSide);
        (Int128 lots, Int128 cost) = _positions.GetValueOrDefault(key);
        long each = profile[fill.Market].Notional(fill.Price, new Quantity(1)).E8;
        Int128 change = fill.Side == Side.Buy ? fill.Quantity.Lots : -fill.Quantity.Lots;
        _wallets[0] -= fill.Fee.E8;
        bool closes = lots != 0 && Int128.Sign(lots) != Int128.Sign(change);
        if (closes)
        {
            Int128 closed = Int128.Min(Int128.Abs(change), Int128.Abs(lots)) * Int128.Sign(lots);
            Int128 released = CeilingDiv(cost * closed, lots);
            _wallets[0] += (closed * each) - released;
            (lots, cost, change) = (lots - closed, cost - released, change + closed);
        }

        _positions[key] = (lots + change, cost + (change * each));
    }

    // Towards positive infinity.
    private static Int128 CeilingDiv(Int128 a, Int128 b)
    {
        if (b < 0) (a, b) = (-a, -b);
        Int128 q = a / b;
        return a % b > 0 ? q + 1 : q;
    }
}
