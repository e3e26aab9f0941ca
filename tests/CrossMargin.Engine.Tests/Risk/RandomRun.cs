using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Engine.Tests.Risk;

/// <summary>One seeded course of prices, jumps, pauses and changes of accounts, the same for every monitor.</summary>
public sealed class RandomRun(VenueProfile profile, ulong seed, int accounts, int steps)
{
    public static INodeRiskMonitor Indexed(VenueProfile profile, RiskWorld world) => new RiskMonitor(profile, world.Prices);

    public static INodeRiskMonitor Scanning(VenueProfile profile, RiskWorld world) =>
        new FullScanMonitor(profile, world.Prices, world.Read);

    /// <summary>Plays the run, checks after each command that nobody was missed, and restarts the monitor at the given steps.</summary>
    public RiskWorld Play(Func<VenueProfile, RiskWorld, INodeRiskMonitor> create, params int[] restarts)
    {
        var draws = new Draws(seed);
        Price[] start = SafeBoxTests.Marks(profile, draws);
        List<TestAccount> list = [];
        for (int i = 1; i <= accounts; i++) list.Add(RandomAccounts.Create(profile, start, draws, i));
        var world = new RiskWorld(profile, list, start, w => create(profile, w));
        for (int step = 0; step < steps; step++)
        {
            if (restarts.Contains(step)) world.Restart(w => create(profile, w));
            // A command may bring several changes before the monitor is asked for its marks.
            for (int n = draws.Chance(30) ? 3 : 1; n > 0; n--) Change(world, draws);
            world.Settle();
            world.CheckNobodyMissed();
        }

        return world;
    }

    private void Change(RiskWorld world, Draws draws)
    {
        var market = new MarketId((int)draws.Between(1, profile.Markets.Count));
        switch (draws.Between(1, 20))
        {
            case 1:
                world.Pause(market, draws.Chance(60) ? PauseReason.None : PauseReason.Wild);
                break;
            case <= 4:
                ChangeAccount(world, draws);
                break;
            default:
                Price mark = Move(world.Prices.Mark(market), draws);
                world.Tick(market, mark, draws.Chance(50) ? mark : Move(world.Prices.Index(market), draws));
                break;
        }
    }

    private static Price Move(Price price, Draws draws)
    {
        long ppm = draws.Between(1, 100) switch
        {
            <= 60 => draws.Between(-300, 300),
            <= 92 => draws.Between(-8_000, 8_000),
            <= 99 => draws.Between(-60_000, 60_000),
            _ => draws.Between(-300_000, 400_000),
        };
        return new Price(Math.Max(1, price.Units + draws.Between(-1, 1) + price.Units * ppm / 1_000_000));
    }

    /// <summary>A transfer, a funding payment, or a fill of one leg.</summary>
    private void ChangeAccount(RiskWorld world, Draws draws)
    {
        TestAccount account = world.Accounts[(int)draws.Between(0, accounts - 1)];
        int at = account.Legs.Length == 0 ? -1 : (int)draws.Between(0, account.Legs.Length - 1);
        bool fill = draws.Chance(60);
        long part = draws.Between(-100, 100);
        long paid = draws.Size(30) * (draws.Chance(50) ? 1 : -1);
        if (!fill || at < 0)
        {
            account.Balances[0] += new Amount(paid);
        }
        else
        {
            ref Leg leg = ref account.Legs[at];
            MarketSpec spec = profile[leg.Market];
            long lots = Math.Max(-leg.Quantity.Abs.Lots, leg.Quantity.Abs.Lots * part / 100 + (part > 0 ? 1 : 0));
            if (lots == 0 || leg.Quantity.IsZero) return;
            bool adds = lots > 0;
            Side side = leg.Quantity.Sign > 0 == adds ? Side.Buy : Side.Sell;
            Amount realized = LegMath.ApplyFill(
                spec, ref leg.Quantity, ref leg.OpenCost, side, new Quantity(Math.Abs(lots)), world.Prices.Mark(leg.Market));
            account.Balances[0] += realized;
            if (leg.Mode == MarginMode.Isolated) leg.IsolatedWallet += realized;
        }

        world.Changed(account);
    }
}
