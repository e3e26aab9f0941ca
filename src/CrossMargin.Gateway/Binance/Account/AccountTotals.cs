using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Sums over an account, each the exact sum of the lines shown beside it.</summary>
internal readonly record struct AccountTotals(
    Amount Wallet, Amount Profit, Amount CrossWallet, Amount CrossProfit, Amount PositionInitial, Amount OrderInitial, Amount Maintenance)
{
    public Amount MarginBalance => Wallet + Profit;
    public Amount Initial => PositionInitial + OrderInitial;

    /// <summary>All assets, in the settlement asset: collateral at what it counts.</summary>
    public static AccountTotals Of(AccountSnapshot account)
    {
        AccountTotals own = OfSettlement(account);
        Amount other = default;
        for (int i = 0; i < account.Balances.Count; i++)
        {
            if (account.Balances[i].Asset != AssetId.Settlement) other += account.Balances[i].Collateral;
        }

        return own with { Wallet = own.Wallet + other, CrossWallet = own.CrossWallet + other };
    }

    /// <summary>The settlement asset, which bears all positions.</summary>
    public static AccountTotals OfSettlement(AccountSnapshot account)
    {
        Amount wallet = default;
        foreach (AssetBalance balance in account.Balances)
        {
            if (balance.Asset == AssetId.Settlement) wallet = balance.Wallet;
        }

        Amount profit = default;
        Amount crossProfit = default;
        Amount initial = default;
        Amount orders = default;
        Amount maintenance = default;
        foreach (LegSnapshot leg in account.Legs)
        {
            profit += leg.UnrealizedProfit;
            if (leg.Mode == MarginMode.Cross) crossProfit += leg.UnrealizedProfit;
            initial += leg.PositionInitial;
            orders += leg.OrderInitial;
            maintenance += leg.Maintenance;
        }

        return new AccountTotals(wallet, profit, account.CrossWallet, crossProfit, initial, orders, maintenance);
    }
}
