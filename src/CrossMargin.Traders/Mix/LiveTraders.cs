using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>The strategies of this project for an exchange that serves clients, where a step is a second.</summary>
/// <param name="seed">Everything random about the traders follows from it.</param>
public sealed class LiveTraders(ulong seed) : ITraderFactory
{
    /// <summary>Accounts above are other people's.</summary>
    public const int MostTraders = 1_000_000;

    public ITraderPopulation Create(TraderChoice choice, VenueProfile profile)
    {
        if (choice.Count is < 0 or > MostTraders) throw new ArgumentException($"{choice.Count} traders are not between 0 and {MostTraders}");
        TraderMix mix = TraderMix.Live;
        if (choice.Mix is not null)
        {
            TraderMixResult result = TraderMixReader.Read(choice.Mix, "mix");
            mix = result.Mix ?? throw new ArgumentException(result.Error);
        }

        if (choice.Symbols.Count > 0) mix = Only(mix, choice.Symbols, profile);
        if (choice.Count == 0) return new Population(null);
        try
        {
            return new Population(new TraderRoster(mix, profile, seed, choice.Count));
        }
        catch (TraderMixException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }

    // Strategies that name markets keep those of them that are left, or all that are left where none is.
    private static TraderMix Only(TraderMix mix, IReadOnlyList<string> symbols, VenueProfile profile)
    {
        foreach (string symbol in symbols)
        {
            if (!profile.TryFind(symbol, out _)) throw new ArgumentException($"the exchange has no market {symbol}");
        }

        StrategyShare[] shares = [.. mix.Strategies.Select(Narrow)];
        return new TraderMix(mix.Source, mix.Text, shares);

        StrategyShare Narrow(StrategyShare share)
        {
            string[] left = [.. share.Markets.Where(symbols.Contains)];
            return share with { Markets = left.Length > 0 ? left : symbols };
        }
    }

    private sealed class Population(TraderRoster? roster) : ITraderPopulation
    {
        public int Count => roster?.Count ?? 0;

        public FundedTrader Make(int index)
        {
            TraderPlan plan = roster!.Make(index);
            return new FundedTrader(plan.Trader, plan.Deposit, plan.MakerFee, plan.TakerFee);
        }
    }
}
