using System.Globalization;
using System.Text.Json;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Durability;

/// <summary>A market's grid and where its price is, for lanes that make orders.</summary>
internal sealed class MarketTerms
{
    public static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly decimal _tick;
    private readonly decimal _lot;
    private decimal _mid;
    private decimal _least;

    private MarketTerms(decimal tick, decimal lot) => (_tick, _lot) = (tick, lot);

    public static async Task<MarketTerms> ReadAsync(HttpClient http, string symbol)
    {
        using JsonDocument info = JsonDocument.Parse(await http.GetStringAsync("/fapi/v1/exchangeInfo"));
        JsonElement market = info.RootElement.GetProperty("symbols").EnumerateArray().Single(s => s.Word("symbol") == symbol);
        JsonElement Filter(string type) => market.GetProperty("filters").EnumerateArray().Single(f => f.Word("filterType") == type);
        var terms = new MarketTerms(Filter("PRICE_FILTER").Number("tickSize"), Filter("LOT_SIZE").Number("stepSize"));
        await terms.RefreshAsync(http, symbol);
        return terms;
    }

    /// <summary>Where the price is now; the sizes stay.</summary>
    public async Task RefreshAsync(HttpClient http, string symbol)
    {
        using JsonDocument now = JsonDocument.Parse(await http.GetStringAsync($"/fapi/v1/premiumIndex?symbol={symbol}"));
        _mid = now.RootElement.Number("markPrice");
        if (_least == 0) _least = Math.Ceiling(150 / _mid / _lot) * _lot;
    }

    /// <summary>A price on the grid, so many hundredths of a percent behind the mark as the side sees it; negative: it takes.</summary>
    public decimal Near(string side, int steps)
    {
        decimal step = side == "BUY" ? -steps : steps;
        return Math.Round(_mid * (1 + (step / 10_000)) / _tick) * _tick;
    }

    /// <summary>A size above every minimum.</summary>
    public decimal Size(int more) => _least + (_lot * more);
}
