using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Totals and assets of an account as JSON.</summary>
internal static class AccountJson
{
    public static void WriteTotals(Utf8JsonWriter json, AccountSnapshot account)
    {
        AccountTotals totals = AccountTotals.Of(account);
        json.WriteAmount("totalInitialMargin"u8, totals.Initial);
        json.WriteAmount("totalMaintMargin"u8, totals.Maintenance);
        json.WriteAmount("totalWalletBalance"u8, totals.Wallet);
        json.WriteAmount("totalUnrealizedProfit"u8, totals.Profit);
        json.WriteAmount("totalMarginBalance"u8, totals.MarginBalance);
        json.WriteAmount("totalPositionInitialMargin"u8, totals.PositionInitial);
        json.WriteAmount("totalOpenOrderInitialMargin"u8, totals.OrderInitial);
        json.WriteAmount("totalCrossWalletBalance"u8, totals.CrossWallet);
        json.WriteAmount("totalCrossUnPnl"u8, totals.CrossProfit);
        json.WriteAmount("availableBalance"u8, account.Available);
        json.WriteAmount("maxWithdrawAmount"u8, account.Withdrawable);
    }

    /// <summary>The settlement asset always, others where they are held.</summary>
    public static void WriteAssets(Utf8JsonWriter json, MarketFormats markets, AccountSnapshot account)
    {
        json.WriteStartArray("assets"u8);
        foreach (AssetBalance balance in Balances(account))
        {
            bool settles = balance.Asset == AssetId.Settlement;
            AccountTotals totals = settles ? AccountTotals.OfSettlement(account) : default;
            Amount wallet = balance.Wallet;
            json.WriteStartObject();
            json.WriteString("asset"u8, markets.AssetName(balance.Asset));
            json.WriteAmount("walletBalance"u8, wallet);
            json.WriteAmount("unrealizedProfit"u8, totals.Profit);
            json.WriteAmount("marginBalance"u8, wallet + totals.Profit);
            json.WriteAmount("maintMargin"u8, totals.Maintenance);
            json.WriteAmount("initialMargin"u8, totals.Initial);
            json.WriteAmount("positionInitialMargin"u8, totals.PositionInitial);
            json.WriteAmount("openOrderInitialMargin"u8, totals.OrderInitial);
            json.WriteAmount("crossWalletBalance"u8, settles ? account.CrossWallet : wallet);
            json.WriteAmount("crossUnPnl"u8, totals.CrossProfit);
            json.WriteAmount("availableBalance"u8, settles ? account.Available : wallet);
            json.WriteAmount("maxWithdrawAmount"u8, settles ? account.Withdrawable : wallet);
            json.WriteBoolean("marginAvailable"u8, true);
            json.WriteNumber("updateTime"u8, account.UpdatedAt.Milliseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteBalances(Utf8JsonWriter json, MarketFormats markets, AccountSnapshot account, long number)
    {
        json.WriteStartArray();
        foreach (AssetBalance balance in Balances(account))
        {
            bool settles = balance.Asset == AssetId.Settlement;
            json.WriteStartObject();
            json.WriteString("accountAlias"u8, "CM" + number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("asset"u8, markets.AssetName(balance.Asset));
            json.WriteAmount("balance"u8, balance.Wallet);
            json.WriteAmount("crossWalletBalance"u8, settles ? account.CrossWallet : balance.Wallet);
            json.WriteAmount("crossUnPnl"u8, settles ? account.CrossUnrealizedProfit : default);
            json.WriteAmount("availableBalance"u8, settles ? account.Available : balance.Wallet);
            json.WriteAmount("maxWithdrawAmount"u8, settles ? account.Withdrawable : balance.Wallet);
            json.WriteBoolean("marginAvailable"u8, true);
            json.WriteNumber("updateTime"u8, account.UpdatedAt.Milliseconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IReadOnlyList<AssetBalance> Balances(AccountSnapshot account) =>
        account.Balances.Count > 0 ? account.Balances : [new AssetBalance(AssetId.Settlement, default, default)];
}
