using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Admin;

/// <summary>Sums over an account's pools, in the settlement asset.</summary>
public static class Equities
{
    /// <summary>The whole settlement wallet, isolated wallets included.</summary>
    public static Amount Wallet(AccountSnapshot s) => s.Balances.Count == 0 ? Amount.Zero : s.Balances[0].Wallet;

    /// <summary>Margin balance of the cross pool and of every isolated leg.</summary>
    public static Amount Total(AccountSnapshot s)
    {
        Amount total = s.CrossEquity;
        foreach (LegSnapshot leg in s.Legs)
        {
            if (leg.Mode == MarginMode.Isolated) total += leg.IsolatedWallet + leg.UnrealizedProfit;
        }

        return total;
    }

    public static Amount UnrealizedProfit(AccountSnapshot s)
    {
        Amount total = Amount.Zero;
        foreach (LegSnapshot leg in s.Legs) total += leg.UnrealizedProfit;
        return total;
    }

    /// <summary>
    /// Maintenance / equity in 1e-8, rounded up; none without maintenance, <see cref="long.MaxValue"/> where the equity is not above zero.
    /// </summary>
    public static long? Ratio(Amount maintenance, Amount equity) => maintenance.IsZero
        ? null
        : equity.IsPositive ? Capped(((Int128)maintenance.E8 * Rate.One + equity.E8 - 1) / equity.E8) : long.MaxValue;

    public static string? RatioText(Amount maintenance, Amount equity) => Ratio(maintenance, equity) switch
    {
        null => null,
        long.MaxValue => "Infinity",
        { } e8 => new Rate(e8).ToString(),
    };

    private static long Capped(Int128 ratio) => ratio > long.MaxValue ? long.MaxValue : (long)ratio;
}
