using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>Makes the simulated traders that an operator may choose while the exchange runs. Thread-safe.</summary>
public interface ITraderFactory
{
    /// <summary>
    /// The same choice and profile give the same population. Throws <see cref="ArgumentException"/> with a text for people where the
    /// choice cannot be met.
    /// </summary>
    ITraderPopulation Create(TraderChoice choice, VenueProfile profile);
}

/// <summary>Traders of the accounts 1 to <see cref="Count"/>, made one by one.</summary>
public interface ITraderPopulation
{
    int Count { get; }

    /// <summary>The trader of account <paramref name="index"/> + 1 as it is before its first turn, and what its account starts with.</summary>
    FundedTrader Make(int index);
}

/// <param name="Trader">New, before its first turn.</param>
/// <param name="Deposit">First deposit in the settlement asset, &gt; 0.</param>
/// <param name="MakerFee">Fraction of the notional; negative is a rebate.</param>
/// <param name="TakerFee">Fraction of the notional.</param>
public sealed record FundedTrader(ITrader Trader, Amount Deposit, Rate MakerFee, Rate TakerFee);
