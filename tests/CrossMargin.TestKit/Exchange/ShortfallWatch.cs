using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Margin;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>
/// The fund never pays for the margin of an isolated position: in a command in which it pays an account's cross shortfall, no isolated wallet
/// of that account grows, but by its own funding, or by what it realized in its own liquidation.
/// </summary>
public sealed class ShortfallWatch(EngineActors actors)
{
    private readonly Dictionary<(AccountId, MarketId, PositionSide), Amount> _before = [];

    public void Before()
    {
        _before.Clear();
        foreach (AccountActor account in actors.Accounts)
        {
            foreach (ref readonly Leg leg in account.State.Legs.Legs)
            {
                if (leg.Mode == MarginMode.Isolated) _before.Add((account.Id, leg.Market, leg.Side), leg.IsolatedWallet);
            }
        }
    }

    public void After(ReadOnlySpan<Event> events)
    {
        foreach (ref readonly Event e in events)
        {
            if (e.Kind != EventKind.BalanceChanged || !e.Market.IsNone) continue;
            if (e.Body<BalanceChanged>().Reason == BalanceReason.InsuranceClear) CheckLegs(e.Account, events);
        }
    }

    private void CheckLegs(AccountId account, ReadOnlySpan<Event> events)
    {
        foreach (ref readonly Leg leg in actors[account].Legs.Legs)
        {
            Amount before = _before.GetValueOrDefault((account, leg.Market, leg.Side));
            if (leg.IsolatedWallet <= Amount.Max(before, Amount.Zero) || HasOwnIncome(account, leg, events)) continue;
            throw new InvariantViolation(
                $"5: {account}: the fund paid its cross pool, and its isolated wallet in {leg.Market} grew from {before} to {leg.IsolatedWallet}");
        }
    }

    private bool HasOwnIncome(AccountId account, in Leg leg, ReadOnlySpan<Event> events)
    {
        if (actors[account].LiquidationOf(leg.Market, leg.Side) is not null) return true;
        foreach (ref readonly Event e in events)
        {
            if (e.Account != account || e.Market != leg.Market) continue;
            if (e.Kind == EventKind.LiquidationStarted) return true;
            if (e.Kind == EventKind.BalanceChanged && e.Body<BalanceChanged>().Reason == BalanceReason.Funding) return true;
        }

        return false;
    }
}
