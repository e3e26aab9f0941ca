using CrossMargin.Engine.Accounts;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>
/// An isolated position never costs more than its margin: while a fill reduces an isolated leg, or funding or the fund's payment reaches
/// one, the cross wallet never falls; a fill that opens takes no more than the order reserved.
/// </summary>
public sealed class IsolatedWatch : IStepWatch
{
    private Amount _cross;
    private bool _reduces;

    public void Before(AccountState state, in Message message)
    {
        _cross = state.CrossWallet;
        _reduces = false;
        if (message.Kind == MessageKind.Fill)
        {
            ref readonly Fill fill = ref message.Body<Fill>();
            int i = state.Legs.Find(fill.Market, fill.PositionSide);
            if (i < 0 || state.Legs[i].Mode != MarginMode.Isolated) return;
            Quantity held = state.Legs[i].Quantity;
            _reduces = held.Sign == (fill.Side == Side.Buy ? -1 : 1) && fill.Quantity <= held.Abs;
        }
        else if (message.Kind == MessageKind.FundingPayment)
        {
            ref readonly FundingPayment payment = ref message.Body<FundingPayment>();
            int i = state.Legs.Find(payment.Market, payment.PositionSide);
            _reduces = i >= 0 && state.Legs[i].Mode == MarginMode.Isolated;
        }
    }

    public void After(AccountState state, in Message message)
    {
        if (_reduces && state.CrossWallet < _cross)
        {
            throw new InvariantViolation(
                $"5: {state.Id}: an isolated position took {_cross - state.CrossWallet} from the cross wallet at {Describe.Text(message)}");
        }
    }
}
