using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Engine.Tests.Risk;

/// <summary>A seeded stream of numbers with the ranges that the risk tests draw from.</summary>
public sealed class Draws(ulong seed)
{
    private readonly CounterRandom _random = new(seed, 7);
    private ulong _next;

    public long Between(long low, long high) => _random.Between(_next++, low, high);

    public bool Chance(int percent) => _random.Chance(_next++, percent * 10_000);

    /// <summary>Log-uniform in 1 … 2^bits.</summary>
    public long Size(int bits)
    {
        long top = 1L << (int)Between(0, bits - 1);
        return Between(top, top * 2);
    }
}

/// <summary>An account as far as margin sees it.</summary>
public sealed class TestAccount
{
    public required AccountId Id { get; init; }
    public required Leg[] Legs { get; init; }

    /// <summary>By asset number; the settlement balance holds the isolated wallets.</summary>
    public required Amount[] Balances { get; init; }

    public IEnumerable<PoolId> Pools
    {
        get
        {
            yield return PoolId.Cross(Id);
            foreach (Leg leg in Legs)
            {
                if (leg.Mode == MarginMode.Isolated) yield return new PoolId(Id, leg.Market, leg.Side);
            }
        }
    }

    public PoolView View(PoolId pool) =>
        new(Legs, pool.IsCross ? -1 : Array.FindIndex(Legs, l => l.Market == pool.Market && l.Side == pool.Side), Balances);
}

public static class RandomAccounts
{
    public static TestAccount Create(VenueProfile profile, ReadOnlySpan<Price> marks, Draws draws, int id)
    {
        bool hedge = draws.Chance(50);
        List<Leg> legs = [];
        foreach (MarketSpec spec in profile.Markets)
        {
            if (draws.Chance(30)) continue;
            if (hedge)
            {
                legs.Add(NewLeg(spec, PositionSide.Long, marks[spec.Id.Value - 1], draws));
                if (draws.Chance(70)) legs.Add(NewLeg(spec, PositionSide.Short, marks[spec.Id.Value - 1], draws));
            }
            else
            {
                legs.Add(NewLeg(spec, PositionSide.Both, marks[spec.Id.Value - 1], draws));
            }
        }

        bool collateral = profile.Collateral.Enabled && draws.Chance(70);
        var balances = new Amount[collateral ? 2 : 1];
        if (collateral) balances[1] = new Amount(draws.Size(34));
        var account = new TestAccount { Id = new AccountId(id), Legs = [.. legs], Balances = balances };
        Fund(profile, account, marks, draws);
        return account;
    }

    /// <summary>Sets the wallets so that each pool's excess is a small or large multiple of what it must maintain.</summary>
    private static void Fund(VenueProfile profile, TestAccount account, ReadOnlySpan<Price> marks, Draws draws)
    {
        long isolated = 0;
        foreach (ref Leg leg in account.Legs.AsSpan())
        {
            if (leg.Mode != MarginMode.Isolated) continue;
            PoolFigures at = PoolJudge.Isolated(profile, leg, marks[leg.Market.Value - 1]);
            leg.IsolatedWallet = new Amount(Math.Max(0, Spare(at.Maintenance, draws) - at.Excess.E8));
            isolated += leg.IsolatedWallet.E8;
        }

        account.Balances[0] = new Amount(isolated);
        PoolFigures cross = account.View(PoolId.Cross(account.Id)).Judge(profile, marks, marks);
        account.Balances[0] += new Amount(Spare(cross.Maintenance, draws) - cross.Excess.E8);
    }

    private static long Spare(Amount maintenance, Draws draws) =>
        draws.Chance(20) ? draws.Between(1, 12) : 1 + maintenance.E8 / 100 * draws.Between(1, 3000) + draws.Size(20);

    private static Leg NewLeg(MarketSpec spec, PositionSide side, Price mark, Draws draws)
    {
        bool isShort = side == PositionSide.Short || (side == PositionSide.Both && draws.Chance(50));
        long most = Math.Max(1, 2_000_000L * Amount.One / (mark.Units * spec.AmountPerUnitLot));
        long lots = draws.Chance(25) ? draws.Between(1, 5) : Math.Max(1, most >> (int)draws.Between(0, 12));
        var entry = new Price(Math.Max(1, mark.Units / 1000 * draws.Between(700, 1300)));
        var quantity = new Quantity(isShort ? -lots : lots);
        return new Leg
        {
            Market = spec.Id,
            Side = side,
            Mode = draws.Chance(25) ? MarginMode.Isolated : MarginMode.Cross,
            Leverage = 10,
            Quantity = quantity,
            OpenCost = spec.Notional(entry, quantity) + new Amount(draws.Between(0, 3) * (isShort ? -1 : 1)),
        };
    }
}
