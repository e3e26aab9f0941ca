using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>Which strategy each account of a population follows; its traders are made one by one, and again where need be.</summary>
public sealed class TraderRoster
{
    private readonly TraderMix _mix;
    private readonly VenueProfile _profile;
    private readonly ulong _seed;
    private readonly MarketSpec[][] _markets;
    private readonly (int Strategy, int Ordinal)[] _places;

    /// <summary>Throws <see cref="TraderMixException"/> when the mix and the profile or the number do not fit.</summary>
    public TraderRoster(TraderMix mix, VenueProfile profile, ulong seed, int count)
    {
        (_mix, _profile, _seed) = (mix, profile, seed);
        int[] sizes = TraderPopulation.Sizes(mix, count);
        _markets = [.. mix.Strategies.Select(s => TraderPopulation.Markets(mix, s, profile))];
        _places = new (int, int)[count];
        int[] given = new int[sizes.Length];
        for (int i = 0; i < count; i++)
        {
            int s = TraderPopulation.MostBehind(sizes, given, i + 1, count);
            _places[i] = (s, given[s]++);
        }
    }

    public int Count => _places.Length;

    /// <summary>The trader of account <paramref name="index"/> + 1, before its first turn.</summary>
    public TraderPlan Make(int index)
    {
        (int strategy, int ordinal) = _places[index];
        return TraderPopulation.Make(_mix.Strategies[strategy], _profile, _markets[strategy], _seed, new AccountId(index + 1), ordinal);
    }
}
