using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Benchmarks.Risk;

/// <summary>
/// Accounts as plain arrays: each three cross positions in three of the markets, 100 to 100,000 USDT each, two of three long, and a wallet
/// that makes the account's leverage 0.6 to 40, evenly by logarithm.
/// </summary>
internal sealed class RiskPopulation
{
    public const int Positions = 3;
    private readonly Leg[] _legs;
    private readonly Amount[] _balances;
    private readonly bool[] _closed;

    private RiskPopulation(int accounts)
    {
        _legs = new Leg[accounts * Positions];
        _balances = new Amount[accounts];
        _closed = new bool[accounts];
    }

    public int Count => _balances.Length;

    public int ClosedCount { get; private set; }

    /// <summary>The accounts of each market, ascending; those closed since are still in it.</summary>
    public int[][] Holders { get; private set; } = [];

    public static RiskPopulation BuildAccounts(VenueProfile profile, Func<int, Price> markOf, int accounts, ulong seed)
    {
        var population = new RiskPopulation(accounts);
        var holders = new List<int>[profile.Markets.Count];
        for (int m = 0; m < holders.Length; m++) holders[m] = new List<int>(accounts * Positions / holders.Length * 11 / 10);
        for (int i = 0; i < accounts; i++)
        {
            var random = new CounterRandom(seed, (ulong)i);
            int market = (int)random.Below(0, holders.Length);
            int stride = (int)random.Between(1, 1, 6); // three different ones of twenty
            long gross = 0;
            for (int p = 0; p < Positions; p++)
            {
                MarketSpec spec = profile.Markets[market];
                Price mark = markOf(market);
                long notional = LogUniform(random, (ulong)(10 + p * 10), 100, 10) * Amount.One;
                long lots = Math.Max(1, notional / (mark.Units * spec.AmountPerUnitLot));
                var quantity = new Quantity(random.Chance((ulong)(15 + p * 10), 667_000) ? lots : -lots);
                Amount cost = spec.Notional(new Price(mark.Units / 1000 * random.Between((ulong)(16 + p * 10), 950, 1050)), quantity);
                population._legs[i * Positions + p] =
                    new Leg { Market = spec.Id, Leverage = 20, Quantity = quantity, OpenCost = cost };
                gross += spec.Notional(mark, quantity).Abs.E8;
                population._balances[i] -= spec.Notional(mark, quantity) - cost;
                holders[market].Add(i);
                market = (market + stride) % holders.Length;
            }

            long leverageMilli = LogUniform(random, 60, 500, 6) * 5 / 4; // 625 … 40,000
            population._balances[i] += new Amount(gross / leverageMilli * 1000);
        }

        population.Holders = [.. holders.Select(h => h.ToArray())];
        return population;
    }

    public bool IsClosed(int account) => _closed[account];

    public void Close(int account)
    {
        _closed[account] = true;
        ClosedCount++;
    }

    public PoolView View(int account) => new(_legs.AsSpan(account * Positions, Positions), -1, _balances.AsSpan(account, 1));

    /// <summary>From <paramref name="least"/> over <paramref name="doublings"/> doublings.</summary>
    private static long LogUniform(CounterRandom random, ulong counter, long least, int doublings)
    {
        long low = least << (int)random.Below(counter, doublings);
        return random.Between(counter + 1, low, low * 2);
    }
}
