using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

/// <summary>A trader of a run, and how its account is opened at step 0.</summary>
/// <param name="Trader">Its account is no other trader's.</param>
/// <param name="Deposit">Settlement asset, ≥ 0.</param>
/// <param name="MakerFee">Fraction of the notional.</param>
/// <param name="TakerFee">Fraction of the notional.</param>
public sealed record RunAccount(ITrader Trader, Amount Deposit, Rate MakerFee, Rate TakerFee);
