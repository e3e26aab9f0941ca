using System.Text.Json;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>A symbol of exchangeInfo with its filters.</summary>
internal static class SymbolJson
{
    /// <summary>Binance's delivery date of a perpetual.</summary>
    private const long Never = 4_133_404_800_000;

    /// <summary>Perpetuals here have no listing date of their own: Binance's launch of USD-M.</summary>
    public const long Onboard = 1_569_398_400_000;

    private static readonly OrderType[] s_types =
    [
        OrderType.Limit, OrderType.Market, OrderType.Stop, OrderType.StopMarket, OrderType.TakeProfit, OrderType.TakeProfitMarket,
        OrderType.TrailingStopMarket,
    ];

    private static readonly TimeInForce[] s_times = [TimeInForce.Gtc, TimeInForce.Ioc, TimeInForce.Fok, TimeInForce.Gtx, TimeInForce.Gtd];

    public static void Write(Utf8JsonWriter json, MarketFormat market, MarketSnapshot figures, string settlement)
    {
        MarketSpec spec = market.Spec;
        Tier first = figures.Tiers[0];
        json.WriteStartObject();
        json.WriteString("symbol"u8, spec.Symbol);
        json.WriteString("pair"u8, spec.Symbol);
        json.WriteString("contractType"u8, "PERPETUAL"u8);
        json.WriteNumber("deliveryDate"u8, Never);
        json.WriteNumber("onboardDate"u8, Onboard);
        json.WriteString("status"u8, figures.Status == MarketStatus.Trading ? "TRADING"u8 : "PENDING_TRADING"u8);
        json.WriteDecimal("maintMarginPercent"u8, first.Rate.E8, 6, 4);
        json.WriteDecimal("requiredMarginPercent"u8, Rounding.DivUp(Rate.One, first.MaxLeverage), 6, 4);
        json.WriteString("baseAsset"u8, spec.BaseAsset);
        json.WriteString("quoteAsset"u8, spec.QuoteAsset);
        json.WriteString("marginAsset"u8, settlement);
        json.WriteNumber("pricePrecision"u8, spec.PriceDecimals);
        json.WriteNumber("quantityPrecision"u8, spec.QuantityDecimals);
        json.WriteNumber("baseAssetPrecision"u8, 8);
        json.WriteNumber("quotePrecision"u8, 8);
        json.WriteString("underlyingType"u8, "COIN"u8);
        json.WriteStartArray("underlyingSubType"u8);
        json.WriteEndArray();
        json.WriteDecimal("triggerProtect"u8, spec.TriggerProtect.E8, 8, 4);
        json.WriteDecimal("liquidationFee"u8, spec.LiquidationFee.E8, 8, 6);
        json.WriteDecimal("marketTakeBound"u8, spec.TakeBound.E8, 8, 2);
        json.WriteNumber("maxMoveOrderLimit"u8, 10_000);
        WriteFilters(json, market);
        json.WriteStartArray("orderTypes"u8);
        foreach (OrderType type in s_types) json.WriteStringValue(OrderWords.Of(type));
        json.WriteEndArray();
        json.WriteStartArray("timeInForce"u8);
        foreach (TimeInForce time in s_times) json.WriteStringValue(OrderWords.Of(time));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFilters(Utf8JsonWriter json, MarketFormat market)
    {
        MarketSpec spec = market.Spec;
        json.WriteStartArray("filters"u8);
        json.WriteStartObject();
        json.WriteString("filterType"u8, "PRICE_FILTER"u8);
        market.Write(json, "minPrice"u8, spec.MinPrice);
        market.Write(json, "maxPrice"u8, spec.MaxPrice);
        market.Write(json, "tickSize"u8, new Price(spec.TickUnits));
        json.WriteEndObject();
        WriteSizes(json, market, "LOT_SIZE"u8, spec.MaxQuantity);
        WriteSizes(json, market, "MARKET_LOT_SIZE"u8, spec.MaxMarketQuantity);
        WriteLimit(json, "MAX_NUM_ORDERS"u8, spec.MaxOpenOrders);
        WriteLimit(json, "MAX_NUM_ALGO_ORDERS"u8, spec.MaxOpenTriggers);
        json.WriteStartObject();
        json.WriteString("filterType"u8, "MIN_NOTIONAL"u8);
        json.WriteDecimal("notional"u8, spec.MinNotional.E8, 8, 0);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("filterType"u8, "PERCENT_PRICE"u8);
        json.WriteDecimal("multiplierUp"u8, Rate.One + spec.PriceBand.E8, 8, 4);
        json.WriteDecimal("multiplierDown"u8, Rate.One - spec.PriceBand.E8, 8, 4);
        json.WriteString("multiplierDecimal"u8, "4"u8);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteSizes(Utf8JsonWriter json, MarketFormat market, ReadOnlySpan<byte> type, Quantity max)
    {
        json.WriteStartObject();
        json.WriteString("filterType"u8, type);
        market.Write(json, "minQty"u8, market.Spec.MinQuantity);
        market.Write(json, "maxQty"u8, max);
        market.Write(json, "stepSize"u8, new Quantity(1));
        json.WriteEndObject();
    }

    private static void WriteLimit(Utf8JsonWriter json, ReadOnlySpan<byte> type, int limit)
    {
        json.WriteStartObject();
        json.WriteString("filterType"u8, type);
        json.WriteNumber("limit"u8, limit);
        json.WriteEndObject();
    }
}
