using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>What the ticker payloads of REST and streams derive in the same way.</summary>
internal static class TickerJson
{
    /// <summary>Change over 24 hours, in percent of the open with three decimals (to the nearest, ties to even), and quote / volume.</summary>
    public static void WriteChange(
        Utf8JsonWriter json, MarketFormat market, Ticker t, ReadOnlySpan<byte> change, ReadOnlySpan<byte> percent, ReadOnlySpan<byte> average)
    {
        long moved = t.Last.IsNone || t.Open.IsNone ? 0 : t.Last.Units - t.Open.Units;
        market.Write(json, change, new Price(moved));
        Int128 share = t.Open.IsNone ? 0 : Rounding.DivHalfEven((Int128)moved * 100_000, (Int128)t.Open.Units);
        json.WriteDecimal(percent, share, 3, 3);
        Int128 weighted = t.Volume.IsZero ? 0 : market.Average(t.QuoteE8, t.Volume);
        json.WriteDecimal(average, weighted, market.AverageDecimals, market.Spec.PriceDecimals);
    }
}
