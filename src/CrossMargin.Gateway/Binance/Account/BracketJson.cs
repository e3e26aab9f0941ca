using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>A market's leverage brackets as JSON; amounts and rates are JSON numbers here, as at Binance.</summary>
internal static class BracketJson
{
    public static void Write(Utf8JsonWriter json, MarketFormat market, TierTable tiers)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, market.Symbol);
        json.WriteStartArray("brackets"u8);
        for (int i = 0; i < tiers.Count; i++)
        {
            ref readonly Tier tier = ref tiers[i];
            Amount cap = i + 1 < tiers.Count ? tiers[i + 1].Floor : tiers.Cap;
            json.WriteStartObject();
            json.WriteNumber("bracket"u8, i + 1);
            json.WriteNumber("initialLeverage"u8, tier.MaxLeverage);
            json.WriteDecimalNumber("notionalCap"u8, cap.E8);
            json.WriteDecimalNumber("notionalFloor"u8, tier.Floor.E8);
            json.WriteDecimalNumber("maintMarginRatio"u8, tier.Rate.E8);
            json.WriteDecimalNumber("cum"u8, tier.Deduction.E8);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
