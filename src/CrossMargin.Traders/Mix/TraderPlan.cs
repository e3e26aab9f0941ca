using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>One trader of a population and what its account starts with; the run opens the account and pays the deposit in.</summary>
/// <param name="Trader">The trader; its account id is its place in the population, from 1.</param>
/// <param name="Deposit">First deposit in the settlement asset, &gt; 0.</param>
/// <param name="MakerFee">Fraction of the notional; negative is a rebate.</param>
/// <param name="TakerFee">Fraction of the notional.</param>
public sealed record TraderPlan(Trader Trader, Amount Deposit, Rate MakerFee, Rate TakerFee);
