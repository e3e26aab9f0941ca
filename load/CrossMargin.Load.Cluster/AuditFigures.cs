using CrossMargin.Grains.Nodes;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Load.Cluster;

/// <summary>All money and positions of a cluster as its actors tell them: exact when nothing is on its way.</summary>
internal sealed record AuditFigures(Int128 Money, Int128 Lots, int InLiquidation, int WithPosition, int Unsound, Amount FundWallet, Amount Deficit)
{
    public bool IsRight(Int128 paidIn) => Money == paidIn && Lots == 0 && InLiquidation == 0 && Unsound == 0 && !FundWallet.IsNegative;

    public static async Task<AuditFigures> ReadAsync(ClusterCalls calls, VenueProfile profile, int accounts)
    {
        Int128 money = 0;
        Int128 lots = 0;
        int inLiquidation = 0;
        int withPosition = 0;
        int unsound = 0;
        for (int first = 1; first <= accounts; first += 64)
        {
            AccountSnapshot?[] some = await Task.WhenAll(Enumerable.Range(first, Math.Min(64, accounts - first + 1))
                .Select(a => CrashRun.AgainAsync(() => calls.ReadAccountAsync(new AccountId(a)))));
            foreach (AccountSnapshot? account in some)
            {
                money += account!.Balances[0].Wallet.E8;
                bool has = false;
                foreach (LegSnapshot leg in account.Legs)
                {
                    money -= leg.OpenCost.E8;
                    lots += leg.Quantity.Lots;
                    has |= !leg.Quantity.IsZero;
                }

                if (has) withPosition++;
                if (account.InLiquidation) inLiquidation++;
                else if (has && account.CrossEquity <= account.CrossMaintenance) unsound++;
            }
        }

        foreach (MarketSpec spec in profile.Markets)
        {
            MarketSnapshot market = await CrashRun.AgainAsync(() => calls.ReadMarketAsync(spec.Id));
            money += (Int128)market.HouseWallet.E8 - market.HouseOpenCost.E8 + market.Fees.E8 + market.Dust.E8;
            lots += market.HouseQuantity.Lots;
        }

        FundSnapshot fund = await CrashRun.AgainAsync(calls.ReadFundAsync);
        money += (Int128)fund.Wallet.E8 + fund.Deficit.E8;
        foreach (FundPositionSnapshot position in fund.Positions)
        {
            money -= position.OpenCost.E8;
            lots += position.Quantity.Lots;
        }

        return new AuditFigures(money, lots, inLiquidation, withPosition, unsound, fund.Wallet, fund.Deficit);
    }

    public override string ToString() =>
        $"{WithPosition} accounts with a position, {InLiquidation} in liquidation, {Unsound} unsound, lots {Lots}, money {Money}, "
        + $"fund {FundWallet}, deficit {Deficit}";
}
