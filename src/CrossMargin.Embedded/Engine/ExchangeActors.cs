using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.Actors;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Markets;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Engine;

/// <summary>The actors of an exchange.</summary>
/// <param name="profile">The rules.</param>
/// <param name="monitor">Another monitor than the risk index, for comparisons; null for the risk index.</param>
public sealed class ExchangeActors(VenueProfile profile, Func<PriceTable, INodeRiskMonitor>? monitor = null) : IActorSet
{
    public IActor NewAccount(AccountId id) => new AccountActor(id, profile);

    public IActor NewMarket(MarketSpec spec) => new MarketActor(spec, profile);

    public IActor NewFund() => new InsuranceFundActor(profile);

    public INodeRiskMonitor NewMonitor(PriceTable prices) => monitor is null ? new RiskMonitor(profile, prices) : monitor(prices);

    public void RequestJudgements(IActor account, IRiskMonitor monitor) => ((AccountActor)account).RequestJudgements(monitor);

    public void CheckAtRest(IActor account)
    {
        AccountState state = ((AccountActor)account).State;
        if (!state.Wallet.IsNegative || HoldsAnything(state)) return;
        throw new InvariantViolation($"4: {state.Id} has no position and no collateral, and a wallet of {state.Wallet}");
    }

    private static bool HoldsAnything(AccountState state)
    {
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            if (!leg.Quantity.IsZero) return true;
        }

        ReadOnlySpan<Amount> balances = state.Balances;
        for (int i = 1; i < balances.Length; i++)
        {
            if (balances[i].IsPositive) return true;
        }

        return false;
    }
}
