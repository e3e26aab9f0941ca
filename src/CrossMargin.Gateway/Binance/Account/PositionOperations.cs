using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>Positions, brackets and the deleveraging queue.</summary>
internal static class PositionOperations
{
    private const string Group = "Positions";

    public static IReadOnlyList<Operation> All { get; } =
    [
        AccountOperations.Read("positionRiskV3", "/fapi/v3/positionRisk", c => RiskAsync(c, 3), Group) with
        {
            WebSocketMethods = ["v2/account.position"],
            Note = "breakEvenPrice counts the taker fee of closing, not what was paid so far",
        },
        AccountOperations.Read("positionRiskV2", "/fapi/v2/positionRisk", c => RiskAsync(c, 2), Group) with
        {
            WebSocketMethods = ["account.position"],
        },
        AccountOperations.Read("leverageBracket", "/fapi/v1/leverageBracket", BracketsAsync, Group) with { Weight = 1 },
        AccountOperations.Read("adlQuantile", "/fapi/v1/adlQuantile", QuantileAsync, Group),
    ];

    private static async ValueTask<BinanceError?> RiskAsync(CallContext call, int version)
    {
        MarketFormat? only = call.Parameters.OptionalMarket(call.Markets);
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        IReadOnlyList<MarketSnapshot>? figures = version == 2 ? await call.Exchange.ReadMarketsAsync() : null;
        call.Json.WriteStartArray();
        if (figures is null)
        {
            foreach (PositionRow row in PositionRows.InUse(call.Markets, account, only))
            {
                PositionJson.WriteRisk(call.Json, account, row, call.Markets.Settlement);
            }
        }
        else
        {
            foreach (PositionRow row in PositionRows.Every(call.Markets, account, figures, only))
            {
                PositionJson.WriteRiskV2(call.Json, account, row, figures[row.Market.Id.Value - 1].Tiers);
            }
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static async ValueTask<BinanceError?> BracketsAsync(CallContext call)
    {
        MarketFormat? only = call.Parameters.OptionalMarket(call.Markets);
        if (call.Fault is { } fault) return fault;
        IReadOnlyList<MarketSnapshot> figures = await call.Exchange.ReadMarketsAsync();
        call.Json.WriteStartArray();
        foreach (MarketSnapshot market in figures)
        {
            if (only is null || market.Market == only.Id) BracketJson.Write(call.Json, call.Markets[market.Market], market.Tiers);
        }

        call.Json.WriteEndArray();
        return null;
    }

    private static async ValueTask<BinanceError?> QuantileAsync(CallContext call)
    {
        MarketFormat? only = call.Parameters.OptionalMarket(call.Markets);
        if (call.Fault is { } fault) return fault;
        AccountSnapshot? account = await call.ReadAccountAsync();
        if (account is null) return BinanceError.KeyRejected;
        call.Json.WriteStartArray();
        MarketId last = MarketId.None;
        foreach (LegSnapshot leg in account.Legs)
        {
            if (leg.Quantity.IsZero || leg.Market == last || (only is not null && leg.Market != only.Id)) continue;
            last = leg.Market;
            call.Json.WriteStartObject();
            call.Json.WriteString("symbol"u8, call.Markets[leg.Market].Symbol);
            call.Json.WriteStartObject("adlQuantile"u8);
            foreach (LegSnapshot same in account.Legs)
            {
                if (same.Market == leg.Market && !same.Quantity.IsZero) call.Json.WriteNumber(OrderWords.Of(same.Side), same.DeleverageQuantile);
            }

            call.Json.WriteEndObject();
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        return null;
    }
}
