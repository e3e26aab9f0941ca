using System.Text.Json;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance;

/// <summary>An order as JSON.</summary>
internal static class OrderJson
{
    /// <param name="withTime">The answers to reads carry the time of placement; those to orders and cancels a second name of executedQty.</param>
    public static void Write(Utf8JsonWriter json, in OrderImage order, bool withTime)
    {
        json.WriteStartObject();
        WriteFields(json, order, withTime);
        json.WriteEndObject();
    }

    public static void WriteFields(Utf8JsonWriter json, in OrderImage order, bool withTime)
    {
        MarketFormat market = order.Market;
        bool isMarket = order.Type.IsMarketType();
        json.WriteNumber("orderId"u8, order.Id);
        json.WriteString("symbol"u8, market.Symbol);
        json.WriteString("status"u8, OrderWords.Of(order.Status));
        json.WriteClientId("clientOrderId"u8, order.ClientId);
        market.Write(json, "price"u8, isMarket ? Price.None : order.Price);
        market.WriteAverage(json, "avgPrice"u8, order.FilledQuote, order.Filled);
        market.Write(json, "origQty"u8, order.Quantity);
        market.Write(json, "executedQty"u8, order.Filled);
        if (!withTime) market.Write(json, "cumQty"u8, order.Filled);
        json.WriteAmount("cumQuote"u8, order.FilledQuote);
        json.WriteString("timeInForce"u8, OrderWords.Of(order.Type, order.TimeInForce));
        json.WriteString("type"u8, OrderWords.Of(order.Type));
        json.WriteBoolean("reduceOnly"u8, (order.Flags & OrderFlags.ReduceOnly) != 0);
        json.WriteBoolean("closePosition"u8, (order.Flags & OrderFlags.ClosePosition) != 0);
        json.WriteString("side"u8, OrderWords.Of(order.Side));
        json.WriteString("positionSide"u8, OrderWords.Of(order.PositionSide));
        market.Write(json, "stopPrice"u8, order.StopPrice);
        json.WriteString("workingType"u8, OrderWords.Of(order.Source));
        json.WriteBoolean("priceProtect"u8, (order.Flags & OrderFlags.PriceProtect) != 0);
        json.WriteString("origType"u8, OrderWords.Of(order.OriginalType));
        json.WriteString("priceMatch"u8, PriceMatches.Word(order.PriceMatch));
        json.WriteString("selfTradePreventionMode"u8, OrderWords.Of(order.SelfTradePrevention));
        json.WriteNumber("goodTillDate"u8, order.GoodTill.Milliseconds);
        if (order.OriginalType == OrderType.TrailingStopMarket)
        {
            market.Write(json, "activatePrice"u8, order.ActivationPrice);

            // A percentage: "1" is one percent.
            json.WriteDecimal("priceRate"u8, order.CallbackRate.E8, 6, 1);
        }

        if (withTime) json.WriteNumber("time"u8, order.Time.Milliseconds);
        json.WriteNumber("updateTime"u8, order.Updated.Milliseconds);
    }
}
