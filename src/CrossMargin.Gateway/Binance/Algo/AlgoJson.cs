using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>A conditional order as JSON of the algo path.</summary>
internal static class AlgoJson
{
    public static void Write(Utf8JsonWriter json, in AlgoImage algo)
    {
        ref readonly OrderImage order = ref algo.Order;
        MarketFormat market = order.Market;
        json.WriteStartObject();
        json.WriteNumber("algoId"u8, order.Id);
        json.WriteClientId("clientAlgoId"u8, order.ClientId);
        json.WriteString("algoType"u8, "CONDITIONAL"u8);
        json.WriteString("orderType"u8, OrderWords.Of(order.OriginalType));
        json.WriteString("symbol"u8, market.Symbol);
        json.WriteString("side"u8, OrderWords.Of(order.Side));
        json.WriteString("positionSide"u8, OrderWords.Of(order.PositionSide));
        json.WriteString("timeInForce"u8, OrderWords.Of(order.TimeInForce));
        market.Write(json, "quantity"u8, order.Quantity);
        json.WriteString("algoStatus"u8, algo.Finished ? "FINISHED"u8 : OrderWords.Of(algo.Status));
        WriteActual(json, market, algo);
        market.Write(json, "triggerPrice"u8, order.StopPrice);
        market.Write(json, "price"u8, order.Price);
        json.WriteNull("icebergQuantity"u8);
        json.WriteString("selfTradePreventionMode"u8, OrderWords.Of(order.SelfTradePrevention));
        json.WriteString("workingType"u8, OrderWords.Of(order.Source));
        json.WriteString("priceMatch"u8, PriceMatches.Word(order.PriceMatch));
        json.WriteBoolean("closePosition"u8, (order.Flags & OrderFlags.ClosePosition) != 0);
        json.WriteBoolean("priceProtect"u8, (order.Flags & OrderFlags.PriceProtect) != 0);
        json.WriteBoolean("reduceOnly"u8, (order.Flags & OrderFlags.ReduceOnly) != 0);
        if (order.OriginalType == OrderType.TrailingStopMarket)
        {
            market.Write(json, "activatePrice"u8, order.ActivationPrice);
            json.WriteDecimal("callbackRate"u8, order.CallbackRate.E8, 6, 1);
        }
        else
        {
            json.WriteNull("activatePrice"u8);
            json.WriteNull("callbackRate"u8);
        }

        json.WriteNumber("createTime"u8, order.Time.Milliseconds);
        json.WriteNumber("updateTime"u8, order.Updated.Milliseconds);
        json.WriteNumber("triggerTime"u8, algo.Triggered.Milliseconds);
        json.WriteNumber("goodTillDate"u8, order.GoodTill.Milliseconds);
        json.WriteEndObject();
    }

    private static void WriteActual(Utf8JsonWriter json, MarketFormat market, in AlgoImage algo)
    {
        // Both are texts at Binance, empty before the trigger.
        if (algo.Actual.IsNone)
        {
            json.WriteString("actualOrderId"u8, ""u8);
            json.WriteString("actualPrice"u8, "0"u8);
            return;
        }

        json.WriteString("actualOrderId"u8, algo.Actual.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (algo.ActualOrder is { } actual) market.WriteAverage(json, "actualPrice"u8, actual.FilledQuote, actual.Filled);
        else json.WriteString("actualPrice"u8, "0"u8);
    }
}
