using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>
/// Money that leaves an account at its own wish, by a key that may withdraw and by no other. An addition of this exchange: at Binance
/// withdrawals are not part of the futures' API.
/// </summary>
internal static class WithdrawalOperations
{
    public const string Path = "/account/v1/withdrawals";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation
        {
            Name = "withdraw",
            Group = "Withdrawals",
            Method = "POST",
            Path = Path,
            Security = CallSecurity.Signed,
            Scope = KeyScopes.Withdraw,
            Note = "not Binance's: `amount` of `asset` (the settlement asset), at most what is withdrawable",
            Handler = WithdrawAsync,
        },
    ];

    private static async ValueTask<BinanceError?> WithdrawAsync(CallContext call)
    {
        CallParameters p = call.Parameters;
        if (!p.TryGet("amount", out ReadOnlySpan<char> text)) return BinanceError.Missing("amount");
        switch (DecimalReading.Read(text, 8, out long amount))
        {
            case DecimalFault.None when amount > 0:
                break;
            case DecimalFault.TooFine:
                return BinanceError.Precision;
            default:
                return BinanceError.Invalid("amount");
        }

        if (AssetOf(p.TextOr("asset", call.Markets.Settlement), call) is not { } asset) return BinanceError.Invalid("asset");
        CommandAnswer answer = await call.SubmitAsync(new Withdraw { Asset = asset, Amount = new Amount(amount) });
        if (Answers.ErrorOf(answer, MessageKind.Withdraw, null) is { } refused) return refused;
        call.Json.WriteStartObject();
        call.Json.WriteString("asset"u8, call.Markets.AssetName(asset));
        call.Json.WriteAmount("amount"u8, new Amount(amount));
        call.Json.WriteNumber("time"u8, answer.Time.Milliseconds);
        call.Json.WriteEndObject();
        return null;
    }

    private static AssetId? AssetOf(string name, CallContext call)
    {
        if (name == call.Markets.Settlement) return AssetId.Settlement;
        foreach (CollateralAsset asset in call.Exchange.Profile.Collateral.Assets)
        {
            if (asset.Name == name) return asset.Id;
        }

        return null;
    }
}
