using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Engine;

/// <summary>Makes the actors that an engine runs. Each call makes a new one, in its initial state.</summary>
public interface IActorSet
{
    IActor NewAccount(AccountId id);

    IActor NewMarket(MarketSpec spec);

    IActor NewFund();

    INodeRiskMonitor NewMonitor(PriceTable prices);

    /// <summary>
    /// Asks for a judgement of every pool of an account that could need one: after a restore, because safe boxes are not in snapshots.
    /// </summary>
    void RequestJudgements(IActor account, IRiskMonitor monitor);

    /// <summary>
    /// What must hold of an account that a command has touched, and is cheap to see. Throws <see cref="InvariantViolation"/>.
    /// </summary>
    void CheckAtRest(IActor account);
}
