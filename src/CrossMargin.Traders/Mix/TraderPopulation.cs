using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Traders;

/// <summary>Makes the traders of a run: a function of mix, profile, seed and number alone.</summary>
public static class TraderPopulation
{
    // Counters of the draws made before a run; a trader's own draws in a run start far above.
    private const ulong DepositDraw = 1;
    private const ulong ParameterDraws = 100;

    /// <summary>
    /// Traders of the accounts 1 to <paramref name="count"/>, strategies interleaved. Fixed counts are served first, shares divide the
    /// rest by largest remainder. Throws <see cref="TraderMixException"/> when the mix and the profile or the number do not fit.
    /// </summary>
    public static IReadOnlyList<TraderPlan> Create(TraderMix mix, VenueProfile profile, ulong seed, int count)
    {
        var roster = new TraderRoster(mix, profile, seed, count);
        var plans = new List<TraderPlan>(count);
        for (int i = 0; i < count; i++) plans.Add(roster.Make(i));
        return plans;
    }

    /// <summary>How many traders each strategy gets, in the order of the mix.</summary>
    public static int[] Sizes(TraderMix mix, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int n = mix.Strategies.Count;
        int[] sizes = new int[n];
        long rest = count;
        long shares = 0;
        for (int i = 0; i < n; i++)
        {
            sizes[i] = mix.Strategies[i].Count ?? 0;
            rest -= sizes[i];
            shares += mix.Strategies[i].Share.E8;
        }

        if (rest < 0 || (rest > 0 && shares == 0))
        {
            string problem = rest < 0 ? "more than the run has" : "and no strategy has a share of the rest";
            throw new TraderMixException($"{mix.Source}: the counts add up to {count - rest} of {count} traders, {problem}");
        }

        if (shares == 0) return sizes;
        long[] remainders = new long[n];
        long left = rest;
        for (int i = 0; i < n; i++)
        {
            long exact = rest * mix.Strategies[i].Share.E8;
            sizes[i] += (int)(exact / shares);
            left -= exact / shares;
            remainders[i] = exact % shares;
        }

        for (; left > 0; left--)
        {
            int best = 0;
            for (int i = 1; i < n; i++)
            {
                if (remainders[i] > remainders[best]) best = i;
            }

            sizes[best]++;
            remainders[best] = -1;
        }

        return sizes;
    }

    // The strategy that is farthest behind its even pace after `placed` of `count`; ties to the first. Keeps every stretch of
    // account ids as mixed as the whole.
    internal static int MostBehind(int[] sizes, int[] given, long placed, long count)
    {
        int best = -1;
        long most = long.MinValue;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (given[i] == sizes[i]) continue;
            long behind = sizes[i] * placed - given[i] * count;
            if (behind <= most) continue;
            most = behind;
            best = i;
        }

        return best;
    }

    internal static MarketSpec[] Markets(TraderMix mix, StrategyShare share, VenueProfile profile)
    {
        if (share.Markets.Count == 0) return [.. profile.Markets];
        var markets = new MarketSpec[share.Markets.Count];
        for (int i = 0; i < markets.Length; i++)
        {
            if (!profile.TryFind(share.Markets[i], out markets[i]))
            {
                throw new TraderMixException(
                    $"{mix.Source}:{share.Line}: market \"{share.Markets[i]}\" of {share.Strategy.Name} is not in profile {profile.Name}");
            }
        }

        return markets;
    }

    internal static TraderPlan Make(
        StrategyShare share, VenueProfile profile, MarketSpec[] markets, ulong seed, AccountId account, int ordinal)
    {
        var random = new CounterRandom(seed, (ulong)account.Value);
        Amount deposit = Deposit(share, random);
        var setup = new TraderSetup
        {
            Account = account,
            Ordinal = ordinal,
            Random = random,
            Profile = profile,
            Markets = markets,
            Parameters = ParameterValues.Draw(share.Strategy.Parameters, share.Parameters, random, ParameterDraws),
            Deposit = deposit,
        };
        Trader trader = share.Strategy.Create(setup);
        return new TraderPlan(trader, deposit, share.MakerFee ?? profile.MakerFee, share.TakerFee ?? profile.TakerFee);
    }

    // The square of a uniform number: many small accounts, few large ones, as at real venues. Whole units of the asset where they fit.
    private static Amount Deposit(StrategyShare share, CounterRandom random)
    {
        long u = random.Below(DepositDraw, 1_000_000);
        long span = share.DepositMax.E8 - share.DepositMin.E8;
        long extra = Rounding.MulDivDown(span, u * u, 1_000_000_000_000);
        return new Amount(share.DepositMin.E8 + extra / Amount.One * Amount.One);
    }
}
