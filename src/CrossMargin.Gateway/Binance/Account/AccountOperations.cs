using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Balances, totals, fees and configuration of an account.</summary>
internal static class AccountOperations
{
    private const string Group = "Account";

    public static IReadOnlyList<Operation> All { get; } =
    [
        Read("accountV3", "/fapi/v3/account", c => AccountAsync(c, 3)) with { WebSocketMethods = ["v2/account.status"] },
        Read("accountV2", "/fapi/v2/account", c => AccountAsync(c, 2)) with { WebSocketMethods = ["account.status"] },
        Read("balanceV3", "/fapi/v3/balance", BalanceAsync) with { WebSocketMethods = ["v2/account.balance"] },
        Read("balanceV2", "/fapi/v2/balance", BalanceAsync) with { WebSocketMethods = ["account.balance"] },
        Read("accountConfig", "/fapi/v1/accountConfig", ConfigAsync),
        Read("symbolConfig", "/fapi/v1/symbolConfig", SymbolConfigAsync),
        Read("commissionRate", "/fapi/v1/commissionRate", CommissionAsync) with { Weight = 20 },
        Read("rateLimitOrder", "/fapi/v1/rateLimit/order", RateLimitAsync) with { Weight = 1 },
        Read("apiTradingStatus", "/fapi/v1/apiTradingStatus", TradingStatusAsync) with { Weight = 1, Note = "No indicators are kept" },
    ];

    public static Operation Read(string name, string path, OperationHandler handler, string group = Group) =>
        OrderQueryOperations.Read(name, path, handler, group) with { Weight = 5 };

    private static async ValueTask<BinanceError?> AccountAsync(CallContext call, int version)
    {
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        IReadOnlyList<MarketSnapshot>? figures = version == 2 ? await call.Exchange.ReadMarketsAsync() : null;
        Utf8JsonWriter json = call.Json;
        json.WriteStartObject();
        if (figures is not null) WriteHead(json, call, account);
        AccountJson.WriteTotals(json, account);
        AccountJson.WriteAssets(json, call.Markets, account);
        json.WriteStartArray("positions"u8);
        if (figures is null)
        {
            foreach (PositionRow row in PositionRows.InUse(call.Markets, account, null)) PositionJson.WriteAccountRow(json, row);
        }
        else
        {
            foreach (PositionRow row in PositionRows.Every(call.Markets, account, figures, null))
            {
                PositionJson.WriteAccountRowV2(json, account, row, figures[row.Market.Id.Value - 1].Tiers);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return null;
    }

    private static async ValueTask<BinanceError?> BalanceAsync(CallContext call)
    {
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        AccountJson.WriteBalances(call.Json, call.Markets, account, call.Grant!.Account.Number);
        return null;
    }

    private static async ValueTask<BinanceError?> ConfigAsync(CallContext call)
    {
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        call.Json.WriteStartObject();
        WriteHead(call.Json, call, account);
        call.Json.WriteBoolean("dualSidePosition"u8, account.IsHedge);
        call.Json.WriteEndObject();
        return null;
    }

    private static void WriteHead(Utf8JsonWriter json, CallContext call, AccountSnapshot account)
    {
        bool open = !account.IsClosed;
        json.WriteNumber("feeTier"u8, 0);
        json.WriteBoolean("feeBurn"u8, false);
        json.WriteBoolean("canTrade"u8, open && !account.IsFrozen && !account.InLiquidation);
        json.WriteBoolean("canDeposit"u8, open);
        json.WriteBoolean("canWithdraw"u8, open && !account.IsFrozen);
        json.WriteNumber("updateTime"u8, account.UpdatedAt.Milliseconds);
        json.WriteBoolean("multiAssetsMargin"u8, call.Markets.Profile.Collateral.Enabled);
        json.WriteNumber("tradeGroupId"u8, -1);
    }

    private static async ValueTask<BinanceError?> SymbolConfigAsync(CallContext call)
    {
        MarketFormat? only = call.Parameters.OptionalMarket(call.Markets);
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        IReadOnlyList<MarketSnapshot> figures = await call.Exchange.ReadMarketsAsync();
        call.Json.WriteStartArray();
        foreach (MarketSettings settings in account.Markets)
        {
            if (only is not null && settings.Market != only.Id) continue;
            call.Json.WriteStartObject();
            call.Json.WriteString("symbol"u8, call.Markets[settings.Market].Symbol);
            call.Json.WriteString("marginType"u8, settings.Mode == MarginMode.Isolated ? "ISOLATED"u8 : "CROSSED"u8);
            call.Json.WriteBoolean("isAutoAddMargin"u8, false);
            call.Json.WriteNumber("leverage"u8, settings.Leverage);
            Amount limit = figures[settings.Market.Value - 1].Tiers.NotionalLimitAt(settings.Leverage);
            call.Json.WriteDecimal("maxNotionalValue"u8, limit.E8, 8, 0);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static async ValueTask<BinanceError?> CommissionAsync(CallContext call)
    {
        MarketFormat market = call.Parameters.Market(call.Markets);
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        call.Json.WriteStartObject();
        call.Json.WriteString("symbol"u8, market.Symbol);
        call.Json.WriteRate("makerCommissionRate"u8, account.MakerFee, 4);
        call.Json.WriteRate("takerCommissionRate"u8, account.TakerFee, 4);
        call.Json.WriteEndObject();
        return null;
    }

    private static ValueTask<BinanceError?> RateLimitAsync(CallContext call)
    {
        LimitResult used = call.Services.Limiter.OrdersUsed(call.Grant!.Account.Number);
        call.Json.WriteStartArray();
        RateLimitJson.Write(call.Json, "ORDERS", "SECOND", 10, call.Services.Options.OrdersPer10Seconds, used.Orders10Seconds);
        RateLimitJson.Write(call.Json, "ORDERS", "MINUTE", 1, call.Services.Options.OrdersPerMinute, used.OrdersMinute);
        call.Json.WriteEndArray();
        return default;
    }

    private static ValueTask<BinanceError?> TradingStatusAsync(CallContext call)
    {
        call.Parameters.OptionalMarket(call.Markets);
        if (call.Fault is { } fault) return new(fault);
        call.Json.WriteStartObject();
        call.Json.WriteStartObject("indicators"u8);
        call.Json.WriteEndObject();
        call.Json.WriteNumber("updateTime"u8, call.Now.Milliseconds);
        call.Json.WriteEndObject();
        return default;
    }
}
