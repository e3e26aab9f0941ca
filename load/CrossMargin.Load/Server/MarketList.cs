using System.Globalization;
using System.Text.Json;
using CrossMargin.Load.Generator;

namespace CrossMargin.Load.Server;

/// <summary>The markets of a server as it describes them, at their marks of now.</summary>
internal static class MarketList
{
    public static async Task<IReadOnlyList<MarketTerms>> ReadAsync(TradingClient client)
    {
        JsonElement info = await client.GetAsync("/fapi/v1/exchangeInfo");
        JsonElement marks = await client.GetAsync("/fapi/v1/premiumIndex");
        Dictionary<string, decimal> markOf = marks.EnumerateArray().ToDictionary(m => m.GetProperty("symbol").GetString()!, m => Number(m, "markPrice"));
        var markets = new List<MarketTerms>();
        foreach (JsonElement symbol in info.GetProperty("symbols").EnumerateArray())
        {
            string name = symbol.GetProperty("symbol").GetString()!;
            Dictionary<string, JsonElement> filters = symbol.GetProperty("filters").EnumerateArray()
                .ToDictionary(f => f.GetProperty("filterType").GetString()!);
            JsonElement lot = filters["LOT_SIZE"];
            markets.Add(MarketTerms.Of(
                name,
                markOf[name],
                Number(filters["PRICE_FILTER"], "tickSize"),
                Number(lot, "stepSize"),
                Math.Max(Number(lot, "minQty"), Number(filters["MARKET_LOT_SIZE"], "minQty")),
                Number(filters["MIN_NOTIONAL"], "notional")));
        }

        return markets;
    }

    private static decimal Number(JsonElement element, string name) =>
        decimal.Parse(element.GetProperty(name).GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture);
}
