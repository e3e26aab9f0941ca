using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Leverage, margin type, position mode, and the modes that the exchange's profile decides.</summary>
internal static class SettingOperations
{
    private const string Group = "Settings";

    public static IReadOnlyList<Operation> All { get; } =
    [
        Trade("changeLeverage", "/fapi/v1/leverage", LeverageAsync),
        Trade("changeMarginType", "/fapi/v1/marginType", MarginTypeAsync),
        AccountOperations.Read("getPositionMode", "/fapi/v1/positionSide/dual", GetModeAsync, Group) with { Weight = 30 },
        Trade("changePositionMode", "/fapi/v1/positionSide/dual", SetModeAsync),
        AccountOperations.Read("getMultiAssetsMode", "/fapi/v1/multiAssetsMargin", GetMultiAsync, Group) with { Weight = 30 },
        Trade("changeMultiAssetsMode", "/fapi/v1/multiAssetsMargin", SetMultiAsync) with { Note = "The exchange's profile decides" },
        AccountOperations.Read("getFeeBurn", "/fapi/v1/feeBurn", GetFeeBurnAsync, Group) with { Weight = 30 },
        Trade("changeFeeBurn", "/fapi/v1/feeBurn", SetFeeBurnAsync) with { Note = "Fees are never paid in BNB: true is refused" },
    ];

    private static Operation Trade(string name, string path, OperationHandler handler) =>
        OrderOperations.Trade(name, "POST", path, handler) with { Group = Group };

    private static async ValueTask<BinanceError?> LeverageAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        long leverage = call.Parameters.RequiredWhole("leverage", 0, int.MaxValue);
        if (call.Fault is { } fault) return fault;
        if (leverage is < 1 or > 1000) return new BinanceError(-4028, $"Leverage {leverage} is not valid");
        CommandAnswer answer = await call.SubmitAsync(new SetLeverage { Market = market.Id, Leverage = (int)leverage });
        BinanceError? error = Answers.ErrorOf(answer, MessageKind.SetLeverage, market);
        if (error is { Code: -4028 }) return new BinanceError(-4028, $"Leverage {leverage} is not valid");
        if (error is not null) return error;
        MarketSnapshot figures = await call.Exchange.ReadMarketAsync(market.Id);
        call.Json.WriteStartObject();
        call.Json.WriteString("symbol"u8, market.Symbol);
        call.Json.WriteNumber("leverage"u8, leverage);
        call.Json.WriteDecimal("maxNotionalValue"u8, figures.Tiers.NotionalLimitAt((int)leverage).E8, 8, 0);
        call.Json.WriteEndObject();
        return null;
    }

    private static async ValueTask<BinanceError?> MarginTypeAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        string type = call.Parameters.Text("marginType");
        if (call.Fault is { } fault) return fault;
        if (type is not ("ISOLATED" or "CROSSED")) return BinanceError.Invalid("marginType");
        MarginMode mode = type == "ISOLATED" ? MarginMode.Isolated : MarginMode.Cross;
        CommandAnswer answer = await call.SubmitAsync(new SetMarginMode { Market = market.Id, Mode = mode });
        return Done(call, Answers.ErrorOf(answer, MessageKind.SetMarginMode, market));
    }

    private static async ValueTask<BinanceError?> GetModeAsync(CallContext call)
    {
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        WriteFlag(call, "dualSidePosition"u8, account.IsHedge);
        return null;
    }

    private static async ValueTask<BinanceError?> SetModeAsync(CallContext call)
    {
        bool hedge = call.Parameters.RequiredBool("dualSidePosition");
        if (call.Fault is { } fault) return fault;
        CommandAnswer answer = await call.SubmitAsync(new SetPositionMode { Hedge = hedge });
        return Done(call, Answers.ErrorOf(answer, MessageKind.SetPositionMode, null));
    }

    private static ValueTask<BinanceError?> GetMultiAsync(CallContext call)
    {
        WriteFlag(call, "multiAssetsMargin"u8, call.Markets.Profile.Collateral.Enabled);
        return default;
    }

    private static ValueTask<BinanceError?> SetMultiAsync(CallContext call)
    {
        bool wanted = call.Parameters.RequiredBool("multiAssetsMargin");
        if (call.Fault is { } fault) return new(fault);
        return new(wanted == call.Markets.Profile.Collateral.Enabled
            ? new BinanceError(-4171, "Adjusted asset mode is currently set and does not need to be adjusted repeatedly.")
            : BinanceError.InvalidBecause("multiAssetsMargin", "the mode is set by the exchange's profile."));
    }

    private static ValueTask<BinanceError?> GetFeeBurnAsync(CallContext call)
    {
        WriteFlag(call, "feeBurn"u8, false);
        return default;
    }

    private static ValueTask<BinanceError?> SetFeeBurnAsync(CallContext call)
    {
        bool wanted = call.Parameters.RequiredBool("feeBurn");
        if (call.Fault is { } fault) return new(fault);
        return new(wanted ? BinanceError.InvalidBecause("feeBurn", "fees are paid in the settlement asset.") : Done(call, null));
    }

    private static BinanceError? Done(CallContext call, BinanceError? error)
    {
        if (error is null) ErrorJson.WriteDone(call.Json);
        return error;
    }

    private static void WriteFlag(CallContext call, ReadOnlySpan<byte> name, bool value)
    {
        call.Json.WriteStartObject();
        call.Json.WriteBoolean(name, value);
        call.Json.WriteEndObject();
    }
}
