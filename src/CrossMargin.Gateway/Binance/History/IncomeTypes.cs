using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Why a balance changed, in Binance's income types.</summary>
internal static class IncomeTypes
{
    private static readonly (BalanceReason Reason, string Word, string Info)[] s_all =
    [
        (BalanceReason.Deposit, "TRANSFER", "DEPOSIT"),
        (BalanceReason.Withdrawal, "TRANSFER", "WITHDRAW"),
        (BalanceReason.RealizedProfit, "REALIZED_PNL", ""),
        (BalanceReason.Commission, "COMMISSION", ""),
        (BalanceReason.Funding, "FUNDING_FEE", "FUNDING_FEE"),
        (BalanceReason.LiquidationFee, "INSURANCE_CLEAR", "LIQUIDATION_FEE"),
        (BalanceReason.InsuranceClear, "INSURANCE_CLEAR", "INSURANCE_CLEAR"),
        (BalanceReason.LiquidationLeftover, "INSURANCE_CLEAR", "LIQUIDATION_LEFTOVER"),
        (BalanceReason.CollateralSale, "AUTO_EXCHANGE", "AUTO_EXCHANGE"),
    ];

    /// <summary>Types that Binance knows and that never occur here.</summary>
    private static readonly string[] s_never =
    [
        "WELCOME_BONUS", "REFERRAL_KICKBACK", "COMMISSION_REBATE", "API_REBATE", "CONTEST_REWARD", "CROSS_COLLATERAL_TRANSFER",
        "OPTIONS_PREMIUM_FEE", "OPTIONS_SETTLE_PROFIT", "INTERNAL_TRANSFER", "DELIVERED_SETTELMENT", "COIN_SWAP_DEPOSIT",
        "COIN_SWAP_WITHDRAW", "POSITION_LIMIT_INCREASE_FEE", "STRATEGY_UMFUTURES_TRANSFER", "FEE_RETURN", "BFUSD_REWARD",
    ];

    /// <summary>The reasons behind a type ("" all but moves inside the account); empty where it never occurs; null where there is no such type.</summary>
    public static IReadOnlyList<BalanceReason>? Reasons(string type)
    {
        if (Array.IndexOf(s_never, type) >= 0) return [];
        var reasons = new List<BalanceReason>();
        foreach ((BalanceReason reason, string word, _) in s_all)
        {
            if (type.Length == 0 || type == word) reasons.Add(reason);
        }

        return reasons.Count == 0 ? null : reasons;
    }

    public static string Word(BalanceReason reason) => Find(reason).Word;

    public static string Info(BalanceReason reason) => Find(reason).Info;

    private static (BalanceReason Reason, string Word, string Info) Find(BalanceReason reason)
    {
        foreach ((BalanceReason Reason, string Word, string Info) row in s_all)
        {
            if (row.Reason == reason) return row;
        }

        return (reason, "TRANSFER", reason.ToString().ToUpperInvariant());
    }
}
